//! Tests of the client list: paging, filters, selection and bulk deletion.

use std::collections::BTreeSet;

use aloqa::{
    domain::{Client, ClientId},
    persistence::{ClientFilter, ClientSort, PageRequest, Position},
    services::ClientSelection,
};
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{
    Company, Engine, TestEnv, chat_fixture::store_message, database::statements::count_statements,
    http::Visitor, people::phone_of,
};

on_both_engines! {
    next_links_show_each_client_once_during_insertions,
    the_url_keeps_filter_sort_and_position,
    days_are_those_of_the_tenants_time_zone,
    a_bulk_delete_is_confirmed_with_counts,
    selecting_all_uses_the_filter,
    an_empty_or_foreign_selection_deletes_no_client,
    thousands_of_clients_are_paged_and_deleted_in_batches,
    a_long_client_list_takes_no_more_statements,
}

async fn create_many(env: &TestEnv, company: &Company, prefix: &str, numbers: std::ops::Range<usize>) {
    let mut tx = company.begin().await;
    for number in numbers {
        // Some clients have the same creation time.
        if number % 3 == 0 {
            env.advance_clock(TimeDelta::milliseconds(1));
        }
        let new = Client::builder(&format!("{prefix}{number:05}")).build().unwrap();
        tx.clients_mut().create(&new, env.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Follows the links with this name through the list; returns the names on each page, in order.
async fn follow(
    browser: &Visitor,
    from: &str,
    rel: &str,
    mut at_each: impl AsyncFnMut(usize),
) -> Vec<Vec<String>> {
    let (mut address, mut pages) = (Some(from.to_owned()), Vec::new());
    while let Some(next) = address {
        let page = browser.get(next).html().await.is(200);
        pages.push(page.texts("tbody .person"));
        address = page.attribute(&format!("a[rel={rel}]"), "href");
        at_each(pages.len()).await;
        assert!(pages.len() < 50, "it has no end");
    }
    pages
}

/// The name follows the letter in the avatar.
fn names(pages: &[Vec<String>]) -> Vec<String> {
    let name = |text: &String| text[text.find("Name").or_else(|| text.find("A name")).unwrap()..].to_owned();
    pages.concat().iter().map(name).collect()
}

async fn next_links_show_each_client_once_during_insertions(env: TestEnv) {
    let company = env.company("samarkand").await;
    create_many(&env, &company, "Name", 0..90).await;
    let browser = env.sign_in(&company.agent).await;
    let all: Vec<_> = (0..90).map(|number| format!("Name{number:05}")).collect();
    for (sort, backwards) in [("", true), ("created_at", false), ("name", false), ("-name", true)] {
        let address = format!("/crm/clients?sort={sort}&q=name&limit=20");
        let pages = follow(&browser, &address, "next", async |page| {
            // New clients are added at both ends; the test only requires that no other client is missing or repeated.
            create_many(&env, &company, &format!("Name{sort}-"), page * 7..page * 7 + 3).await;
            create_many(&env, &company, &format!("A name{sort}-"), page * 7..page * 7 + 3).await;
        })
        .await;
        let shown = names(&pages);
        let mut old: Vec<_> = shown.iter().filter(|name| all.contains(name)).cloned().collect();
        if backwards {
            old.reverse();
        }
        assert_eq!(old, all, "{sort}");
        assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), shown.len(), "nobody twice: {sort}");
    }
    // The same backwards, from the last page to a first one that is full.
    let last = browser.get("/crm/clients?limit=20&page=4&sort=name").html().await.is(200);
    let back = follow(&browser, &last.attribute("a[rel=prev]", "href").unwrap(), "prev", async |_| {}).await;
    assert_eq!(back.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 20]);
}

