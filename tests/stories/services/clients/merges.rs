//! Tests of duplicates: suggestions, merges and undo.

use std::borrow::Cow;

use aloqa::{
    domain::{
        Client, ClientField, ClientFields, ClientId, ContactType, ContactValue, Country, Draft, Event,
        EventId, MatchReason, MergeSide, MessageStatus, Patch, SearchTerms, Transport,
    },
    error::{AppError, MergedInto},
    persistence::PageRequest,
    services::{Actor, ChannelContext, DuplicateSuggestion, MergeRequest, OutgoingMessage, UndoConflict},
};
use chrono::TimeDelta;

use crate::support::{
    Company, TestEnv, concurrently,
    database::statements::count_database_use,
    providers::twilio::{report, sms},
};

on_both_engines![
    likely_duplicates_are_suggested_with_the_reason,
    a_common_name_is_no_reason_and_costs_no_more,
    the_list_of_pairs_follows_changes_of_clients,
    a_dismissed_pair_stays_dismissed,
    a_merge_moves_all_data_to_the_survivor,
    drafts_move_with_a_merge,
    merged_chats_are_paged_as_one_history,
    a_merge_combines_equal_members_and_an_undo_separates_them,
    an_undo_restores_both_clients_and_keeps_later_messages,
    an_undo_keeps_later_changes_and_reports_them,
    a_merge_is_undone_at_most_once_and_within_its_period,
    nested_merges_are_undone_in_reverse_order,
    the_merge_record_is_deleted_with_the_survivor,
    concurrent_merges_of_one_pair_merge_once,
    a_merge_of_changed_clients_is_an_edit_conflict,
    a_message_sent_during_a_merge_receives_its_status,
    messages_received_during_a_merge_reach_the_survivor,
    another_tenants_clients_cannot_be_merged,
    a_merge_of_a_large_chat_can_be_undone,
];

const FIRST: PageRequest = PageRequest { page: 1, limit: 100 };
const AZIZA: &str = "+998901234567";
const AZI: &str = "+998935550011";

/// A tenant in which one person wrote from two numbers and became two clients.
struct Twins {
    company: Company,
    channel: ChannelContext,
    aziza: ClientId,
    azi: ClientId,
}

async fn twins(env: &TestEnv) -> Twins {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    env.receive(&channel, &sms("SM1", AZIZA, "one")).await;
    env.receive(&channel, &sms("SM2", AZI, "two")).await;
    env.receive(&channel, &sms("SM3", AZIZA, "three")).await;
    let (aziza, azi) = (owner_of(&company, AZIZA).await.unwrap(), owner_of(&company, AZI).await.unwrap());
    Twins { company, channel, aziza, azi }
}

async fn owner_of(company: &Company, phone: &str) -> Option<ClientId> {
    let address = ContactValue::from_provider(ContactType::Phone, phone).unwrap();
    company.read().await.clients().find_by_address(&address).await.unwrap()
}

fn merge_request(survivor: ClientId, merged: ClientId) -> MergeRequest {
    MergeRequest { survivor, merged, choices: Vec::new(), last_seen: (None, None) }
}

async fn texts(env: &TestEnv, company: &Company, client: ClientId) -> Vec<String> {
    let chat = company.read().await.chats().of_client(client).await.unwrap();
    let Some(chat) = chat else { return Vec::new() };
    let test_chat = env.services.chats.get(&company.agent, chat.id).await.unwrap();
    test_chat.messages.into_iter().map(|message| message.text).collect()
}

/// Names of the members of a client's chat, with the transport of each.
async fn members(company: &Company, client: ClientId) -> Vec<(Transport, String)> {
    let mut tx = company.read().await;
    let chat = tx.chats().of_client(client).await.unwrap().unwrap();
    let members = tx.chats().members(chat.id).await.unwrap();
    members.into_iter().map(|member| (member.transport, member.name)).collect()
}

async fn head(company: &Company, client: ClientId) -> (i64, String) {
    let chat = company.read().await.chats().of_client(client).await.unwrap().unwrap();
    (chat.unread_count, chat.last_message.map(|last| last.preview).unwrap_or_default())
}

fn outgoing(text: &str) -> OutgoingMessage {
    OutgoingMessage {
        text: aloqa::domain::MessageText::parse(text).unwrap(),
        transport: Some(Transport::Sms),
        idempotency_key: Some("a click".into()),
        ..OutgoingMessage::default()
    }
}

async fn answer(env: &TestEnv, company: &Company, client: ClientId, text: &str) -> aloqa::domain::Message {
    let chat = company.read().await.chats().of_client(client).await.unwrap().unwrap();
    env.services.chats.send(&company.agent, chat.id, outgoing(text)).await.unwrap()
}

