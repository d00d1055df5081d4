//! Message templates.

use chrono::{DateTime, Utc};

use crate::persistence::{
    Page, PageRequest, Snapshot, Start, UnitOfWork,
    engine::{FromRow, Key, List, Row, Sql},
};
use crate::{
    domain::{MessageTemplate, NewTemplate, SearchTerms, TemplateId, fold},
    error::Result,
};

/// Message templates of a tenant.
pub struct Templates<'t> {
    pub(in crate::persistence) snapshot: &'t mut Snapshot,
}

/// A tenant's message templates, for writing.
pub struct TemplatesMut<'t> {
    pub(in crate::persistence) work: &'t mut UnitOfWork,
}

/// The sort order of a list of templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TemplateSort {
    /// By name.
    #[default]
    Name,
    /// By the number of uses, descending.
    MostUsed,
    /// The newest first.
    Newest,
}

const BY_NAME: &[Key] = &[Key::text("name"), Key::number("id")];
const MOST_USED_FIRST: &[Key] = &[Key::number("uses").descending(), Key::text("name"), Key::number("id")];
const NEWEST_FIRST: &[Key] = &[Key::number("id").descending()];

impl TemplateSort {
    fn order(self) -> &'static [Key] {
        match self {
            Self::Name => BY_NAME,
            Self::MostUsed => MOST_USED_FIRST,
            Self::Newest => NEWEST_FIRST,
        }
    }
}

impl FromRow for MessageTemplate {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            text: row.get("text")?,
            uses: row.get("uses")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

fn search_text(new: &NewTemplate) -> String {
    fold(&format!("{} {}", new.name, new.text.as_str()))
}

/// The templates that match the terms.
fn list(terms: &SearchTerms, sort: TemplateSort) -> List {
    let mut list = List::new(
        "SELECT id, name, text, uses, created_at, updated_at",
        "FROM message_templates WHERE tenant_id = $1",
        sort.order(),
    );
    for pattern in &terms.patterns() {
        list = list.filter(Sql::from("search LIKE ? ESCAPE '\\'").bind(pattern));
    }
    list
}

impl Templates<'_> {
    /// Lists a page of templates.
    pub async fn page(
        &mut self,
        terms: &SearchTerms,
        sort: TemplateSort,
        request: PageRequest,
    ) -> Result<Page<MessageTemplate>> {
        self.snapshot.page(&list(terms, sort), request).await
    }

    /// Lists the most used of the templates that match. Also returns true if there are more.
    pub async fn most_used(
        &mut self,
        terms: &SearchTerms,
        limit: i64,
    ) -> Result<(Vec<MessageTemplate>, bool)> {
        let list = list(terms, TemplateSort::MostUsed);
        let part = self.snapshot.part(&list, Start::Offset(0), limit).await?;
        Ok((part.items, part.has_more))
    }

    /// Loads a template.
    pub async fn get(&mut self, id: TemplateId) -> Result<Option<MessageTemplate>> {
        self.snapshot
            .query(
                "SELECT id, name, text, uses, created_at, updated_at FROM message_templates
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .optional()
            .await
    }
}

impl TemplatesMut<'_> {
    /// Loads a template and locks it until the end of the transaction.
    pub async fn lock_for_update(&mut self, id: TemplateId) -> Result<Option<MessageTemplate>> {
        // SQLite has one writer at a time and no FOR UPDATE.
        self.work
            .query(Sql::by_engine(
                "SELECT id FROM message_templates WHERE tenant_id = $1 AND id = $2",
                "SELECT id FROM message_templates WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
            ))
            .bind(id)
            .optional::<i64>()
            .await?;
        self.work.templates().get(id).await
    }

    /// Stores a template.
    pub async fn create(&mut self, new: &NewTemplate, at: DateTime<Utc>) -> Result<TemplateId> {
        self.work
            .query(
                "INSERT INTO message_templates (tenant_id, name, text, search, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
            )
            .bind(&new.name)
            .bind(&new.text)
            .bind(search_text(new))
            .bind(at)
            .one()
            .await
    }

    /// Changes a template; returns `false` if it does not exist.
    pub async fn update(&mut self, id: TemplateId, new: &NewTemplate, at: DateTime<Utc>) -> Result<bool> {
        Ok(self
            .work
            .query(
                "UPDATE message_templates SET name = $3, text = $4, search = $5, updated_at = $6
                 WHERE tenant_id = $1 AND id = $2",
            )
            .bind(id)
            .bind(&new.name)
            .bind(&new.text)
            .bind(search_text(new))
            .bind(at)
            .execute()
            .await?
            == 1)
    }

    /// Adds one to the number of a template's uses.
    pub async fn count_use(&mut self, id: TemplateId) -> Result<()> {
        self.work
            .query("UPDATE message_templates SET uses = uses + 1 WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .execute()
            .await?;
        Ok(())
    }

    /// Deletes a template; returns `false` if it does not exist. Drafts keep the text that they got
    /// from it.
    pub async fn delete(&mut self, id: TemplateId) -> Result<bool> {
        self.work
            .query("UPDATE drafts SET template_id = NULL WHERE tenant_id = $1 AND template_id = $2")
            .bind(id)
            .execute()
            .await?;
        Ok(self
            .work
            .query("DELETE FROM message_templates WHERE tenant_id = $1 AND id = $2")
            .bind(id)
            .execute()
            .await?
            == 1)
    }
}