async fn the_url_keeps_filter_sort_and_position(env: TestEnv) {
    let company = env.company("samarkand").await;
    create_many(&env, &company, "Name", 0..60).await;
    let browser = env.sign_in(&company.manager).await;
    let page =
        browser.get("/crm/clients?q=Name&created_from=2026-01-01&sort=name&page=2").html().await.is(200);
    let kept = "q=Name&created_from=2026-01-01";
    for (link, href) in [
        ("th a[href*='sort=-name']", format!("/crm/clients?{kept}&sort=-name")),
        ("th:last-child a", format!("/crm/clients?{kept}&sort=-created_at")),
        (".sizes a:last-child", format!("/crm/clients?{kept}&sort=name&limit=100")),
        (".sizes a[aria-current]", format!("/crm/clients?{kept}&sort=name")),
        ("#client-presets li:first-child a", "/crm/clients?q=Name&sort=name".to_owned()),
    ] {
        assert_eq!(page.attribute(link, "href").as_deref(), Some(&*href), "{link}");
    }
    assert_eq!(page.attribute("th[aria-sort]", "aria-sort").as_deref(), Some("ascending"));
    let next = page.attribute("a[rel=next]", "href").unwrap();
    assert!(next.contains("page=3&after=") && next.contains(kept), "{next}");
    assert!(page.attribute("a[rel=prev]", "href").unwrap().contains("page=1&before="));
    assert!(page.text_of(".foot").contains("26–50"));
    // An invalid cursor is ignored.
    for place in [
        "after=x",
        "after=x_1",
        "before=~",
        "after=99999999999999999999_9",
        "after=1~%00",
        "before=1~-9223372036854775808",
    ] {
        for sort in ["name", "created_at"] {
            let list = browser
                .get(format!("/crm/clients?limit=50&sort={sort}&{place}"))
                .json()
                .await
                .is(200)
                .value();
            assert_eq!(list["total"], 60, "{place}");
        }
    }
    let program = env.api_client(&company.manager).await;
    let list = program.get("/crm/clients?limit=25&sort=name&page=3").json().await.is(200).value();
    assert_eq!((&list["items"][9]["first_name"], &list["has_more"]), (&json!("Name00059"), &json!(false)));
}

async fn days_are_those_of_the_tenants_time_zone(env: TestEnv) {
    // Tashkent is five hours ahead: late evening in UTC is the next morning there.
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.agent).await;
    let day = |days: i64| {
        let today = company.tenant.time_zone.local(env.clock.now()).date_naive();
        (today - TimeDelta::days(days)).to_string()
    };
    company.client(&env, "Past", "+998901234567").await;
    env.advance_clock(TimeDelta::days(10));
    company.client(&env, "Now", "+998901234568").await;
    let page = browser.get("/crm/clients").html().await.is(200);
    let presets: Vec<_> = (1..=4)
        .map(|at| page.attribute(&format!("#client-presets li:nth-child({at}) a"), "href").unwrap())
        .collect();
    let expected = |days| format!("/crm/clients?created_from={}", day(days));
    assert_eq!(presets, ["/crm/clients".to_owned(), expected(0), expected(6), expected(29)]);
    for (preset, found) in presets.iter().zip([2, 1, 1, 2]) {
        let page = browser.get(preset).html().await.is(200);
        assert_eq!(page.texts("tbody .person").len(), found, "{preset}");
        assert_eq!(page.attribute("#client-presets [aria-current]", "href").as_deref(), Some(&**preset));
    }
    let custom =
        browser.get(format!("/crm/clients?created_from={0}&created_to={0}", day(10))).html().await.is(200);
    assert_eq!(custom.texts("tbody .person").len(), 1);
    assert_eq!(custom.attribute("#created-to", "value"), Some(day(10)));
    assert!(!custom.has("#client-presets [aria-current]"));
}