async fn create(env: &TestEnv, company: &Company, sent: &[(&str, &str)]) -> Client {
    let patch = patch(sent).create().unwrap();
    env.services.clients.create(&company.agent, &patch).await.unwrap()
}

fn patch(sent: &[(&str, &str)]) -> aloqa::domain::ClientPatch {
    let value = |field: ClientField| {
        let sent = sent.iter().find(|(name, _)| *name == field.name());
        Ok(sent.map_or(Patch::Keep, |(_, value)| Patch::Set((*value).to_owned())))
    };
    aloqa::domain::ClientPatch::parse(value, Country::UZ, "2026-03-02".parse().unwrap()).unwrap()
}

async fn likely_duplicates_are_suggested_with_the_reason(env: TestEnv) {
    let company = env.company("samarkand").await;
    let born = ("date_of_birth", "1990-05-17");
    let aziza = create(
        &env,
        &company,
        &[("first_name", "Aziza"), ("last_name", "Karimova"), ("email", "a@b.uz"), born],
    )
    .await;
    let same = create(&env, &company, &[("first_name", "Каримова"), ("last_name", "Азиза")]).await;
    let mail = create(&env, &company, &[("first_name", "A. K."), ("email", "A@B.uz")]).await;
    let birthday = create(&env, &company, &[("first_name", "Azizza"), born]).await;
    create(&env, &company, &[("first_name", "Aziza"), ("last_name", "Rahimova")]).await;
    let stranger = env.company("bukhara").await;
    let named = [("first_name", "Aziza"), ("last_name", "Karimova"), ("email", "a@b.uz")];
    let strange = create(&env, &stranger, &named).await;
    env.services.merges.sweep().await.unwrap();

    let found = suggestions(&env, &company.read_only, aziza.id).await;
    let found: Vec<_> =
        found.into_iter().map(|DuplicateSuggestion { client, reasons: by }| (client.id, by)).collect();
    let expected = [
        (mail.id, vec![MatchReason::Email]),
        (birthday.id, vec![MatchReason::Birthday]),
        (same.id, vec![MatchReason::Name]),
    ];
    assert_eq!(found, expected);
    assert!(suggestions(&env, &stranger.agent, strange.id).await.is_empty(), "each company by itself");
}

async fn suggestions(env: &TestEnv, actor: &Actor, client: ClientId) -> Vec<DuplicateSuggestion> {
    env.services.merges.choose(actor, client, SearchTerms::default()).await.unwrap().suggestions
}

async fn pairs(env: &TestEnv, company: &Company) -> Vec<(ClientId, ClientId, Vec<MatchReason>)> {
    env.services.merges.sweep().await.unwrap();
    let page = env.services.merges.duplicate_pairs(&company.agent, FIRST).await.unwrap().content;
    assert_eq!(usize::try_from(page.total).unwrap(), page.items.len());
    page.items.into_iter().map(|(first, like)| (first.id, like.client.id, like.reasons)).collect()
}

async fn the_list_of_pairs_follows_changes_of_clients(env: TestEnv) {
    let company = env.company("samarkand").await;
    assert_eq!(pairs(&env, &company).await, []);
    let aziza = create(&env, &company, &[("first_name", "Aziza"), ("email", "a@b.uz")]).await.id;
    let azi = create(&env, &company, &[("first_name", "Azi")]).await.id;
    assert_eq!(pairs(&env, &company).await, []);
    let contact = ContactValue::parse(ContactType::Email, "a@b.uz", Country::UZ).unwrap();
    // The service refuses a second owner of a value, but an import or an undo of a merge may leave one.
    let mut tx = company.begin().await;
    tx.clients_mut().add_contact(azi, &contact, env.clock.now()).await.unwrap().unwrap();
    let stored = tx.clients().get(azi).await.unwrap().unwrap();
    tx.clients_mut().refresh_search(&stored).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(pairs(&env, &company).await, [(aziza, azi, vec![MatchReason::Email])]);
    env.services.clients.update(&company.agent, aziza, patch(&[("email", "c@d.uz")])).await.unwrap();
    assert_eq!(pairs(&env, &company).await, []);
    // A sweep that finds no new pair changes nothing.
    let mut raw = env.raw().await;
    let before = raw.dump("match_keys", "1 = 1").await;
    env.services.merges.sweep().await.unwrap();
    assert_eq!(raw.dump("match_keys", "1 = 1").await, before);
}

