//! Tests of tenant isolation: a repository called with ids of another tenant returns nothing and changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    pin,
};

use aloqa::{
    domain::{
        ChannelAddresses, ChannelError, ChannelId, ChannelProvider, ChannelSettings, Client, ClientField,
        Country, Draft, Email, EventId, Failure, FetchFailure, ImportCounts, ImportOptions, ImportState,
        LinkPurpose, Locale, MessageDetails, MessageId, MessageStatus, MessageTerms, MessageText, NewRole,
        NewTemplate, NotificationKind, NotificationPreferences, OutboundCountries, PermissionSet, PersonName,
        Pin, Preferences, PreviousText, Role, SearchTerms, Sender, SuppressionReason, TemplateText, TenantId,
        Theme, TimeZone, Transport, TwoFactorRule, UserAccount, UserRole, WorkspaceSettings,
        table::ColumnMapping,
    },
    error::{AppError, Result},
    persistence::{
        AuditBatches, AuditEntry, AuditFilter, ChatFilter, ClientBatches, ClientFilter, ClientSort,
        DeletionImpact, Device, DueNotification, ImportStep, IndexProgress, ListPage, MessagesAround,
        NewChannel, NewToken, Page, PageRequest, Position, Start, StatusChange, StoredSession, TemplateSort,
        TenantUsage, TokenHash, WebhookToken,
    },
    providers::consent_senders,
};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::support::{
    TestEnv,
    chat_fixture::picture,
    database::raw::Raw,
    people::{email_of, phone_of},
    populated_tenant::{
        ACCOUNT, PHONE, STAFF, approved_template, code_of, contact_value, session_of, table_of,
    },
};

on_both_engines![no_repository_method_reaches_another_tenant, the_populated_tenant_has_rows_in_every_table,];

const FIRST: PageRequest = PageRequest { page: 1, limit: 100 };

fn none<T>(got: &Result<Option<T>>) -> bool {
    matches!(got, Ok(None))
}

fn no_role<T>(got: &Result<HashMap<TokenHash, T>>) -> bool {
    matches!(got, Ok(roles) if roles.is_empty())
}

fn empty<T>(got: &Result<Vec<T>>) -> bool {
    matches!(got, Ok(items) if items.is_empty())
}

fn no_items<T>(got: &Result<Page<T>>) -> bool {
    matches!(got, Ok(page) if page.items.is_empty() && page.total == 0)
}

fn no_clients(got: &Result<ListPage<Client>>) -> bool {
    matches!(got, Ok(list) if list.page.items.is_empty() && list.page.total == 0)
}

fn no_impact(got: &Result<DeletionImpact>) -> bool {
    matches!(got, Ok(what) if *what == DeletionImpact::default())
}

fn complete_index(got: &Result<IndexProgress>) -> bool {
    matches!(got, Ok(IndexProgress::Done))
}

fn no_row(got: &Result<bool>) -> bool {
    matches!(got, Ok(false))
}

fn nothing_used(got: &Result<TenantUsage>) -> bool {
    matches!(got, Ok(usage) if *usage == TenantUsage::default())
}

fn zero(got: &Result<i64>) -> bool {
    matches!(got, Ok(0))
}

fn nothing_before<T>(got: &Result<(Vec<T>, bool)>) -> bool {
    matches!(got, Ok((items, false)) if items.is_empty())
}

fn only_one<T>(got: &Result<Vec<T>>) -> bool {
    matches!(got, Ok(items) if items.len() == 1)
}

/// The four users of each test tenant.
fn only_its_own_staff(got: &Result<Vec<UserAccount>>) -> bool {
    matches!(got, Ok(accounts) if accounts.len() == 4)
}

fn only_its_own_staff_on_a_page(got: &Result<Page<UserAccount>>) -> bool {
    matches!(got, Ok(page) if page.items.len() == 4 && page.total == 4)
}

fn no_sessions(got: &Result<Vec<StoredSession>>) -> bool {
    matches!(got, Ok(sessions) if sessions.is_empty())
}

/// The only event is that of connecting the caller's own channel.
fn only_its_own_event<T>(got: &Result<(Vec<T>, EventId)>) -> bool {
    matches!(got, Ok((events, last)) if events.len() == 1 && last.0 == 1)
}