async fn a_bulk_delete_is_confirmed_with_counts(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let mut ids = Vec::new();
    for (name, phone) in [("Aziza", "+998901234567"), ("Bobur", "+998901234568"), ("Zafar", "+998901234569")]
    {
        let test_chat = env.chat_fixture(&company, &channel, name, phone).await;
        let mut tx = company.begin().await;
        store_message(&mut tx, &test_chat.inbound("salom", env.clock.now())).await;
        tx.commit().await.unwrap();
        ids.push(test_chat.client);
    }
    let browser = env.sign_in(&company.manager).await;
    let list = browser.get("/crm/clients?sort=name&q=a").html().await.is(200);
    assert_eq!(list.attribute("form[data-pick]", "action").as_deref(), Some("/crm/clients/delete"));
    assert_eq!(list.attribute("tbody tr:first-child input[name=ids]", "value"), Some(ids[0].to_string()));
    let agent = env.sign_in(&company.agent).await;
    assert!(!agent.get("/crm/clients").html().await.is(200).has("[name=ids], [data-pick-all], .picked"));

    let ask = format!("/crm/clients/delete?sort=name&ids={}&ids={}", ids[0], ids[1]);
    let question = browser.get(&ask).html().await.is(200);
    assert_eq!(question.texts(".clients-delete li"), ["2 clients", "2 chats", "2 messages"]);
    assert_eq!(
        company.read().await.clients().deletion_impact(&ids).await.unwrap().clients,
        3,
        "asking deletes nobody"
    );
    let counted = browser.get(&ask).json().await.is(200).value();
    assert_eq!(counted, json!({ "clients": 2, "contacts": 0, "chats": 2, "messages": 2, "files": 0 }));

    let sent = question.attribute("form input[name=ids]", "value").unwrap();
    let gone =
        browser.post("/crm/clients/delete").form([("ids", &*sent), ("sort", "name")]).html().await.is(303);
    assert_eq!(gone.header("location"), Some("/crm/clients?sort=name"));
    let left = browser.get("/crm/clients").json().await.is(200).value();
    assert_eq!((&left["total"], &left["items"][0]["first_name"]), (&json!(1), &json!("Zafar")));
    let told = env.raw().await.number("SELECT COUNT(*) FROM events WHERE kind = 'ClientDeleted'").await;
    assert_eq!(told, 2);
    let again = browser.post("/crm/clients/delete").form([("ids", &*sent)]).json().await.is(200).value();
    assert_eq!(again, json!({ "deleted": 0, "left": 0 }));
}

async fn selecting_all_uses_the_filter(env: TestEnv) {
    let (company, other) = env.two_companies().await;
    create_many(&env, &company, "Goes", 0..30).await;
    create_many(&env, &company, "Stays", 0..5).await;
    create_many(&env, &other, "Goes", 0..5).await;
    let browser = env.sign_in(&company.manager).await;
    let question = browser.get("/crm/clients/delete?q=goes&all=true&ids=1").html().await.is(200);
    assert!(question.text_of("h1").contains("30"));
    let field = |name: &str| question.attribute(&format!("form input[name={name}]"), "value").unwrap();
    let form = ["q", "all", "newest"].map(|name| (name, field(name)));
    create_many(&env, &company, "Goes late", 0..2).await;
    let done = browser.post("/crm/clients/delete").form(form).json().await.is(200).value();
    assert_eq!(done, json!({ "deleted": 30, "left": 0 }));
    let left = browser.get("/crm/clients?q=goes").json().await.is(200).value();
    assert_eq!(left["total"], 2, "who came after the question stays");
    assert_eq!(browser.get("/crm/clients").json().await.value()["total"], 7);
    assert_eq!(env.api_client(&other.agent).await.get("/crm/clients").json().await.value()["total"], 5);
}

async fn an_empty_or_foreign_selection_deletes_no_client(env: TestEnv) {
    let (company, other) = env.two_companies().await;
    let mine = company.client(&env, "Aziza", "+998901234567").await;
    let theirs = other.client(&env, "Aziza", "+998901234567").await;
    let browser = env.sign_in(&company.manager).await;
    for bad in [
        "",
        "ids=",
        "ids=x",
        "ids=1,",
        "ids=99999999999999999999",
        "all=maybe",
        "all=true&newest=x",
        "all=true&created_to=x",
    ] {
        browser.get(format!("/crm/clients/delete?{bad}")).json().await.problem(422);
        let pairs = form_urlencoded(bad);
        browser.post("/crm/clients/delete").form(pairs).html().await.is(422);
    }
    let asked = browser.get(format!("/crm/clients/delete?ids={theirs}")).json().await.is(200).value();
    assert_eq!(asked["clients"], 0);
    let done =
        browser.post("/crm/clients/delete").form([("ids", theirs.to_string())]).json().await.is(200).value();
    assert_eq!(done["deleted"], 0);
    for (company, id) in [(&company, mine), (&other, theirs)] {
        assert!(company.read().await.clients().get(id).await.unwrap().is_some());
    }
}