async fn a_dismissed_pair_stays_dismissed(env: TestEnv) {
    let company = env.company("samarkand").await;
    let merges = &env.services.merges;
    let named = [("first_name", "Aziza"), ("last_name", "Karimova")];
    let [one, two, three] = [
        create(&env, &company, &named).await,
        create(&env, &company, &named).await,
        create(&env, &company, &named).await,
    ];
    assert_eq!(pairs(&env, &company).await.len(), 3);
    merges.dismiss(&company.agent, two.id, one.id).await.unwrap();
    merges.dismiss(&company.agent, one.id, two.id).await.unwrap();
    assert_eq!(pairs(&env, &company).await.len(), 2);
    env.services.clients.update(&company.agent, one.id, patch(&[("comments", "x")])).await.unwrap();
    assert_eq!(pairs(&env, &company).await.len(), 2);
    assert_eq!(suggestions(&env, &company.agent, one.id).await.len(), 1);
    // A dismissal also holds for the survivor of a merge: the client that was dismissed as a
    // duplicate of the merged client is not suggested for the survivor either.
    let merge = merges.merge(&company.manager, &merge_request(three.id, two.id)).await.unwrap();
    assert_eq!(pairs(&env, &company).await, []);
    merges.undo(&company.manager, merge.id).await.unwrap();
    let left: Vec<_> = pairs(&env, &company).await.into_iter().map(|(a, b, _)| (a, b)).collect();
    assert_eq!(left, [(two.id, three.id)]);
    let itself = merges.dismiss(&company.agent, one.id, one.id).await;
    assert!(matches!(itself, Err(AppError::Invalid(_))));
}

async fn a_merge_moves_all_data_to_the_survivor(env: TestEnv) {
    let Twins { company, channel, aziza, azi } = twins(&env).await;
    let (clients, merges) = (&env.services.clients, &env.services.merges);
    let rest = [
        ("last_name", "Karimova"),
        ("address", "Samarkand"),
        ("email", "azi@b.uz"),
        ("pin", "12345678901234"),
    ];
    clients.update(&company.agent, azi, patch(&rest)).await.unwrap();
    clients
        .update(&company.agent, aziza, patch(&[("email", "aziza@b.uz"), ("address", "Bukhara")]))
        .await
        .unwrap();
    let lost_chat = company.read().await.chats().of_client(azi).await.unwrap().unwrap().id;
    let [survivor, merged] = merges.compare(&company.manager, aziza, azi).await.unwrap().content;
    assert_eq!((survivor.contacts, survivor.messages, merged.contacts, merged.messages), (1, 2, 1, 1));

    let choices =
        vec![(ClientField::Address, MergeSide::Merged), (ClientField::FirstName, MergeSide::Survivor)];
    let merge =
        merges.merge(&company.manager, &MergeRequest { choices, ..merge_request(aziza, azi) }).await.unwrap();
    let client = clients.get(&company.agent, aziza).await.unwrap();
    let data = client.data();
    assert_eq!(data.phone().unwrap().as_str(), AZIZA);
    assert_eq!(
        (data.last_name(), data.text(ClientField::Address).as_deref()),
        (Some("Karimova"), Some("Samarkand"))
    );
    assert_eq!(data.pin().unwrap().value(), "12345678901234");
    let mut contacts: Vec<_> = client.contacts.iter().map(|contact| contact.value.as_str()).collect();
    contacts.sort_unstable();
    assert_eq!(contacts, [AZIZA, AZI, "azi@b.uz"]);
    assert_eq!(texts(&env, &company, aziza).await, ["one", "two", "three"]);
    assert_eq!(head(&company, aziza).await, (3, "three".into()));
    let led = clients.get(&company.agent, azi).await.unwrap_err();
    assert!(matches!(led, AppError::Merged(MergedInto::Client(id)) if id == aziza), "{led:?}");
    let chat = company.read().await.chats().of_client(aziza).await.unwrap().unwrap().id;
    let led = env.services.chats.get(&company.agent, lost_chat).await.unwrap_err();
    assert!(matches!(led, AppError::Merged(MergedInto::Chat(id)) if id == chat), "{led:?}");

    // Messages from either number arrive in the survivor's chat, and search finds it by both.
    env.receive(&channel, &sms("SM4", AZI, "four")).await;
    env.receive(&channel, &sms("SM5", AZIZA, "five")).await;
    assert_eq!(texts(&env, &company, aziza).await, ["one", "two", "three", "four", "five"]);
    assert_eq!(members(&company, aziza).await.len(), 2, "a member per address, reused");
    let filter = aloqa::persistence::ClientFilter {
        terms: aloqa::domain::SearchTerms::parse("93 555"),
        ..Default::default()
    };
    let found = clients
        .list(&company.agent, &filter, aloqa::persistence::ClientSort::Name, FIRST)
        .await
        .unwrap()
        .content;
    assert_eq!(found.items.iter().map(|client| client.id).collect::<Vec<_>>(), [aziza]);
    let (events, _) = company.read().await.events().after(EventId(0), 1_000).await.unwrap();
    let merged = Event::ClientMerged { client_id: aziza, merged_id: azi };
    let told = events.iter().find(|recorded| recorded.event == merged).unwrap();
    assert_eq!(told.actor, Some(company.manager.user.id));
    assert_eq!((merge.survivor, merge.merged, merge.superseded_by), (aziza, azi, None));
    assert_eq!(merge.merged_by, Some(company.manager.user.id));
}