/// The only entry is that of connecting the caller's own channel.
fn only_its_own_entry(got: &Result<ListPage<AuditEntry>>) -> bool {
    matches!(got, Ok(list) if list.page.total == 1 && list.page.items.len() == 1)
}

fn first_event_id(got: &Result<EventId>) -> bool {
    matches!(got, Ok(id) if id.0 == 1)
}

fn nothing_around(got: &Result<MessagesAround>) -> bool {
    matches!(got, Ok(around) if around.before.is_empty() && around.after.is_empty())
}

fn only_its_own_event_and_nothing_unread(got: &Result<(EventId, i64, i64)>) -> bool {
    matches!(got, Ok((EventId(1), 0, 0)))
}

/// The method returns no value; the unchanged rows are compared afterwards.
fn no_error(got: &Result<()>) -> bool {
    got.is_ok()
}

fn refused<T>(got: &Result<T>) -> bool {
    matches!(got, Err(AppError::NotFound | AppError::Internal(_)))
}

/// The caller's own value, which exists in each tenant.
fn own_value<T>(got: &Result<T>) -> bool {
    got.is_ok()
}

/// The id is free in the caller's tenant, because PostgreSQL numbers rows of each tenant separately.
fn own_value_or_conflict<T>(got: &Result<T>) -> bool {
    matches!(got, Ok(_) | Err(AppError::Conflict(_)))
}

fn no_counts<K, V>(got: &Result<HashMap<K, V>>) -> bool {
    matches!(got, Ok(counts) if counts.is_empty())
}

fn no_rows(got: &Result<u64>) -> bool {
    matches!(got, Ok(0))
}

fn no_bytes(got: &Result<(i64, i64)>) -> bool {
    matches!(got, Ok((0, 0)))
}

/// Many calls in one function need more stack than the thread of a test has.
fn on_the_heap<F: Future>(make: impl FnOnce() -> F) -> pin::Pin<Box<F>> {
    Box::pin(make())
}

/// Performs each call in its own transaction, which is committed if the call succeeds.
macro_rules! asks {
    ($company:expr, $($repository:ident.$method:ident($($argument:expr),*) => $expected:ident),* $(,)?) => {{
        let mut asked = BTreeSet::new();
        $({
            let question = concat!(stringify!($repository), ".", stringify!($method));
            asked.insert(question.to_owned());
            on_the_heap(|| async {
                let mut tx = $company.begin().await;
                let got = tx.$repository().$method($($argument),*).await;
                assert!($expected(&got), "{question} gave what is not {}", stringify!($expected));
                if got.is_ok() {
                    tx.commit().await.unwrap();
                }
            })
            .await;
        })*
        asked
    }};
}

