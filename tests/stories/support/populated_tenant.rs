//! A tenant with rows in every table.

use aloqa::{
    domain::{
        AccessLinkId, AttachmentId, ClientId, ContactId, ContactType, ContactValue, Draft, Email, Event,
        ImportId, LinkPurpose, MergeId, MessageId, NewMessage, NewRole, NewTemplate, NewWhatsappTemplate,
        NotificationPreferences, Permission, PreviousText, Role, RoleId, SuppressionReason, TableSample,
        TemplateId, TemplateText, Transport, UserId, UserRole, WhatsappTemplateBody, WhatsappTemplateId,
        table::{Charset, ColumnMapping},
    },
    persistence::{Device, ImportStep, MergeRecord, NewFile, NewImport, NewToken, TokenHash, UnitOfWork},
    providers::consent_senders,
    storage::{FileKey, FilePurpose},
};
use chrono::TimeDelta;

use crate::support::{
    Company, TestEnv,
    chat_fixture::{ChatFixture, idempotency_key, picture, store_message},
};

/// Ids of its rows.
pub struct PopulatedTenant {
    pub company: Company,
    pub test_chat: ChatFixture,
    pub contact: ContactId,
    pub inbound: MessageId,
    pub outbound: MessageId,
    pub template: TemplateId,
    pub approved: WhatsappTemplateId,
    /// A file that has not been fetched from the provider yet.
    pub coming: AttachmentId,
    /// A file that is stored.
    pub stored: AttachmentId,
    pub file: NewFile,
    /// A duplicate of the client that was merged into it, and its chat.
    pub merge: MergeId,
    pub twin: ChatFixture,
    /// A client whose pair with the first one was dismissed.
    pub other: ClientId,
    pub import: ImportId,
    /// A role of its own, and an invitation.
    pub role: RoleId,
    pub link: AccessLinkId,
}

/// The client's number; every tenant has a client with this number.
pub const PHONE: &str = "+998901234567";

/// The client's Telegram account, which has blocked the bot.
pub const ACCOUNT: &str = "5123456789";

/// An agent's Telegram account, which gets notifications.
pub const STAFF: &str = "7001";

/// The code of an invite link.
pub fn code_of(company: &Company) -> String {
    format!("code-of-{}", company.tenant.slug)
}

/// An uploaded table.
pub fn table_of(user: UserId) -> NewImport {
    NewImport {
        user,
        file_name: "clients.csv".into(),
        file_key: "none".into(),
        charset: Charset::Utf8,
        delimiter: b',',
        preamble_bytes: 0,
        sample: TableSample::default(),
        mapping: ColumnMapping::default(),
        total: 1,
    }
}

/// The hash of the session and of the token.
pub fn session_of(company: &Company) -> TokenHash {
    let mut hash = TokenHash::default();
    let name = format!("session {}", company.tenant.slug);
    hash[..name.len()].copy_from_slice(name.as_bytes());
    hash
}

pub fn contact_value() -> ContactValue {
    ContactValue::from_provider(ContactType::Phone, PHONE).unwrap()
}

/// A WhatsApp template.
pub fn approved_template() -> NewWhatsappTemplate {
    NewWhatsappTemplate {
        name: "Order".into(),
        content_sid: "HX00000000000000000000000000000001".into(),
        language: "uz".into(),
        body: WhatsappTemplateBody::parse("Salom, {{1}}!").unwrap(),
        defaults: "{{client.first_name}}".into(),
    }
}

/// A file whose content has been stored.
pub fn stored_file(company: &Company) -> NewFile {
    NewFile {
        key: FileKey::new(company.id(), FilePurpose::Attachments),
        name: "a.txt".into(),
        content_type: "text/plain".into(),
        size: 3,
        sha256: [7; 32],
        thumbnail: None,
    }
}