async fn drafts_move_with_a_merge(env: TestEnv) {
    let Twins { company, aziza, azi, .. } = twins(&env).await;
    let [agent, manager] = [company.agent.user.id, company.manager.user.id];
    let mut tx = company.begin().await;
    let [into, from] = [
        tx.chats().of_client(aziza).await.unwrap().unwrap().id,
        tx.chats().of_client(azi).await.unwrap().unwrap().id,
    ];
    for (chat, user, text) in
        [(from, agent, "to Azi"), (from, manager, "to Azi"), (into, manager, "to Aziza")]
    {
        let draft = Draft {
            text: text.into(),
            transport: None,
            template: None,
            key: "a click".into(),
            written_at: env.clock.now(),
        };
        assert!(tx.drafts_mut().save(chat, user, &draft).await.unwrap());
    }
    // The agent had sent a message in the survivor's chat.
    tx.drafts_mut().clear(into, agent, env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    env.services.merges.merge(&company.manager, &merge_request(aziza, azi)).await.unwrap();
    for (user, text) in [(agent, "to Azi"), (manager, "to Aziza")] {
        let draft = company.read().await.drafts().get(into, user).await.unwrap();
        assert_eq!(draft.map(|draft| draft.text).as_deref(), Some(text));
    }
}

async fn merged_chats_are_paged_as_one_history(env: TestEnv) {
    let Twins { company, channel, aziza, azi } = twins(&env).await;
    for number in 0..20 {
        let from = if number % 3 == 0 { AZI } else { AZIZA };
        env.receive(&channel, &sms(&format!("SMx{number}"), from, &number.to_string())).await;
    }
    env.services.merges.merge(&company.manager, &merge_request(azi, aziza)).await.unwrap();
    let chat = company.read().await.chats().of_client(azi).await.unwrap().unwrap();
    let (mut before, mut all) = (None, Vec::new());
    loop {
        let page = env.services.chats.messages_before(&company.agent, chat.id, before, 5).await.unwrap();
        before = page.messages.first().map(|message| message.id);
        all.splice(0..0, page.messages.into_iter().map(|message| message.text));
        if !page.has_more {
            break;
        }
    }
    let expected: Vec<String> = ["one", "two", "three"]
        .map(str::to_owned)
        .into_iter()
        .chain((0..20).map(|n: i32| n.to_string()))
        .collect();
    assert_eq!(all, expected);
    assert_eq!(chat.unread_count, 23);
    assert_eq!(owner_of(&company, AZIZA).await, Some(azi));
}

async fn a_merge_combines_equal_members_and_an_undo_separates_them(env: TestEnv) {
    let Twins { company, channel: _, aziza, azi } = twins(&env).await;
    for (client, text) in [(aziza, "to Aziza"), (azi, "to Azi")] {
        // Both chats have a message with the same idempotency key.
        answer(&env, &company, client, text).await;
    }
    // Both chats have a member with the same address, as happens when a number changes its owner.
    let mut tx = company.begin().await;
    let chat = tx.chats().of_client(azi).await.unwrap().unwrap().id;
    let sender = aloqa::domain::Sender::Client { client: azi, contact: None, address: AZIZA.to_owned() };
    tx.chats_mut().find_or_create_member(chat, Transport::Sms, &sender, None, env.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let before = [members(&company, aziza).await, members(&company, azi).await];

    let merge = env.services.merges.merge(&company.manager, &merge_request(aziza, azi)).await.unwrap();
    assert_eq!(members(&company, aziza).await.len(), 3, "two numbers and the agent");
    assert_eq!(texts(&env, &company, aziza).await, ["one", "two", "three", "to Aziza", "to Azi"]);
    env.services.merges.undo(&company.manager, merge.id).await.unwrap();
    let mut after = [members(&company, aziza).await, members(&company, azi).await];
    for side in before.into_iter().zip(&mut after) {
        let (mut before, after) = side;
        before.sort_by(|a, b| a.1.cmp(&b.1));
        after.sort_by(|a, b| a.1.cmp(&b.1));
        assert_eq!(before, *after);
    }
    assert_eq!(texts(&env, &company, aziza).await, ["one", "three", "to Aziza"]);
    assert_eq!(texts(&env, &company, azi).await, ["two", "to Azi"]);
}

async fn an_undo_restores_both_clients_and_keeps_later_messages(env: TestEnv) {
    let Twins { company, channel, aziza, azi } = twins(&env).await;
    let (clients, merges) = (&env.services.clients, &env.services.merges);
    clients.update(&company.agent, azi, patch(&[("email", "azi@b.uz"), ("last_name", "K")])).await.unwrap();
    let before = clients.get(&company.agent, azi).await.unwrap();
    let kept_before = clients.get(&company.agent, aziza).await.unwrap();
    let chat = company.read().await.chats().of_client(azi).await.unwrap().unwrap();
    // The merged client's phone is chosen, so the survivor's phone becomes a contact.
    let choices = vec![(ClientField::Phone, MergeSide::Merged)];
    let merge =
        merges.merge(&company.manager, &MergeRequest { choices, ..merge_request(aziza, azi) }).await.unwrap();
    assert_eq!(clients.get(&company.agent, aziza).await.unwrap().data().phone().unwrap().as_str(), AZI);
    env.receive(&channel, &sms("SM4", AZI, "since")).await;
    answer(&env, &company, aziza, "answer since").await;

    let undone = merges.undo(&company.manager, merge.id).await.unwrap();
    assert_eq!(undone.conflicts, []);
    assert_eq!((undone.survivor.data(), undone.restored.data()), (kept_before.data(), before.data()));
    let stored = clients.get(&company.agent, azi).await.unwrap();
    assert_eq!((stored.created_at, stored.contacts.len()), (before.created_at, before.contacts.len()));
    assert_eq!(stored.contacts[0].id, before.contacts[0].id);
    assert_eq!(clients.get(&company.agent, aziza).await.unwrap().contacts.len(), 1);
    assert_eq!(texts(&env, &company, azi).await, ["two"]);
    assert_eq!(texts(&env, &company, aziza).await, ["one", "three", "since", "answer since"]);
    assert_eq!(head(&company, azi).await, (1, "two".into()));
    assert_eq!(head(&company, aziza).await, (3, "answer since".into()));
    let again = company.read().await.chats().of_client(azi).await.unwrap().unwrap();
    assert_eq!((again.id, again.created_at), (chat.id, chat.created_at));
    // A new message is again assigned to the client with the sender's number.
    env.receive(&channel, &sms("SM5", AZI, "mine")).await;
    env.receive(&channel, &sms("SM6", AZIZA, "hers")).await;
    assert_eq!(texts(&env, &company, azi).await, ["two", "mine"]);
    assert_eq!(texts(&env, &company, aziza).await.last().unwrap(), "hers");
    let event = Event::ClientUnmerged { client_id: aziza, merged_id: azi };
    let (events, _) = company.read().await.events().after(EventId(0), 1_000).await.unwrap();
    assert!(events.iter().any(|recorded| recorded.event == event));
}

async fn an_undo_keeps_later_changes_and_reports_them(env: TestEnv) {
    let Twins { company, aziza, azi, .. } = twins(&env).await;
    let (clients, merges) = (&env.services.clients, &env.services.merges);
    let pin = [("pin", "12345678901234"), ("address", "Samarkand"), ("last_name", "Karimova")];
    clients.update(&company.agent, azi, patch(&pin)).await.unwrap();
    let merge = merges.merge(&company.manager, &merge_request(aziza, azi)).await.unwrap();
    // The address is changed; the number and the PIN are given to another client.
    clients
        .update(&company.agent, aziza, patch(&[("address", "Tashkent"), ("pin", "99999999999999")]))
        .await
        .unwrap();
    let survivor = clients.get(&company.agent, aziza).await.unwrap();
    for contact in survivor.contacts.iter().filter(|contact| contact.value == AZI) {
        clients.remove_contact(&company.agent, aziza, contact.id).await.unwrap();
    }
    let other = create(&env, &company, &[("first_name", "Bobur"), ("phone", AZI), ("pin", "12345678901234")])
        .await
        .id;

    let undone = merges.undo(&company.manager, merge.id).await.unwrap();
    let mut left = undone.conflicts;
    left.sort_by_key(|left| format!("{left:?}"));
    let expected = [
        UndoConflict::ContactUnavailable(AZI.to_owned()),
        UndoConflict::FieldChanged(ClientField::Address),
        UndoConflict::FieldChanged(ClientField::Pin),
        UndoConflict::ValueTaken(ClientField::Phone, other),
        UndoConflict::ValueTaken(ClientField::Pin, other),
    ];
    assert_eq!(left, expected);
    let address = |fields: &ClientFields| fields.text(ClientField::Address).map(Cow::into_owned);
    let (survivor, restored) = (undone.survivor.data().clone(), undone.restored.data().clone());
    assert_eq!((address(&survivor), survivor.last_name()), (Some("Tashkent".into()), None));
    assert_eq!(
        (address(&restored), restored.phone(), restored.pin()),
        (Some("Samarkand".into()), None, None)
    );
    assert_eq!(owner_of(&company, AZI).await, Some(other));
}

async fn a_merge_is_undone_at_most_once_and_within_its_period(env: TestEnv) {
    let Twins { company, aziza, azi, .. } = twins(&env).await;
    let merges = &env.services.merges;
    let merge = merges.merge(&company.manager, &merge_request(aziza, azi)).await.unwrap();
    let both = concurrently(2, |_| {
        let (merges, actor) = (merges.clone(), company.manager.clone());
        async move { merges.undo(&actor, merge.id).await }
    })
    .await;
    assert_eq!(both.iter().filter(|undone| undone.is_ok()).count(), 1);
    assert!(both.iter().any(|undone| matches!(undone, Err(AppError::NotFound))));
    assert!(merges.list(&company.agent, FIRST).await.unwrap().content.items.is_empty());

    let merge = merges.merge(&company.manager, &merge_request(aziza, azi)).await.unwrap();
    env.advance_clock(TimeDelta::days(30) - TimeDelta::seconds(1));
    merges.sweep().await.unwrap();
    let page = env.services.clients.open_page(&company.agent, aziza).await.unwrap();
    assert_eq!(page.merges.len(), 1);
    env.advance_clock(TimeDelta::seconds(1));
    assert!(matches!(merges.undo(&company.manager, merge.id).await, Err(AppError::NotFound)));
    assert_eq!(merges.list(&company.agent, FIRST).await.unwrap().content.total, 0);
    env.advance_clock(TimeDelta::seconds(1));
    let mut raw = env.raw().await;
    assert_eq!(raw.count("merges").await, 1);
    merges.sweep().await.unwrap();
    assert_eq!((raw.count("merges").await, raw.count("merge_messages").await), (0, 0));
    assert!(matches!(env.services.clients.get(&company.agent, azi).await, Err(AppError::NotFound)));
}

async fn nested_merges_are_undone_in_reverse_order(env: TestEnv) {
    let Twins { company, channel, aziza, azi } = twins(&env).await;
    let merges = &env.services.merges;
    env.receive(&channel, &sms("SM9", "+998977770022", "third")).await;
    let third = owner_of(&company, "+998977770022").await.unwrap();
    let first = merges.merge(&company.manager, &merge_request(azi, aziza)).await.unwrap();
    let second = merges.merge(&company.manager, &merge_request(third, azi)).await.unwrap();
    assert_eq!(texts(&env, &company, third).await, ["one", "two", "three", "third"]);
    for merged in [aziza, azi] {
        let led = env.services.clients.get(&company.agent, merged).await.unwrap_err();
        assert!(matches!(led, AppError::Merged(MergedInto::Client(id)) if id == third), "{led:?}");
    }
    assert!(matches!(merges.undo(&company.manager, first.id).await, Err(AppError::Conflict(_))));
    merges.undo(&company.manager, second.id).await.unwrap();
    assert_eq!(texts(&env, &company, azi).await, ["one", "two", "three"]);
    merges.undo(&company.manager, first.id).await.unwrap();
    assert_eq!(texts(&env, &company, aziza).await, ["one", "three"]);
    assert_eq!(texts(&env, &company, azi).await, ["two"]);
    assert_eq!(texts(&env, &company, third).await, ["third"]);
    assert_eq!(env.raw().await.count("merge_messages").await, 0);
}

async fn the_merge_record_is_deleted_with_the_survivor(env: TestEnv) {
    let Twins { company, channel, aziza, azi } = twins(&env).await;
    env.receive(&channel, &sms("SM9", "+998977770022", "third")).await;
    let third = owner_of(&company, "+998977770022").await.unwrap();
    for (survivor, merged) in [(azi, aziza), (third, azi)] {
        env.services.merges.merge(&company.manager, &merge_request(survivor, merged)).await.unwrap();
    }
    env.services.merges.sweep().await.unwrap();
    env.services.clients.delete(&company.manager, third).await.unwrap();
    let mut raw = env.raw().await;
    for table in
        ["clients", "contacts", "chats", "members", "messages", "merges", "merge_messages", "match_keys"]
    {
        assert_eq!(raw.count(table).await, 0, "{table}");
    }
    assert!(!env.contains_plaintext("901234567").await || env.engine == crate::support::Engine::Sqlite);
}

async fn concurrent_merges_of_one_pair_merge_once(env: TestEnv) {
    let Twins { company, aziza, azi, .. } = twins(&env).await;
    let done = concurrently(6, |number| {
        let (merges, actor) = (env.services.merges.clone(), company.manager.clone());
        let merge_request =
            if number % 2 == 0 { merge_request(aziza, azi) } else { merge_request(azi, aziza) };
        async move { merges.merge(&actor, &merge_request).await }
    })
    .await;
    assert_eq!(done.iter().filter(|merge| merge.is_ok()).count(), 1);
    for refused in done.into_iter().filter_map(Result::err) {
        assert!(matches!(refused, AppError::NotFound | AppError::Invalid(_)), "{refused:?}");
    }
    let itself = env.services.merges.merge(&company.manager, &merge_request(aziza, aziza)).await.unwrap_err();
    assert!(matches!(itself, AppError::Invalid(_) | AppError::NotFound), "{itself:?}");
}

async fn a_merge_of_changed_clients_is_an_edit_conflict(env: TestEnv) {
    let Twins { company, aziza, azi, .. } = twins(&env).await;
    let [survivor, merged] = env.services.merges.compare(&company.manager, aziza, azi).await.unwrap().content;
    env.advance_clock(TimeDelta::seconds(1));
    env.services.clients.update(&company.agent, azi, patch(&[("address", "Samarkand")])).await.unwrap();
    let seen = (Some(survivor.client.updated_at), Some(merged.client.updated_at));
    let merge_request = MergeRequest { last_seen: seen, ..merge_request(aziza, azi) };
    let stale = env.services.merges.merge(&company.manager, &merge_request).await.unwrap_err();
    assert!(matches!(stale, AppError::EditConflict), "{stale:?}");
    let [survivor, merged] = env.services.merges.compare(&company.manager, aziza, azi).await.unwrap().content;
    let seen = (Some(survivor.client.updated_at), Some(merged.client.updated_at));
    env.services
        .merges
        .merge(&company.manager, &MergeRequest { last_seen: seen, ..merge_request })
        .await
        .unwrap();
}

async fn a_message_sent_during_a_merge_receives_its_status(env: TestEnv) {
    let Twins { company, channel, aziza, azi } = twins(&env).await;
    let message = answer(&env, &company, azi, "queued").await;
    let scheduled = OutgoingMessage {
        scheduled_at: Some(env.clock.now() + TimeDelta::hours(1)),
        idempotency_key: None,
        ..outgoing("later")
    };
    let chat = company.read().await.chats().of_client(azi).await.unwrap().unwrap().id;
    let later = env.services.chats.send(&company.agent, chat, scheduled).await.unwrap();
    // The worker, the merge and the provider's reports run concurrently.
    let (delivery, merges) = (env.services.delivery.clone(), env.services.merges.clone());
    let (manager, merge_request) = (company.manager.clone(), merge_request(aziza, azi));
    let (sent, merged) = tokio::join!(
        tokio::spawn(async move { delivery.drain().await }),
        tokio::spawn(async move { merges.merge(&manager, &merge_request).await })
    );
    assert_eq!((sent.unwrap().unwrap(), merged.unwrap().is_ok()), (1, true));
    let into = company.read().await.chats().of_client(aziza).await.unwrap().unwrap().id;
    let stored = company.read().await.messages().get(into, message.id).await.unwrap().unwrap();
    assert_eq!(stored.status, MessageStatus::Sent);
    let provider_id = company.read().await.messages().provider_id(message.id).await.unwrap().unwrap();
    let reported = report(&provider_id, MessageStatus::Delivered);
    assert!(env.services.delivery.report(&channel, reported).await.unwrap());
    let stored = company.read().await.messages().get(into, message.id).await.unwrap().unwrap();
    assert_eq!(stored.status, MessageStatus::Delivered);
    env.advance_clock(TimeDelta::hours(2));
    assert_eq!(env.services.delivery.drain().await.unwrap(), 1);
    let stored = company.read().await.messages().get(into, later.id).await.unwrap().unwrap();
    assert_eq!(stored.status, MessageStatus::Sent);
    let chat = company.read().await.chats().get(into).await.unwrap().unwrap();
    assert_eq!(chat.last_message.unwrap().status, MessageStatus::Sent, "the head follows");
}

async fn messages_received_during_a_merge_reach_the_survivor(env: TestEnv) {
    let Twins { company, channel, aziza, azi } = twins(&env).await;
    let (merges, manager) = (env.services.merges.clone(), company.manager.clone());
    let there_and_back = tokio::spawn(async move {
        for _ in 0..5 {
            let merge = merges.merge(&manager, &merge_request(aziza, azi)).await.unwrap();
            merges.undo(&manager, merge.id).await.unwrap();
        }
        merges.merge(&manager, &merge_request(aziza, azi)).await.unwrap();
    });
    let received = concurrently(8, |writer| {
        let (inbound, channel) = (env.services.inbound.clone(), channel.clone());
        async move {
            for number in 0..8 {
                let from = if number % 2 == 0 { AZI } else { AZIZA };
                let message = sms(&format!("SM{writer}-{number}"), from, "during");
                inbound.receive(&channel, &message).await.unwrap();
            }
        }
    });
    let (done, _) = tokio::join!(there_and_back, received);
    done.unwrap();
    let mut raw = env.raw().await;
    assert_eq!((raw.count("clients").await, raw.count("chats").await), (1, 1));
    assert_eq!(raw.count("messages").await, 3 + 64);
    let chat = company.read().await.chats().of_client(aziza).await.unwrap().unwrap();
    assert_eq!(chat.unread_count, 67);
}

async fn another_tenants_clients_cannot_be_merged(env: TestEnv) {
    let Twins { company, aziza, azi, .. } = twins(&env).await;
    let thief = env.company("bukhara").await;
    let merges = &env.services.merges;
    let own = thief.client(&env, "Aziza", AZIZA).await;
    for (survivor, merged) in [(aziza, azi), (own, azi), (aziza, own)] {
        let refused = merges.merge(&thief.administrator, &merge_request(survivor, merged)).await.unwrap_err();
        assert!(matches!(refused, AppError::NotFound | AppError::Invalid(_)), "{refused:?}");
        assert!(merges.compare(&thief.administrator, survivor, merged).await.is_err());
        assert!(matches!(
            merges.dismiss(&thief.administrator, survivor, merged).await,
            Err(AppError::NotFound)
        ));
    }
    let merge = merges.merge(&company.manager, &merge_request(aziza, azi)).await.unwrap();
    assert!(matches!(merges.undo(&thief.administrator, merge.id).await, Err(AppError::NotFound)));
    assert!(matches!(env.services.clients.get(&thief.administrator, azi).await, Err(AppError::NotFound)));
    assert_eq!(merges.list(&thief.administrator, FIRST).await.unwrap().content.total, 0);
    let page = env.services.clients.open_page(&thief.administrator, aziza).await;
    assert!(matches!(page, Err(AppError::NotFound)));
}

/// Ten thousand messages are enough: the duration grows linearly.
const MANY: i64 = 10_000;

async fn a_merge_of_a_large_chat_can_be_undone(env: TestEnv) {
    let Twins { company, aziza, azi, .. } = twins(&env).await;
    let mut raw = env.raw().await;
    let one =
        format!("SELECT id FROM messages WHERE chat_id = (SELECT id FROM chats WHERE client_id = {azi})");
    let numbers =
        format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})");
    raw.run(&format!(
        "{numbers} INSERT INTO messages (tenant_id, chat_id, member_id, direction, transport, text, status, created_at)
         SELECT m.tenant_id, m.chat_id, m.member_id, m.direction, m.transport, 'many', m.status, m.created_at
         FROM messages m, n WHERE m.id = ({one})"
    ))
    .await
    .unwrap();
    let merge = env.services.merges.merge(&company.manager, &merge_request(aziza, azi)).await.unwrap();
    assert_eq!(head(&company, aziza).await, (MANY + 3, "many".into()));
    env.services.merges.undo(&company.manager, merge.id).await.unwrap();
    assert_eq!(head(&company, azi).await, (MANY + 1, "many".into()));
    assert_eq!(head(&company, aziza).await, (2, "three".into()));
}

