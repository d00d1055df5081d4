//! Message templates.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::persistence::{Page, PageRequest, Tx};
use crate::{
    domain::{MessageTemplate, NewTemplate, SearchTerms, TemplateId, fold},
    error::Result,
};

/// Message templates of a tenant.
pub struct Templates<'t> {
    tx: &'t mut Tx,
}

/// The order of a list of templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TemplateSort {
    /// By name.
    #[default]
    Name,
    /// Those that went out most first.
    MostUsed,
    /// The newest first.
    Newest,
}

#[derive(FromRow)]
struct TemplateRow {
    id: i64,
    name: String,
    text: String,
    uses: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<TemplateRow> for MessageTemplate {
    fn from(row: TemplateRow) -> Self {
        Self {
            id: TemplateId(row.id),
            name: row.name,
            text: row.text,
            uses: row.uses,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

macro_rules! matching {
    () => {
        " FROM message_templates WHERE tenant_id = $1 \
         AND search LIKE $2 ESCAPE '\\' AND search LIKE $3 ESCAPE '\\' AND search LIKE $4 ESCAPE '\\' \
         AND search LIKE $5 ESCAPE '\\' AND search LIKE $6 ESCAPE '\\' AND search LIKE $7 ESCAPE '\\'"
    };
}

fn search_text(new: &NewTemplate) -> String {
    fold(&format!("{} {}", new.name, new.text.as_str()))
}

impl<'t> Templates<'t> {
    pub(in crate::persistence) fn new(tx: &'t mut Tx) -> Self {
        Self { tx }
    }

    /// A page of templates.
    pub async fn page(
        &mut self,
        terms: &SearchTerms,
        sort: TemplateSort,
        request: PageRequest,
    ) -> Result<Page<MessageTemplate>> {
        let [p1, p2, p3, p4, p5, p6] = &terms.patterns();
        let (limit, offset) = (request.limit, request.offset());
        let total =
            sql!(self.tx, val(i64), (concat!("SELECT COUNT(*)", matching!())), p1, p2, p3, p4, p5, p6)?;
        macro_rules! rows {
            ($order:literal) => {
                sql!(
                    self.tx,
                    all(TemplateRow),
                    (concat!(
                        "SELECT id, name, text, uses, created_at, updated_at",
                        matching!(),
                        " ORDER BY ",
                        $order,
                        " LIMIT $8 OFFSET $9"
                    )),
                    p1,
                    p2,
                    p3,
                    p4,
                    p5,
                    p6,
                    limit,
                    offset
                )?
            };
        }
        let rows = match sort {
            TemplateSort::Name => rows!("name, id"),
            TemplateSort::MostUsed => rows!("uses DESC, name, id"),
            TemplateSort::Newest => rows!("id DESC"),
        };
        Ok(Page { items: rows.into_iter().map(Into::into).collect(), request, total })
    }

    /// One template.
    pub async fn get(&mut self, id: TemplateId) -> Result<Option<MessageTemplate>> {
        let row = sql!(
            self.tx,
            opt(TemplateRow),
            "
            SELECT id, name, text, uses, created_at, updated_at FROM message_templates
            WHERE tenant_id = $1 AND id = $2",
            id.0
        )?;
        Ok(row.map(Into::into))
    }

    /// One template, which nobody else changes until this transaction ends.
    pub async fn lock_for_update(&mut self, id: TemplateId) -> Result<Option<MessageTemplate>> {
        // SQLite has one writer at a time and no FOR UPDATE.
        sql!(self.tx, maybe(i64), {
            sqlite: "SELECT id FROM message_templates WHERE tenant_id = $1 AND id = $2",
            postgres: "SELECT id FROM message_templates WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
        }, id.0)?;
        self.get(id).await
    }

    /// Stores a template.
    pub async fn create(&mut self, new: &NewTemplate, at: DateTime<Utc>) -> Result<TemplateId> {
        let id = sql!(
            self.tx,
            val(i64),
            "
            INSERT INTO message_templates (tenant_id, name, text, search, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $5) RETURNING id",
            &new.name,
            new.text.as_str(),
            search_text(new),
            at
        )?;
        Ok(TemplateId(id))
    }

    /// Stores a template's change; `false` when it is not there.
    pub async fn update(&mut self, id: TemplateId, new: &NewTemplate, at: DateTime<Utc>) -> Result<bool> {
        let rows = sql!(
            self.tx,
            exec,
            "
            UPDATE message_templates SET name = $3, text = $4, search = $5, updated_at = $6
            WHERE tenant_id = $1 AND id = $2",
            id.0,
            &new.name,
            new.text.as_str(),
            search_text(new),
            at
        )?;
        Ok(rows == 1)
    }

    /// Counts that a template went out once more.
    pub async fn count_use(&mut self, id: TemplateId) -> Result<()> {
        sql!(
            self.tx,
            exec,
            "UPDATE message_templates SET uses = uses + 1 WHERE tenant_id = $1 AND id = $2",
            id.0
        )?;
        Ok(())
    }

    /// Deletes a template; `false` when it is not there. Drafts keep the text that it gave them.
    pub async fn delete(&mut self, id: TemplateId) -> Result<bool> {
        sql!(
            self.tx,
            exec,
            "UPDATE drafts SET template_id = NULL WHERE tenant_id = $1 AND template_id = $2",
            id.0
        )?;
        Ok(sql!(self.tx, exec, "DELETE FROM message_templates WHERE tenant_id = $1 AND id = $2", id.0)? == 1)
    }
}
