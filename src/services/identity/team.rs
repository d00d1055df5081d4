//! The team of a tenant: its users, their roles, the roles that the tenant makes itself, and invitations.

use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};

use crate::services::{
    Actor, Dependencies, Framed,
    identity::{
        password_hash::hash_new_password,
        service::{own_words, random_token, token_hash},
        two_factor::remove_factor,
    },
};
use crate::{
    domain::{
        AccessLink, AccessLinkId, Author, AuthorKind, Changes, Email, Event, LinkPurpose, NewRole, OwnRole,
        Permission, PermissionSet, PersonName, Problem, Role, RoleId, Tenant, UserAccount, UserId, UserRole,
    },
    error::{AppError, Conflict, Result},
    persistence::{Device, Page, PageRequest, Snapshot},
};

/// The lifetime of an invitation.
const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(7);
/// The lifetime of a link for a new password.
pub(super) const RESET_LIFETIME: TimeDelta = TimeDelta::hours(24);
/// The maximum number of own roles of a tenant.
const MAX_ROLES: usize = 100;

/// The use cases of those who manage a team, and of links by which a password is set.
#[derive(Clone)]
pub struct TeamService {
    deps: Arc<Dependencies>,
}

/// The page of the team.
#[derive(Debug, Clone)]
pub struct Team {
    /// A page of the users, by address.
    pub users: Page<UserAccount>,
    /// The invitations that were not accepted yet.
    pub invitations: Vec<AccessLink>,
    /// The own roles of the tenant.
    pub roles: Vec<OwnRole>,
}

/// A new invitation with the token of its link, which is shown once.
pub struct TeamInvitation {
    /// The invitation.
    pub link: AccessLink,
    /// The token of the link.
    pub token: SecretString,
}

/// A valid link with its tenant.
#[derive(Debug, Clone)]
pub struct OpenedLink {
    /// The tenant.
    pub tenant: Tenant,
    /// The link.
    pub link: AccessLink,
}

/// Changes of a user; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct MemberChanges {
    /// Another role.
    pub role: Option<UserRole>,
    /// True to disable the user, false to enable.
    pub disabled: Option<bool>,
}

impl TeamService {
    pub(in crate::services) fn new(deps: Arc<Dependencies>) -> Self {
        Self { deps }
    }

    /// Lists a page of the team.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_team", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn list(&self, actor: &Actor, request: PageRequest) -> Result<Framed<Team>> {
        actor.require(Permission::UserManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let users = tx.users().page_of_accounts(request).await?;
        let invitations = tx.access_links().invitations().await?;
        let roles = tx.roles().all().await?;
        Framed::new(Team { users, invitations, roles }, &mut tx, actor).await
    }

    /// Loads a user.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_member", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn member(&self, actor: &Actor, id: UserId) -> Result<UserAccount> {
        actor.require(Permission::UserManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        tx.users().account(id).await?.ok_or(AppError::NotFound)
    }