fn form_urlencoded(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

async fn thousands_of_clients_are_paged_and_deleted_in_batches(env: TestEnv) {
    // Filling the database of a server over a socket takes longer.
    let many: usize = if env.engine == Engine::Sqlite { 10_000 } else { 2_500 };
    let count = i64::try_from(many).unwrap();
    let company = env.company("samarkand").await;
    let mut tx = company.begin().await;
    for number in 0..many {
        let phone = phone_of(&format!("+99890{:07}", 1_000_000 + number));
        let new = Client::builder(&format!("Name{}", number % 100)).phone(phone).build().unwrap();
        tx.clients_mut().create(&new, env.clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();

    let request = PageRequest { page: 1, limit: 100 };
    let (mut place, mut seen) = (Position::Numbered, Vec::new());
    loop {
        let filter = ClientFilter::default();
        let found =
            company.read().await.clients().page_at(&filter, ClientSort::Name, request, place).await.unwrap();
        assert_eq!(found.page.total, count);
        seen.extend(found.page.items.iter().map(|client| client.id));
        let Some(next) = found.next else { break };
        place = Position::After(next);
    }
    assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (many, many));
    for page in [1, 7, 19, count / 100] {
        let request = PageRequest { page, limit: 100 };
        let list =
            company.read().await.clients().page(&ClientFilter::default(), ClientSort::Name, request).await;
        let ids: Vec<ClientId> = list.unwrap().items.iter().map(|client| client.id).collect();
        let from = usize::try_from(page - 1).unwrap() * 100;
        assert_eq!(ids, seen[from..from + 100], "page {page} by its number");
    }

    let selection = ClientSelection::Matching { filter: ClientFilter::default(), newest: None };
    let mut deleted = 0;
    loop {
        let done = env.services.clients.delete_selected(&company.manager, &selection).await.unwrap();
        deleted += done.deleted;
        assert!(done.deleted > 0, "each portion gets on");
        if done.remaining == 0 {
            break;
        }
    }
    assert_eq!(deleted, count);
    let mut raw = env.raw().await;
    assert_eq!((raw.count("clients").await, raw.count("client_search").await), (0, 0));
    assert_eq!(raw.number("SELECT client_count FROM event_counters").await, 0);
    assert_eq!(raw.number("SELECT COUNT(*) FROM events WHERE kind = 'ClientDeleted'").await, count);
}

async fn a_long_client_list_takes_no_more_statements(env: TestEnv) {
    let company = env.company("samarkand").await;
    let browser = env.sign_in(&company.manager).await;
    let program = env.api_client(&company.manager).await;
    company.client(&env, "Name", "+998901234567").await;
    let ask = async |query: &str| {
        let address = format!("/crm/clients?{query}");
        let (page, of_page) = count_statements(browser.get(&address).html()).await;
        let (list, of_list) = count_statements(program.get(&address).json()).await;
        let rows = page.is(200).texts("tbody .person").len();
        assert_eq!(list.is(200).value()["items"].as_array().unwrap().len(), rows, "{query}");
        (rows, of_page, of_list)
    };
    let queries = ["limit=100", "limit=100&q=name&sort=name", "limit=100&created_from=2026-01-01"];
    let mut few = Vec::new();
    for query in queries {
        few.push(ask(query).await);
    }
    create_many(&env, &company, "Name ", 0..2_000).await;
    let channel = env.connect(&company).await;
    program.receive_sms(&channel, "SM1", "+998901234567", "Salom").await;
    let ids = program.get("/crm/clients?limit=40").json().await.value();
    for client in ids["items"].as_array().unwrap() {
        let body = json!({ "type": "other", "value": format!("room {}", client["id"]) });
        let path = format!("/crm/clients/{}/contacts", client["id"]);
        program.post(path).json_body(body).json().await.is(201);
    }
    for (query, (one, of_page, of_list)) in queries.into_iter().zip(few) {
        assert_eq!(one, 1);
        assert_eq!(ask(query).await, (100, of_page, of_list), "{query}");
        assert_eq!(ask(&format!("{query}&page=9")).await, (100, of_page, of_list), "{query}");
        assert!(of_page <= 8 && of_list <= 5, "{query}: {of_page}, {of_list}");
    }
}