#[expect(clippy::too_many_lines, reason = "one line for each method")]
async fn no_repository_method_reaches_another_tenant(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    let thief = env.company("bukhara").await;
    let (test_chat, now) = (mine.test_chat, env.clock.now());
    let client = mine.company.read().await.clients().get(test_chat.client).await.unwrap().unwrap();
    let changed = client.clone().with(ClientField::Comments, "stolen");
    let sender =
        Sender::Client { client: test_chat.client, contact: Some(mine.contact), address: PHONE.into() };
    let user = mine.company.agent.user.id;
    let email = email_of(Role::Agent, "samarkand");
    let name = PersonName::parse("Thief", None).unwrap();
    let new_role = NewRole { name: "Auditor".into(), permissions: PermissionSet::default() };
    let link = session_of(&mine.company).map(|byte| !byte);
    let template = NewTemplate { name: "stolen".into(), text: TemplateText::parse("stolen").unwrap() };
    let approved = approved_template();
    let addresses: ChannelAddresses = [("sms_number", "+998712005555")].into_iter().collect();
    let failure = Failure { code: "20003".into(), detail: None };
    let trouble = ChannelError { failure, at: now };
    let report = StatusChange {
        status: MessageStatus::Failed,
        failure: None,
        provider_id: Some("stolen".into()),
        at: now,
    };
    let workspace_settings = WorkspaceSettings {
        name: "Stolen".into(),
        locale: Locale::En,
        time_zone: TimeZone::UTC,
        country: Country::UZ,
        outbound_countries: OutboundCountries::Any,
        two_factor: TwoFactorRule::Everyone,
    };
    let record = mine.company.read().await.merges().record(mine.merge).await.unwrap();
    let moved = record.chat.as_ref().unwrap();
    let long_ago = now - chrono::TimeDelta::days(99);
    let session = session_of(&mine.company);
    let tokens = mine.company.read().await.users().tokens().await.unwrap();
    let stolen_name = PersonName::parse("Stolen", None).unwrap();
    let plain = Preferences { locale: None, theme: Theme::Dark, single_keys: false };
    let inbound = mine.company.read().await.messages().find(mine.inbound).await.unwrap().unwrap();
    let senders = mine.company.read().await.channels().get(test_chat.channel).await.unwrap().unwrap();
    let senders = consent_senders(&senders.channel, Transport::Telegram);
    let kind = NotificationKind::Inbound;
    let due = DueNotification { user, chat: test_chat.chat, kind, message_count: 1, attempts: 1 };
    let inbound_text = MessageText::from_provider("stolen");
    let earlier = PreviousText { text: "stolen".into(), written_at: now };
    let webhook = WebhookToken { hash: b"stolen".into(), secret: b"stolen".into() };
    let draft = Draft {
        text: "stolen".into(),
        transport: None,
        template: None,
        key: String::new(),
        written_at: now + TimeDelta::days(1),
    };
    let own_channel = env.connect(&thief).await.channel.id;
    let pin = Pin::parse("12345678901234", Country::UZ).unwrap();
    let step = ImportStep::new(3, test_chat.client, None, "[]".into());
    let everyone = ClientFilter { terms: SearchTerms::parse("a"), ..ClientFilter::default() };
    let list = mine
        .company
        .read()
        .await
        .clients()
        .page_at(&everyone, ClientSort::Newest, FIRST, Position::Numbered)
        .await;
    let place = list.unwrap().page.items[0].created_at.timestamp_micros();
    let beside = ClientSort::Newest.parse_cursor(&format!("{place}_{}", test_chat.client.0 + 1));
    let beside = Position::After(beside.unwrap());
    let mut raw = env.raw().await;
    let discarded = raw.rows("SELECT file_key FROM discarded_files").await.remove(0).remove(0).unwrap();
    let before = rows_of(&mut raw, mine.company.id()).await;

    let stranger = Client::builder("Bobur").build().unwrap();
    let asked = asks![
        thief,
        clients.get(test_chat.client) => none,
        clients.of_chat(test_chat.chat) => none,
        clients.best_matching(&SearchTerms::parse("aziza"), 50) => empty,
        clients.summaries(&[test_chat.client]) => empty,
        clients.page(&ClientFilter::default(), ClientSort::Name, FIRST) => no_items,
        clients.page_at(&everyone, ClientSort::Newest, FIRST, beside.clone()) => no_clients,
        clients.matching_ids(&everyone, None) => empty,
        clients.count(&everyone) => zero,
        clients.deletion_impact(&[test_chat.client]) => no_impact,
        clients_mut.delete_many(&[test_chat.client]) => empty,
        clients.next_batch(&mut ClientBatches::new(everyone.clone(), ClientSort::Name), 50) => empty,
        search_index_mut.index_older_clients() => complete_index,
        search_index_mut.index_older_messages() => complete_index,
        clients_mut.update(&changed) => no_error,
        clients_mut.refresh_search(&changed) => no_error,
        clients_mut.lock_for_update(test_chat.client) => no_row,
        clients_mut.lock_values(&[PHONE]) => no_error,
        clients_mut.lock_for_share(test_chat.client) => no_row,
        clients_mut.lock_by_address(&contact_value(), &[Transport::Sms]) => none,
        clients.by_ids(&[test_chat.client]) => empty,
        clients_mut.delete(test_chat.client) => no_row,
        clients.find_by_address(&contact_value()) => none,
        clients.summary_by_address(&contact_value()) => none,
        clients.find_contact(&contact_value()) => none,
        clients.contacts(test_chat.client) => empty,
        clients_mut.add_contact(test_chat.client, &contact_value(), now) => refused,
        clients_mut.remove_contact(test_chat.client, mine.contact) => no_row,
        clients_mut.move_contact(mine.contact, test_chat.client, mine.other) => no_error,
        chats.page(&ChatFilter::default(), FIRST) => no_items,
        chats.list_from(user, &ChatFilter::default(), Start::Offset(0), 50) => nothing_before,
        chats.filter_ids(user, &ChatFilter::default(), &[test_chat.chat]) => empty,
        chats_mut.mark_unread_from(test_chat.chat, mine.inbound) => no_row,
        chats.get(test_chat.chat) => none,
        chats.open(test_chat.chat, user) => none,
        chats.by_ids(user, &[test_chat.chat]) => empty,
        chats.of_client(test_chat.client) => none,
        chats_mut.find_or_create(test_chat.client, now) => refused,
        chats_mut.lock_for_update(test_chat.chat) => no_row,
        chats_mut.recompute_last_message(test_chat.chat) => no_error,
        chats_mut.set_last_message(mine.inbound, &test_chat.inbound("stolen", now)) => no_error,
        chats_mut.update_last_message_status(test_chat.chat, mine.outbound, MessageStatus::Failed) => no_error,
        chats_mut.mark_read_up_to(test_chat.chat, mine.outbound, now) => zero,
        chats_mut.find_or_create_member(test_chat.chat, Transport::Sms, &sender, None, now) => refused,
        chats.members(test_chat.chat) => empty,
        chats.last_inbound(test_chat.chat, test_chat.channel, Transport::Sms, PHONE) => none,
        chats.last_client_of_address(&[Transport::Sms], PHONE) => none,
        chats.member_data(test_chat.member) => refused,
        messages_mut.create(&test_chat.inbound("stolen", now), &[]) => refused,
        messages.get(test_chat.chat, mine.inbound) => none,
        messages.find(mine.inbound) => none,
        messages.by_provider_id(test_chat.channel, "SM1") => none,
        messages.provider_id(mine.inbound) => refused,
        messages.around(test_chat.chat, mine.inbound, 50, 50) => nothing_around,
        messages.by_idempotency_key(test_chat.chat, "click") => none,
        messages.request_fingerprint(mine.outbound) => refused,
        messages.search(&MessageTerms::parse("salom"), None, None, 50) => empty,
        messages.search(&MessageTerms::parse("salom"), Some(test_chat.chat), None, 50) => empty,
        messages.containing(&MessageTerms::parse("salom"), None, None, 50) => empty,
        messages.found(&MessageTerms::parse("salom"), None, 50) => empty,
        messages.containing(&MessageTerms::parse("salom"), Some(test_chat.chat), None, 50) => empty,
        messages.before(test_chat.chat, None, 50) => nothing_before,
        messages.after(test_chat.chat, MessageId(0), 50) => nothing_before,
        messages.newest_inbound(test_chat.chat) => none,
        messages.by_ids(&[mine.inbound, mine.outbound]) => empty,
        messages_mut.lock_for_update(mine.outbound) => no_error,
        messages_mut.update_status(mine.outbound, &report) => no_error,
        messages_mut.requeue(mine.outbound) => no_error,
        messages_mut.edit(mine.inbound, &inbound_text, &MessageDetails::default(), now) => no_error,
        messages_mut.add_previous_text(mine.inbound, &earlier) => no_error,
        messages_mut.add_sent_part(mine.outbound, "stolen") => no_error,
        chats_mut.promote_scheduled_message(&inbound, MessageStatus::Sent, now) => no_error,
        drafts.get(test_chat.chat, user) => none,
        drafts_mut.save(test_chat.chat, user, &draft) => refused,
        drafts_mut.clear(test_chat.chat, user, now) => refused,
        scheduled_messages.page(FIRST) => no_items,
        scheduled_messages.of_chat(test_chat.chat, 10) => empty,
        scheduled_messages_mut.remove_from_outbox(mine.outbound) => no_row,
        scheduled_messages_mut.delete(mine.outbound) => no_error,
        scheduled_messages_mut.reschedule(mine.outbound, now) => no_row,
        scheduled_messages_mut.set_text(mine.outbound, &inbound_text) => no_error,
        templates_mut.count_use(mine.template) => no_error,
        attachments_mut.add_pending(mine.inbound, &picture("a.jpg"), now) => refused,
        attachments_mut.add(mine.inbound, &mine.file) => refused,
        attachments_mut.add_former(mine.inbound, &picture("a.jpg"), now) => refused,
        attachments_mut.replace_all(mine.inbound, now) => no_error,
        attachments.stored(mine.stored) => none,
        attachments.stored_of(mine.outbound) => empty,
        attachments.source(mine.coming) => none,
        attachments_mut.mark_stored(mine.coming, &mine.file) => no_row,
        attachments_mut.mark_failed(mine.coming, FetchFailure::Gone) => no_row,
        attachments_mut.postpone(mine.coming, now) => no_error,
        attachments.is_referenced(&mine.file.key) => no_row,
        attachments_mut.delete_discarded(&discarded) => no_error,
        deliveries_mut.enqueue(mine.inbound, test_chat.channel, PHONE, now, now) => refused,
        deliveries_mut.enqueue(mine.inbound, own_channel, PHONE, now, now) => refused,
        deliveries_mut.enqueue_bulk(mine.inbound, test_chat.channel, PHONE, now, now) => refused,
        deliveries.positions(&[mine.outbound], now) => empty,
        scheduled_messages_mut.prioritise(mine.outbound) => no_error,
        deliveries_mut.remove(mine.outbound) => no_row,
        deliveries_mut.postpone(mine.outbound, now) => no_error,
        deliveries_mut.extend_lease(mine.outbound, now) => no_error,
        duplicates.of_client(&client, 5) => empty,
        duplicates_mut.lock_pending(&[test_chat.client]) => empty,
        duplicates_mut.recompute(&client) => no_error,
        duplicates.pairs(FIRST) => no_items,
        duplicates_mut.dismiss(test_chat.client, mine.other) => no_row,
        merges_mut.lock_pair(test_chat.client, mine.other) => no_row,
        merges_mut.create(test_chat.client, &client, None, now) => refused,
        merges_mut.finish(mine.merge, &record) => no_error,
        merges.get(mine.merge) => none,
        merges.record(mine.merge) => refused,
        merges.page(long_ago, FIRST) => no_items,
        merges.of_survivor(test_chat.client, long_ago) => empty,
        merges.survivor_of(mine.twin.client) => none,
        merges.surviving_chat_of(mine.twin.chat) => none,
        merges_mut.supersede(test_chat.client, mine.other, mine.merge) => empty,
        merges_mut.restore(mine.other, mine.merge, &[mine.merge]) => no_error,
        merges_mut.delete(mine.merge) => no_row,
        merges_mut.delete_before(now + chrono::TimeDelta::days(99)) => no_rows,
        merge_transfer.count_contacts_and_messages(test_chat.client) => no_bytes,
        merge_transfer_mut.move_contacts(test_chat.client, mine.other) => no_error,
        merge_transfer_mut.move_chat(mine.merge, test_chat.chat, mine.twin.chat, mine.other) => refused,
        merge_transfer_mut.move_dismissals(test_chat.client, mine.other) => empty,
        merge_transfer_mut.return_contacts(&[mine.contact], test_chat.client, mine.other) => no_error,
        merge_transfer_mut.restore_chat(mine.merge, moved, test_chat.chat, test_chat.client, mine.other) => refused,
        merge_transfer_mut.unlink_foreign_contacts(test_chat.client) => no_error,
        channels.all() => only_one,
        channels.get(test_chat.channel) => none,
        channels.removed(&own_channel_settings().provider, "AC1", &addresses) => none,
        channels_mut.restore(&own_channel_settings(), now) => refused,
        channels_mut.deduplicate(test_chat.channel, "SM2", now) => refused,
        channels_mut.replace_credentials(test_chat.channel, b"stolen", &ChannelSettings::new(), &webhook) => no_row,
        channels_mut.delete_unused(test_chat.channel) => no_row,
        channels_mut.lift_suppression(&senders, Transport::Telegram, ACCOUNT) => no_row,
        channels.suppressions(&[(Transport::Telegram, ACCOUNT.to_owned())]) => empty,
        channels.suppression_reason(&senders, Transport::Telegram, ACCOUNT) => none,
        channels_mut.suppress(&senders, Transport::Telegram, ACCOUNT, SuppressionReason::Gone, now) => own_value,
        channels_mut.create_invitation(test_chat.channel, test_chat.client, "stolen", now, now) => refused,
        channels_mut.create_invitation(own_channel, test_chat.client, "stolen", now, now) => refused,
        channels.valid_invitations(test_chat.client, long_ago) => empty,
        channels.client_of_invitation(test_chat.channel, &code_of(&mine.company), long_ago) => none,
        channels_mut.delete_invitations(test_chat.channel, test_chat.client, now) => no_error,
        channels_mut.move_invitations(test_chat.client, test_chat.client) => empty,
        channels_mut.redirect_invitation(&code_of(&mine.company), test_chat.client) => no_error,
        channels_mut.set_addresses(test_chat.channel, &addresses) => refused,
        channels_mut.rotate_secret(test_chat.channel, b"stolen", None) => no_row,
        channels_mut.set_disabled(test_chat.channel, Some(now)) => no_row,
        channels_mut.remove(test_chat.channel, now) => no_row,
        channels_mut.record_webhook(test_chat.channel, now) => no_error,
        channels_mut.record_failure(test_chat.channel, &trouble) => no_error,
        channels_mut.record_success(test_chat.channel, now) => no_error,
        channels_mut.record_history(test_chat.channel, now, 3) => no_error,
        messages_mut.set_details(mine.inbound, &MessageDetails::default()) => no_error,
        deliveries_mut.make_due(test_chat.channel, now, true) => no_error,
        deliveries.count_waiting(Some(test_chat.channel)) => no_counts,
        failed_messages.outbox_counts() => empty,
        failed_messages.failure_counts() => empty,
        failed_messages.page(None, FIRST) => no_items,
        failed_messages.retryable(&[mine.outbound]) => empty,
        failed_messages.retryable_after(Some(test_chat.channel), MessageId(0), 10) => empty,
        notifications.settings(user) => none,
        notifications_mut.set_preferences(user, &NotificationPreferences::default()) => refused,
        notifications_mut.set_link_code(user, own_channel, "stolen", now) => no_error,
        notifications_mut.link(test_chat.channel, "staff again", ("1", "Thief"), long_ago) => none,
        notifications_mut.unlink(user) => no_error,
        notifications_mut.unlink_blocked(test_chat.channel, STAFF, now) => none,
        notifications.is_linked(test_chat.channel, STAFF) => no_row,
        notifications_mut.lock_cursor() => none,
        notifications_mut.advance_cursor(EventId(99)) => no_error,
        notifications_mut.queue_inbound(test_chat.chat, now) => no_error,
        notifications_mut.queue_failed(test_chat.chat, mine.outbound, now) => no_error,
        notifications_mut.lease(now + TimeDelta::days(1), now + TimeDelta::days(2), 10) => empty,
        notifications_mut.finish(&due, Some(now)) => no_error,
        notifications_mut.postpone(&due, now) => no_error,
        users.find(user) => none,
        users.accounts() => only_its_own_staff,
        users.tokens() => empty,
        users.by_email(&email) => none,
        users_mut.update(user, &stolen_name, &plain) => no_error,
        users.password_hash(user) => none,
        users.token_permissions(&[session], now) => no_role,
        users.sessions(user, now) => no_sessions,
        users.account(user) => none,
        users.page_of_accounts(FIRST) => only_its_own_staff_on_a_page,
        users.page_of_tokens(Some(user), FIRST) => no_items,
        users.token(tokens[0].id) => none,
        users_mut.set_password(user, "stolen") => no_error,
        users_mut.lock_with_password(user, "stolen") => no_row,
        users_mut.start_session(user, b"stolen", &Device::default(), now, now) => refused,
        users_mut.end_session(&session) => no_error,
        users_mut.create_token(user, &NewToken::unrestricted("stolen", b"stolen", now, now)) => refused,
        users_mut.disable(user, now) => no_row,
        users_mut.enable(user) => no_error,
        users_mut.set_role(user, &UserRole::BuiltIn(Role::Administrator)) => no_row,
        users_mut.revoke_token(tokens[0].id) => no_row,
        users_mut.record_token_use(b"stolen", now) => no_error,
        users_mut.record_session_use(&session, now) => no_error,
        roles.get(mine.role) => none,
        roles.all() => empty,
        access_links.invitations() => empty,
        workspace.rules() => own_value,
        two_factor.of_user(user) => none,
        two_factor.count_recovery_codes(user) => zero,
        two_factor_mut.confirm(user, now) => no_row,
        two_factor_mut.use_step(user, 1) => no_row,
        two_factor_mut.use_recovery_code(user, b"code") => no_row,
        two_factor_mut.remove(user) => no_row,
        workspace.usage() => nothing_used,
        workspace.inbound_countries() => empty,
        workspace.sends_to(Some("KZ".parse().unwrap())) => no_row,
        workspace_mut.update(&workspace_settings) => no_error,
        roles_mut.is_taken(mine.role, "Auditor") => no_row,
        roles_mut.update(mine.role, &new_role, now) => no_error,
        roles_mut.delete(mine.role) => no_row,
        access_links.by_token(&link, now) => none,
        access_links_mut.delete(mine.link) => no_row,
        whatsapp_templates.of_channel(test_chat.channel, 100) => empty,
        whatsapp_templates.count(test_chat.channel) => zero,
        whatsapp_templates.get(test_chat.channel, mine.approved) => none,
        whatsapp_templates_mut.create(test_chat.channel, &approved, now) => refused,
        whatsapp_templates_mut.update(test_chat.channel, mine.approved, &approved, now) => no_row,
        whatsapp_templates_mut.delete(test_chat.channel, mine.approved) => no_row,
        templates.page(&SearchTerms::default(), TemplateSort::default(), FIRST) => no_items,
        templates.most_used(&SearchTerms::default(), 50) => nothing_before,
        templates.get(mine.template) => none,
        templates_mut.lock_for_update(mine.template) => none,
        templates_mut.update(mine.template, &template, now) => no_row,
        templates_mut.delete(mine.template) => no_row,
        clients.find_by_pin(&pin) => none,
        clients.find_by_phone(&phone_of(PHONE)) => none,
        imports.get(mine.import) => none,
        imports.page(None, FIRST) => no_items,
        imports_mut.check(mine.import, &ColumnMapping::default()) => no_row,
        imports_mut.start(mine.import, ImportOptions::default()) => no_row,
        imports_mut.cancel(mine.import, now) => no_row,
        imports_mut.renew_lease(mine.import, ImportState::Mapping, "stolen", now) => no_row,
        imports_mut.release_lease(mine.import, "stolen") => no_error,
        imports_mut.delete_errors(mine.import) => no_error,
        imports_mut.set_progress(mine.import, 1, &ImportCounts::default()) => no_error,
        imports_mut.set_state(mine.import, ImportState::Done, now) => no_error,
        imports_mut.add_errors(mine.import, 3, &[]) => refused,
        imports.errors(mine.import, 0, true, 100) => empty,
        imports_mut.add_step(mine.import, &step) => refused,
        imports.last_steps(mine.import, 100) => empty,
        imports_mut.delete_steps(mine.import, 0) => no_error,
        imports_mut.remove_file(mine.import, now) => no_error,
        events.after(EventId(0), 100) => only_its_own_event,
        audit_log.of_client(test_chat.client, 100) => empty,
        audit_log.page(&AuditFilter::default(), PageRequest { page: 1, limit: 10 }, Position::Numbered) => only_its_own_entry,
        audit_log.next_batch(&mut AuditBatches::new(AuditFilter::default()), 10) => only_one,
        audit_log_mut.erase_clients(&[test_chat.client]) => no_error,
        tenant_mut.suspend(now) => own_value,
        tenant_mut.resume() => own_value,
        tenant_mut.forget_last_messages(10) => no_rows,
        tenant_mut.begin_deletion(now) => no_error,
        events.last_id() => first_event_id,
        events.last_id_and_counts() => only_its_own_event_and_nothing_unread,
        merge_transfer_mut.restore_client(&client) => own_value_or_conflict,
        // The same calls succeed for the tenant's own rows, so rows of another tenant do not block them.
        clients_mut.create(client.data(), now) => own_value,
        clients_mut.create_with_contact(&stranger, &contact_value(), now) => own_value,
        imports_mut.create(&table_of(thief.agent.user.id), now) => own_value,
        channels_mut.create(&own_channel_settings(), now) => own_value,
        users_mut.create(&Email::parse("thief@example.uz").unwrap(), &name, &UserRole::BuiltIn(Role::Agent), "hash", now) => own_value,
        templates_mut.create(&template, now) => own_value,
        users_mut.create_service("Thief", &UserRole::BuiltIn(Role::Agent), now) => own_value,
        roles_mut.create(&new_role, now) => own_value,
        two_factor_mut.begin(user, b"stolen", now) => refused,
        two_factor_mut.add_recovery_code(user, b"stolen") => refused,
        workspace_mut.add_inbound_country("RU".parse().unwrap()) => no_error,
        access_links_mut.create(&email, &LinkPurpose::Reset(thief.agent.user.id), b"stolen", now, now) => own_value,
        access_links_mut.create(&email, &LinkPurpose::Reset(user), b"stolen too", now, now) => refused,
    ];
    assert_eq!(asked, methods(), "every method is asked");
    assert_eq!(rows_of(&mut raw, mine.company.id()).await, before, "nothing changed");
}