    /// Changes the role of a user, or disables or enables the user. Nobody changes a user who has more permissions, or gives
    /// a role with more permissions, than they have themselves.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] for the last enabled administrator, and if a
    /// user would disable the own account.
    #[tracing::instrument(name = "change_member", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn change(&self, actor: &Actor, id: UserId, changes: &MemberChanges) -> Result<UserAccount> {
        actor.require(Permission::UserManage)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let before = tx.users().account(id).await?.ok_or(AppError::NotFound)?;
        let email = &before.user.email;
        require_all(actor, before.user.role.permissions())?;
        if let Some(role) = changes.role.as_ref().filter(|role| **role != before.user.role) {
            require_all(actor, role.permissions())?;
            if !tx.users_mut().set_role(id, role).await? {
                return Err(AppError::invalid("role", Problem::LastAdministrator));
            }
            let changed = Event::UserRoleChanged { user_id: id, role: role.reference() };
            let values =
                Changes::default().field("role", Some(before.user.role.as_str()), Some(role.as_str()));
            tx.record(changed.about(email.as_str()).with(values), actor.author(), now);
        }
        match changes.disabled {
            Some(true) if before.disabled_at.is_none() => {
                if id == actor.user.id {
                    return Err(AppError::invalid("disabled", Problem::OwnAccount));
                }
                if !tx.users_mut().disable(id, now).await? {
                    return Err(AppError::invalid("disabled", Problem::LastAdministrator));
                }
                let values = Changes::default().field("disabled", Some("false"), Some("true"));
                let disabled = Event::UserDisabled { user_id: id }.about(email.as_str());
                tx.record(disabled.with(values), actor.author(), now);
            }
            Some(false) if before.disabled_at.is_some() => {
                tx.users_mut().enable(id).await?;
                let values = Changes::default().field("disabled", Some("true"), Some("false"));
                let enabled = Event::UserEnabled { user_id: id }.about(email.as_str());
                tx.record(enabled.with(values), actor.author(), now);
            }
            _ => {}
        }
        let after = tx.users().account(id).await?.ok_or(AppError::NotFound)?;
        tx.commit().await?;
        Ok(after)
    }

    /// Invites a user by a link, which replaces a former one for the address.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], also for a role with permissions that the actor has not; [`AppError::Conflict`] if a user has
    /// the address.
    #[tracing::instrument(name = "invite_user", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn invite(
        &self,
        actor: &Actor,
        email: &Email,
        name: Option<PersonName>,
        role: UserRole,
    ) -> Result<TeamInvitation> {
        actor.require(Permission::UserManage)?;
        require_all(actor, role.permissions())?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if tx.users().by_email(email).await?.is_some() {
            return Err(AppError::value_taken("email", None));
        }
        let values = Changes::default().added("email", email.as_str()).added("role", role.as_str());
        let purpose = LinkPurpose::Invitation { name, role };
        let (token, expires_at) = (random_token(), now + INVITATION_LIFETIME);
        let hash = token_hash(token.expose_secret());
        let id = tx.access_links_mut().create(email, &purpose, &hash, now, expires_at).await?;
        let invited = Event::UserInvited { link_id: id }.about(email.as_str());
        tx.record(invited.with(values), actor.author(), now);
        tx.commit().await?;
        let link = AccessLink { id, email: email.clone(), purpose, created_at: now, expires_at };
        Ok(TeamInvitation { link, token })
    }

    /// Withdraws an invitation, whose link ends.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "withdraw_invitation", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn withdraw(&self, actor: &Actor, id: AccessLinkId) -> Result<()> {
        actor.require(Permission::UserManage)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let invitations = tx.access_links().invitations().await?;
        let link = invitations.into_iter().find(|link| link.id == id).ok_or(AppError::NotFound)?;
        tx.access_links_mut().delete(id).await?;
        let event = Event::InvitationWithdrawn { link_id: link.id }.about(link.email.as_str());
        tx.record(event, actor.author(), self.deps.clock.now());
        tx.commit().await
    }

    /// Creates a link by which a user sets a new password. The former password is valid until then.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], also for a user with permissions that the actor has not; [`AppError::NotFound`].
    #[tracing::instrument(name = "create_reset_link", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn reset_link(&self, actor: &Actor, id: UserId) -> Result<SecretString> {
        actor.require(Permission::UserManage)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let account = tx.users().account(id).await?.ok_or(AppError::NotFound)?;
        require_all(actor, account.user.role.permissions())?;
        let token = random_token();
        let hash = token_hash(token.expose_secret());
        let (email, purpose) = (&account.user.email, LinkPurpose::Reset(id));
        tx.access_links_mut().create(email, &purpose, &hash, now, now + RESET_LIFETIME).await?;
        let created = Event::PasswordLinkCreated { user_id: id }.about(email.as_str());
        tx.record(created, actor.author(), now);
        tx.commit().await?;
        Ok(token)
    }

    /// Removes the second factor of a user who has lost it, and ends the user's sessions.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], also for a user with permissions that the actor has not; [`AppError::NotFound`], also without
    /// a second factor.
    #[tracing::instrument(name = "reset_two_factor", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn reset_two_factor(&self, actor: &Actor, id: UserId) -> Result<()> {
        actor.require(Permission::UserManage)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let account = tx.users().account(id).await?.ok_or(AppError::NotFound)?;
        require_all(actor, account.user.role.permissions())?;
        remove_factor(&mut tx, (id, &account.user.email), actor.author(), self.deps.clock.now()).await?;
        tx.commit().await
    }

    /// Opens a link by its token.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown, used or expired one.
    #[tracing::instrument(name = "open_access_link", skip_all)]
    pub async fn open_link(&self, token: &str) -> Result<OpenedLink> {
        let hash = token_hash(token);
        let tenant = self.deps.database.read_cross_tenant().await?.tenant_of_access_link(&hash).await?;
        let tenant = tenant.ok_or(AppError::NotFound)?;
        let mut tx = self.deps.database.read(tenant.id).await?;
        let link =
            tx.access_links().by_token(&hash, self.deps.clock.now()).await?.ok_or(AppError::NotFound)?;
        Ok(OpenedLink { tenant, link })
    }

    /// Uses a link: creates the invited user, or sets the user's password, which ends the user's sessions and API tokens.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown, used or expired link; [`AppError::Invalid`] for a password that is too short or
    /// too common, and without a first name; [`AppError::Conflict`] if a user has the address by now.
    #[tracing::instrument(name = "use_access_link", skip_all)]
    pub async fn use_link(
        &self,
        token: &str,
        name: Result<PersonName, Problem>,
        password: SecretString,
        device: Device,
    ) -> Result<Email> {
        let OpenedLink { tenant, link } = self.open_link(token).await?;
        let name = match &link.purpose {
            LinkPurpose::Invitation { .. } => {
                Some(name.map_err(|problem| AppError::invalid("first_name", problem))?)
            }
            LinkPurpose::Reset(_) => None,
        };
        let password_hash =
            hash_new_password(password, &own_words(&link.email, tenant.slug.as_str())).await?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(tenant.id).await?;
        // The role may have been changed since.
        let link = tx.access_links().by_token(&token_hash(token), now).await?.ok_or(AppError::NotFound)?;
        if !tx.access_links_mut().delete(link.id).await? {
            return Err(AppError::NotFound);
        }
        match (&link.purpose, name) {
            (LinkPurpose::Invitation { role, .. }, Some(name)) => {
                let created = tx.users_mut().create(&link.email, &name, role, &password_hash, now).await?;
                let id = created.ok_or(AppError::value_taken("email", None))?;
                let values =
                    Changes::default().added("email", link.email.as_str()).added("role", role.as_str());
                let accepted = Event::InvitationAccepted { user_id: id }.about(link.email.as_str());
                tx.record(accepted.with(values), Author::user(id, name.full(), device.into()), now);
            }
            (LinkPurpose::Reset(user), _) => {
                tx.users_mut().set_password(*user, &password_hash).await?;
                let author =
                    Author { user: Some(*user), kind: AuthorKind::User, ..Author::stranger(device.into()) };
                tx.record(Event::PasswordReset { user_id: *user }.about(link.email.as_str()), author, now);
            }
            (LinkPurpose::Invitation { .. }, None) => return Err(AppError::NotFound),
        }
        tx.commit().await?;
        Ok(link.email)
    }

    /// Lists the own roles.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    #[tracing::instrument(name = "list_roles", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn roles(&self, actor: &Actor) -> Result<Framed<Vec<OwnRole>>> {
        actor.require(Permission::UserManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let roles = tx.roles().all().await?;
        Framed::new(roles, &mut tx, actor).await
    }

    /// Finds a role by its name, or by its number or id.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if the tenant has no such role.
    #[tracing::instrument(name = "find_role", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn role(&self, actor: &Actor, text: &str) -> Result<UserRole> {
        let text = text.trim();
        let numbered = |role: &&Role| text.parse().is_ok_and(|number| role.number() == RoleId(number));
        if let Some(role) = text.parse().ok().or_else(|| Role::ALL.iter().find(numbered).copied()) {
            return Ok(UserRole::BuiltIn(role));
        }
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let own = tx.roles().all().await?;
        let matches = |role: &OwnRole| role.name == text || role.id.to_string() == text;
        let found =
            own.into_iter().find(matches).ok_or_else(|| AppError::invalid("role", Problem::NotFound))?;
        Ok(UserRole::Own { id: found.id, name: found.name, permissions: found.permissions })
    }

    /// Loads an own role.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    #[tracing::instrument(name = "show_role", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn own_role(&self, actor: &Actor, id: RoleId) -> Result<Framed<OwnRole>> {
        actor.require(Permission::UserManage)?;
        let mut tx = self.deps.database.read(actor.tenant_id()).await?;
        let role = own_role(&mut tx, id).await?;
        Framed::new(role, &mut tx, actor).await
    }

    /// Creates a role with permissions that the actor has.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; [`AppError::Conflict`] if a role has the name; [`AppError::Invalid`] if there are too many.
    #[tracing::instrument(name = "create_role", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn create_role(&self, actor: &Actor, new: &NewRole) -> Result<OwnRole> {
        actor.require(Permission::UserManage)?;
        require_all(actor, new.permissions)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        if tx.roles().all().await?.len() >= MAX_ROLES {
            let max = i64::try_from(MAX_ROLES).unwrap_or(i64::MAX);
            return Err(AppError::invalid("name", Problem::OutOfRange { min: 0, max }));
        }
        let id = tx.roles_mut().create(new, now).await?.ok_or(AppError::value_taken("name", None))?;
        let permissions = new.permissions.to_text();
        let values = Changes::default().added("name", &new.name).added("permissions", &permissions);
        let created = Event::RoleCreated { role_id: id }.about(&new.name);
        tx.record(created.with(values), actor.author(), now);
        tx.commit().await?;
        let NewRole { name, permissions } = new.clone();
        Ok(OwnRole { id, name, permissions, users: 0, created_at: now })
    }

    /// Changes a role, which applies to its users at once. Its permissions before and after must be the actor's, too.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if another role has the name.
    #[tracing::instrument(name = "update_role", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn update_role(&self, actor: &Actor, id: RoleId, new: &NewRole) -> Result<OwnRole> {
        actor.require(Permission::UserManage)?;
        require_all(actor, new.permissions)?;
        let now = self.deps.clock.now();
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let before = own_role(&mut tx, id).await?;
        require_all(actor, before.permissions)?;
        if tx.roles_mut().is_taken(id, &new.name).await? {
            return Err(AppError::value_taken("name", None));
        }
        tx.roles_mut().update(id, new, now).await?;
        let role = own_role(&mut tx, id).await?;
        let [old, new] = [&before, &role].map(|role| role.permissions.to_text());
        let values = Changes::default().field("name", Some(&before.name), Some(&role.name)).field(
            "permissions",
            Some(&old),
            Some(&new),
        );
        let updated = Event::RoleUpdated { role_id: id }.about(&role.name);
        tx.record(updated.with(values), actor.author(), now);
        tx.commit().await?;
        Ok(role)
    }

    /// Deletes a role that nobody has.
    ///
    /// # Errors
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Conflict`] if a user or an invitation has it.
    #[tracing::instrument(name = "delete_role", skip_all, fields(tenant = %actor.tenant.id))]
    pub async fn delete_role(&self, actor: &Actor, id: RoleId) -> Result<()> {
        actor.require(Permission::UserManage)?;
        let mut tx = self.deps.database.begin(actor.tenant_id()).await?;
        let role = own_role(&mut tx, id).await?;
        require_all(actor, role.permissions)?;
        if !tx.roles_mut().delete(id).await? {
            return Err(AppError::Conflict(Conflict::default()));
        }
        let permissions = role.permissions.to_text();
        let values = Changes::default().removed("name", &role.name).removed("permissions", &permissions);
        let deleted = Event::RoleDeleted { role_id: id }.about(&role.name);
        tx.record(deleted.with(values), actor.author(), self.deps.clock.now());
        tx.commit().await
    }
}

async fn own_role(tx: &mut Snapshot, id: RoleId) -> Result<OwnRole> {
    tx.roles().get(id).await?.ok_or(AppError::NotFound)
}

/// Checks that the actor has all of these permissions, so that nobody gives others more than they have.
pub(super) fn require_all(actor: &Actor, permissions: PermissionSet) -> Result<()> {
    permissions.iter().try_for_each(|permission| actor.require(permission))
}