impl TestEnv {
    /// A tenant with at least one row in every table.
    #[expect(clippy::too_many_lines, reason = "one row of each table, one after the other")]
    pub async fn populated_tenant(&self, slug: &str) -> PopulatedTenant {
        let company = self.company(slug).await;
        let channel = self.connect(&company).await;
        let test_chat = self.chat_fixture(&company, &channel, "Aziza", PHONE).await;
        let leaver = self.chat_fixture(&company, &channel, "Botir", "+998907654321").await;
        let twin = self.chat_fixture(&company, &channel, "Azi", "+998901234560").await;
        let other = company.client(self, "Nigora", "+998901234561").await;
        let (now, user) = (self.clock.now(), company.agent.user.id);
        let mut tx = company.begin().await;
        store_message(&mut tx, &twin.outbound("Xayrli tong", now)).await;
        let gone = tx.clients().get(twin.client).await.unwrap().unwrap();
        let stays = tx.clients().get(test_chat.client).await.unwrap().unwrap();
        let merge = tx.merges_mut().create(test_chat.client, &gone, Some(user), now).await.unwrap();
        let mut record = MergeRecord::new(&gone, &stays, &stays);
        record.chat = Some(
            tx.merge_transfer_mut()
                .move_chat(merge, twin.chat, test_chat.chat, test_chat.client)
                .await
                .unwrap(),
        );
        tx.clients_mut().delete(twin.client).await.unwrap();
        tx.merges_mut().finish(merge, &record).await.unwrap();
        tx.duplicates_mut().recompute(&stays).await.unwrap();
        tx.duplicates_mut().dismiss(test_chat.client, other).await.unwrap();
        let contact =
            tx.clients_mut().add_contact(test_chat.client, &contact_value(), now).await.unwrap().unwrap();
        tx.channels_mut().deduplicate(test_chat.channel, "SM1", now).await.unwrap();
        let message = NewMessage { provider_id: Some("SM1".into()), ..test_chat.inbound("Salom", now) };
        let inbound = tx.messages_mut().create(&message, &[picture("a.jpg")]).await.unwrap();
        tx.chats_mut().set_last_message(inbound, &message).await.unwrap();
        let message =
            NewMessage { idempotency_key: Some(idempotency_key("click")), ..test_chat.outbound("Alik", now) };
        let outbound = store_message(&mut tx, &message).await;
        let file = stored_file(&company);
        tx.attachments_mut().add(outbound, &file).await.unwrap();
        // Deleting clients leaves files that are still to be removed.
        let gone = store_message(&mut tx, &leaver.inbound("Salom", now)).await;
        tx.attachments_mut().add(gone, &stored_file(&company)).await.unwrap();
        tx.clients_mut().delete(leaver.client).await.unwrap();
        tx.deliveries_mut().enqueue(outbound, test_chat.channel, PHONE, now, now).await.unwrap();
        let text = TemplateText::parse("Salom, {{client.first_name}}").unwrap();
        let template =
            tx.templates_mut().create(&NewTemplate { name: "Salom".into(), text }, now).await.unwrap();
        let approved = tx
            .whatsapp_templates_mut()
            .create(test_chat.channel, &approved_template(), now)
            .await
            .unwrap()
            .unwrap();
        let draft = Draft {
            text: "Half a sen".into(),
            transport: None,
            template: Some(template),
            key: "draft".into(),
            written_at: now,
        };
        tx.drafts_mut().save(test_chat.chat, user, &draft).await.unwrap();
        let hash = session_of(&company);
        tx.users_mut()
            .start_session(user, &hash, &Device::default(), now, now + TimeDelta::days(1))
            .await
            .unwrap();
        tx.users_mut()
            .create_token(user, &NewToken::unrestricted("import", &hash, now, now + TimeDelta::days(1)))
            .await
            .unwrap();
        tx.two_factor_mut().begin(user, b"sealed", now).await.unwrap();
        tx.two_factor_mut().add_recovery_code(user, b"code").await.unwrap();
        tx.workspace_mut().add_inbound_country("KZ".parse().unwrap()).await.unwrap();
        let role =
            NewRole { name: "Auditor".into(), permissions: [Permission::AuditRead].into_iter().collect() };
        let role = tx.roles_mut().create(&role, now).await.unwrap().unwrap();
        let invited = Email::parse("invited@example.uz").unwrap();
        let purpose = LinkPurpose::Invitation { name: None, role: UserRole::BuiltIn(Role::Agent) };
        let link = hash.map(|byte| !byte);
        let link = tx
            .access_links_mut()
            .create(&invited, &purpose, &link, now, now + TimeDelta::days(1))
            .await
            .unwrap();
        let import = tx.imports_mut().create(&table_of(user), now).await.unwrap();
        tx.imports_mut().add_errors(import, 2, &[]).await.unwrap();
        let step = ImportStep::new(2, test_chat.client, None, "[]".into());
        tx.imports_mut().add_step(import, &step).await.unwrap();
        let earlier = PreviousText { text: "Slm".into(), written_at: now };
        tx.messages_mut().add_previous_text(inbound, &earlier).await.unwrap();
        let (by, until) = (Transport::Telegram, now + TimeDelta::days(1));
        let sealed = tx.channels().get(test_chat.channel).await.unwrap().unwrap();
        tx.channels_mut()
            .suppress(&consent_senders(&sealed.channel, by), by, ACCOUNT, SuppressionReason::Blocked, now)
            .await
            .unwrap();
        tx.channels_mut()
            .create_invitation(test_chat.channel, test_chat.client, &code_of(&company), now, until)
            .await
            .unwrap();
        let mut staff = tx.notifications_mut();
        staff.set_preferences(user, &NotificationPreferences::default()).await.unwrap();
        staff.set_link_code(user, test_chat.channel, "staff", until).await.unwrap();
        let linked = staff.link(test_chat.channel, "staff", (STAFF, "Timur"), now).await.unwrap();
        assert_eq!(linked, Some(user));
        staff.set_link_code(user, test_chat.channel, "staff again", until).await.unwrap();
        staff.queue_inbound(test_chat.chat, now).await.unwrap();
        tx.record(Event::ClientCreated { client_id: test_chat.client }, Some(user), now);
        let first =
            async |tx: &mut UnitOfWork, id| tx.messages().find(id).await.unwrap().unwrap().attachments[0].id;
        let (coming, stored) = (first(&mut tx, inbound).await, first(&mut tx, outbound).await);
        tx.commit().await.unwrap();
        PopulatedTenant {
            company,
            test_chat,
            contact,
            inbound,
            outbound,
            template,
            approved,
            coming,
            stored,
            file,
            merge,
            twin,
            other,
            import,
            role,
            link,
        }
    }
}