async fn a_common_name_is_no_reason_and_costs_no_more(env: TestEnv) {
    let company = env.company("samarkand").await;
    let named = [("first_name", "Aziza"), ("last_name", "Karimova")];
    let mut last = None;
    for _ in 0..10 {
        last = Some(create(&env, &company, &named).await.id);
    }
    assert_eq!(pairs(&env, &company).await.len(), 45, "ten may be one person");
    let last = last.unwrap();
    assert!(!suggestions(&env, &company.read_only, last).await.is_empty());

    create(&env, &company, &named).await;
    assert_eq!(pairs(&env, &company).await, [], "eleven have the same name by chance");
    assert!(suggestions(&env, &company.read_only, last).await.is_empty());
    // Another reason counts as before.
    let mail = [named[0], named[1], ("email", "a@b.uz")];
    let one = create(&env, &company, &mail).await.id;
    let other = create(&env, &company, &[("first_name", "A. K."), ("email", "a@b.uz")]).await.id;
    assert_eq!(pairs(&env, &company).await, [(one, other, vec![MatchReason::Email])]);

    // A client costs the same number of statements, however many have its name.
    let cost = async |count: usize| {
        for _ in 0..count {
            create(&env, &company, &named).await;
        }
        let (swept, used) = Box::pin(count_database_use(env.services.merges.sweep())).await;
        swept.unwrap();
        used.statements.len()
    };
    let (few, many) = (cost(20).await, cost(200).await);
    // A slow machine needs more batches.
    assert!(many <= few * 15, "{few} statements for 20 clients, {many} for 200");
}
