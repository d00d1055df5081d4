//! The parts that all tabs of a client's page share.

use crate::{
    domain::{Client, Permission},
    error::Result,
    presentation::{
        clients::view::ClientView,
        http::{context::Ctx, form::Form},
        ui::layout::initials,
    },
    services::Actor,
};

/// The header of a client's page, and the user's permissions.
pub(in crate::presentation) struct Profile {
    pub(in crate::presentation) client: ClientView,
    pub(in crate::presentation) initials: String,
    /// The current tab.
    pub(in crate::presentation) tab: &'static str,
    reader: Actor,
}

impl Profile {
    /// Creates the header of a client for a tab.
    pub(in crate::presentation) fn new(ctx: &Ctx, client: Client, tab: &'static str) -> Self {
        let client = ClientView::from(client);
        Self { initials: initials(&client.full_name), tab, reader: ctx.actor.clone(), client }
    }

    pub(in crate::presentation) fn may_update(&self) -> bool {
        self.reader.may(Permission::ClientUpdate)
    }

    pub(in crate::presentation) fn may_delete(&self) -> bool {
        self.reader.may(Permission::ClientDelete)
    }

    pub(in crate::presentation) fn may_merge(&self) -> bool {
        self.may_update() && self.may_delete()
    }

    pub(in crate::presentation) fn may_chat(&self) -> bool {
        self.reader.may(Permission::ChatSend)
    }

    pub(in crate::presentation) fn may_read_chat(&self) -> bool {
        self.reader.may(Permission::ChatRead)
    }
}

/// Links the client that already has a value to that value's field.
pub(in crate::presentation) async fn link_conflicting_client(ctx: &Ctx, form: &mut Form) -> Result<()> {
    let Some(owner) = form.conflicting_client() else { return Ok(()) };
    let client = ClientView::from(ctx.services().clients.get(&ctx.actor, owner).await?);
    let label = ctx.i18n.with("client-open-named", "name", client.full_name);
    form.link_conflicting_client(
        crate::presentation::http::routes::Client(owner).to_string(),
        label.into_owned(),
    );
    Ok(())
}
