//! Message templates.

use std::sync::Arc;

use crate::services::{Actor, Dependencies, Framed};
use crate::{
    domain::{Changes, Event, MessageTemplate, NewTemplate, Permission, SearchTerms, TemplateId},
    error::{AppError, Result},
    persistence::{Page, PageRequest, TemplateSort},
};

/// The use cases of message templates.
#[derive(Clone)]
pub struct TemplateService {
    deps: Arc<Dependencies>,
}

impl TemplateService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Lists a page of templates, with the frame of a page.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_templates", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(
        &self,
        actor: &Actor,
        terms: &SearchTerms,
        sort: TemplateSort,
        page: PageRequest,
    ) -> Result<Framed<Page<MessageTemplate>>> {
        actor.require(Permission::MessageTemplateRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let found = tx.templates().page(terms, sort, page).await?;
        Framed::new(found, &mut tx, actor).await
    }

    /// Loads a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_template", skip_all, fields(tenant = %actor.tenant.id, template = %id))]
    pub async fn get(&self, actor: &Actor, id: TemplateId) -> Result<MessageTemplate> {
        actor.require(Permission::MessageTemplateRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.templates().get(id).await?.ok_or(AppError::NotFound)
    }

    /// Loads a template with the frame of its form.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "open_template", skip_all, fields(tenant = %actor.tenant.id, template = %id))]
    pub async fn open(&self, actor: &Actor, id: TemplateId) -> Result<Framed<MessageTemplate>> {
        actor.require(Permission::MessageTemplateRead)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let template = tx.templates().get(id).await?.ok_or(AppError::NotFound)?;
        Framed::new(template, &mut tx, actor).await
    }

    /// Creates a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "create_template", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn create(&self, actor: &Actor, new: &NewTemplate) -> Result<MessageTemplate> {
        actor.require(Permission::MessageTemplateCreate)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let id = tx.templates_mut().create(new, now).await?;
        let template = tx.templates().get(id).await?.ok_or(AppError::NotFound)?;
        let values = Changes::default().added("name", &template.name).added("template", &template.text);
        let created = Event::TemplateCreated { template_id: id }.about(&template.name);
        tx.record(created.with(values), actor.author(), now);
        tx.commit().await?;
        Ok(template)
    }

    /// Changes a template, provided that `still` accepts its current state, so that a concurrent
    /// change is not overwritten.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`], and the error of `still`.
    #[tracing::instrument(name = "update_template", skip_all, fields(tenant = %actor.tenant.id, template = %id))]
    pub async fn update(
        &self,
        actor: &Actor,
        id: TemplateId,
        new: &NewTemplate,
        still: impl FnOnce(&MessageTemplate) -> Result<()> + Send,
    ) -> Result<MessageTemplate> {
        actor.require(Permission::MessageTemplateUpdate)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let before = tx.templates_mut().lock_for_update(id).await?.ok_or(AppError::NotFound)?;
        still(&before)?;
        if !tx.templates_mut().update(id, new, now).await? {
            return Err(AppError::NotFound);
        }
        let template = tx.templates().get(id).await?.ok_or(AppError::NotFound)?;
        let values = Changes::default().field("name", Some(&before.name), Some(&template.name)).field(
            "template",
            Some(&before.text),
            Some(&template.text),
        );
        let updated = Event::TemplateUpdated { template_id: id }.about(&template.name);
        tx.record(updated.with(values), actor.author(), now);
        tx.commit().await?;
        Ok(template)
    }

    /// Deletes a template.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "delete_template", skip_all, fields(tenant = %actor.tenant.id, template = %id))]
    pub async fn delete(&self, actor: &Actor, id: TemplateId) -> Result<()> {
        actor.require(Permission::MessageTemplateDelete)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let template = tx.templates().get(id).await?.ok_or(AppError::NotFound)?;
        if !tx.templates_mut().delete(id).await? {
            return Err(AppError::NotFound);
        }
        let values = Changes::default().removed("name", &template.name).removed("template", &template.text);
        let deleted = Event::TemplateDeleted { template_id: id }.about(&template.name);
        tx.record(deleted.with(values), actor.author(), self.deps.clock.now());
        tx.commit().await
    }
}