/// A channel of the caller's own.
fn own_channel_settings() -> NewChannel {
    NewChannel {
        id: ChannelId(Uuid::new_v4()),
        provider: ChannelProvider::named("twilio"),
        account: "AC9".into(),
        secret: Vec::new(),
        addresses: ChannelAddresses::default(),
        settings: ChannelSettings::new(),
        webhook: None,
        is_proven: true,
    }
}

/// All methods of a tenant's repositories, read from their sources: a new method that is not called above fails the
/// test.
fn methods() -> BTreeSet<String> {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/persistence"));
    let repositories: BTreeMap<String, String> =
        sources.iter().flat_map(|source| accessors(source)).collect();
    let mut found = BTreeSet::new();
    for source in &sources {
        let mut repository = None;
        for line in source.lines() {
            if let Some(of) = line.strip_prefix("impl") {
                let name = of.split_once('<').map(|(before, _)| before.trim());
                let name =
                    name.filter(|name| !name.is_empty()).or_else(|| of.split("> ").nth(1)?.split('<').next());
                repository = name.and_then(|name| repositories.get(name));
            }
            let function = line.trim_start().strip_prefix("pub async fn ");
            if let (Some(repository), Some(rest)) = (repository, function) {
                found.insert(format!("{repository}.{}", rest.split(['(', '<']).next().unwrap_or_default()));
            }
        }
    }
    found
}

/// The texts of all source files in a folder.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = |path: PathBuf| {
        if path.is_dir() { sources(&path) } else { vec![std::fs::read_to_string(&path).unwrap()] }
    };
    entries.flat_map(texts).collect()
}

/// The repositories that a transaction returns: their types, and the methods that return them.
fn accessors(source: &str) -> Vec<(String, String)> {
    let accessor = |line: &str| {
        let (method, result) = line.trim().strip_prefix("pub fn ")?.split_once("(&mut self) -> ")?;
        Some((result.strip_suffix("<'_> {")?.to_owned(), method.to_owned()))
    };
    source.lines().filter_map(accessor).collect()
}

async fn rows_of(raw: &mut Raw, tenant: TenantId) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for table in raw.tables().await {
        let column = if table == "tenants" { "id" } else { "tenant_id" };
        all.push((table.clone(), raw.dump(&table, &format!("{column} = {tenant}")).await));
    }
    all
}

async fn the_populated_tenant_has_rows_in_every_table(env: TestEnv) {
    let mine = env.populated_tenant("samarkand").await;
    for (table, rows) in rows_of(&mut env.raw().await, mine.company.id()).await {
        assert!(!rows.is_empty(), "{table} is empty, so stories of walls prove nothing about it");
    }
}
