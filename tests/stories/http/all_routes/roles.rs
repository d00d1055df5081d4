//! Tests of roles: every route refuses an action that the role does not include, and no page offers it.

use aloqa::{
    domain::{Role, UserRole},
    services::Actor,
};
use axum::http::Method;

use crate::http::all_routes::route_table::{Ids, WITHOUT_SESSION, routes};
use crate::support::TestEnv;

on_both_engines! {
    each_role_is_refused_forbidden_routes,
    pages_offer_only_permitted_actions,
}

/// Routes that the read-only role does not include.
const NOT_FOR_READERS: &[(&str, &str)] = &[
    ("POST", "/crm/clients"),
    ("GET", "/crm/clients/new"),
    ("GET", "/crm/clients/export"),
    ("GET", "/crm/clients/delete"),
    ("POST", "/crm/clients/delete"),
    ("GET", "/crm/clients/imports"),
    ("POST", "/crm/clients/imports"),
    ("GET", "/crm/clients/imports/{import_id}"),
    ("PUT", "/crm/clients/imports/{import_id}"),
    ("POST", "/crm/clients/imports/{import_id}/start"),
    ("POST", "/crm/clients/imports/{import_id}/cancel"),
    ("GET", "/crm/clients/imports/{import_id}/flaws"),
    ("PUT", "/crm/clients/{id}"),
    ("DELETE", "/crm/clients/{id}"),
    ("GET", "/crm/clients/{id}/delete"),
    ("GET", "/crm/clients/{id}/edit"),
    ("POST", "/crm/clients/duplicates/dismiss"),
    ("GET", "/crm/clients/{id}/merge"),
    ("POST", "/crm/clients/{id}/merge"),
    ("POST", "/crm/clients/merges/{merge_id}/undo"),
    ("GET", "/crm/clients/{id}/invitations"),
    ("POST", "/crm/clients/{id}/invitations"),
    ("POST", "/crm/clients/{id}/contacts"),
    ("DELETE", "/crm/clients/{id}/contacts/{contact_id}"),
    ("POST", "/crm/chats"),
    ("GET", "/crm/chats/new"),
    ("POST", "/crm/chats/{id}/messages"),
    ("PUT", "/crm/chats/{id}/messages/{message_id}/read"),
    ("POST", "/crm/chats/{id}/messages/{message_id}/retry"),
    ("GET", "/crm/chats/{id}/draft"),
    ("PUT", "/crm/chats/{id}/draft"),
    ("GET", "/crm/chats/{id}/templates"),
    ("GET", "/crm/chats/{id}/approved-templates"),
    ("GET", "/crm/chats/{id}/approved-templates/{approved_id}"),
    ("POST", "/crm/chats/{id}/approved-templates/{approved_id}"),
    ("GET", "/crm/chats/{id}/messages/{message_id}/schedule"),
    ("PUT", "/crm/chats/{id}/messages/{message_id}/schedule"),
    ("DELETE", "/crm/chats/{id}/messages/{message_id}/schedule"),
    ("POST", "/crm/chats/{id}/messages/{message_id}/send-now"),
    ("PUT", "/crm/chats/{id}/messages/{message_id}/arrived"),
    ("PUT", "/crm/chats/{id}/unread"),
    ("POST", "/crm/instant-messages"),
    ("GET", "/crm/instant-messages/new"),
    ("PUT", "/crm/instant-messages/{id}"),
    ("DELETE", "/crm/instant-messages/{id}"),
    ("GET", "/crm/instant-messages/{id}/edit"),
    ("GET", "/crm/settings/audit"),
    ("GET", "/crm/settings/audit/export"),
];

/// Routes that the agent role does not include.
const NOT_FOR_AGENTS: &[(&str, &str)] = &[
    ("GET", "/crm/settings/audit"),
    ("GET", "/crm/settings/audit/export"),
    ("GET", "/crm/clients/export"),
    ("GET", "/crm/clients/delete"),
    ("POST", "/crm/clients/delete"),
    ("DELETE", "/crm/clients/{id}"),
    ("GET", "/crm/clients/{id}/delete"),
    ("GET", "/crm/clients/{id}/merge"),
    ("POST", "/crm/clients/{id}/merge"),
    ("POST", "/crm/clients/merges/{merge_id}/undo"),
    ("POST", "/crm/instant-messages"),
    ("GET", "/crm/instant-messages/new"),
    ("PUT", "/crm/instant-messages/{id}"),
    ("DELETE", "/crm/instant-messages/{id}"),
    ("GET", "/crm/instant-messages/{id}/edit"),
];

/// Routes that the manager role does not include; the roles below it do not include them either.
const NOT_FOR_MANAGERS: &[(&str, &str)] = &[
    ("GET", "/crm/settings/channels"),
    ("POST", "/crm/settings/channels"),
    ("GET", "/crm/settings/channels/new"),
    ("GET", "/crm/settings/channels/{id}"),
    ("PUT", "/crm/settings/channels/{id}"),
    ("DELETE", "/crm/settings/channels/{id}"),
    ("PUT", "/crm/settings/channels/{id}/credentials"),
    ("GET", "/crm/settings/channels/{id}/test"),
    ("POST", "/crm/settings/channels/{id}/test"),
    ("POST", "/crm/settings/channels/{id}/missed"),
    ("GET", "/crm/settings/channels/{id}/remove"),
    ("GET", "/crm/settings/channels/{id}/templates"),
    ("POST", "/crm/settings/channels/{id}/templates"),
    ("GET", "/crm/settings/channels/{id}/templates/new"),
    ("GET", "/crm/settings/channels/{id}/templates/{approved_id}"),
    ("PUT", "/crm/settings/channels/{id}/templates/{approved_id}"),
    ("DELETE", "/crm/settings/channels/{id}/templates/{approved_id}"),
    ("DELETE", "/crm/settings/team/{user_id}/two-factor"),
    ("GET", "/crm/settings/workspace"),
    ("PUT", "/crm/settings/workspace"),
    ("GET", "/crm/settings/team"),
    ("POST", "/crm/settings/team"),
    ("GET", "/crm/settings/team/{user_id}"),
    ("PUT", "/crm/settings/team/{user_id}"),
    ("POST", "/crm/settings/team/{user_id}/reset-link"),
    ("DELETE", "/crm/settings/team/invitations/{link_id}"),
    ("GET", "/crm/settings/roles"),
    ("POST", "/crm/settings/roles"),
    ("GET", "/crm/settings/roles/{role_id}"),
    ("PUT", "/crm/settings/roles/{role_id}"),
    ("DELETE", "/crm/settings/roles/{role_id}"),
    ("GET", "/crm/settings/deliveries"),
    ("POST", "/crm/settings/deliveries/retry"),
];

async fn each_role_is_refused_forbidden_routes(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let roles: [(&Actor, &[(&str, &str)]); 4] = [
        (&company.read_only, NOT_FOR_READERS),
        (&company.agent, NOT_FOR_AGENTS),
        (&company.manager, NOT_FOR_MANAGERS),
        (&company.administrator, &[]),
    ];
    for (user, refused) in roles {
        let mut program = env.api_client(user).await;
        program.site.stop.cancel();
        let mut browser = env.sign_in(user).await;
        browser.site = program.site.clone();
        program.form_token = None;
        for route in routes() {
            if WITHOUT_SESSION.contains(&route.pattern) {
                continue;
            }
            let asked = (route.method.as_str(), route.pattern);
            let for_administrators =
                NOT_FOR_MANAGERS.contains(&asked) && user.user.role != UserRole::BuiltIn(Role::Administrator);
            let expected = refused.contains(&asked) || for_administrators;
            let page = route.ask(&browser, &ids).html().await;
            assert_eq!(page.status == 403, expected, "{}: {page:?}", user.user.role.as_str());
            let answer = route.ask(&program, &ids).json().await;
            assert_eq!(answer.status == 403, expected, "{}: {answer:?}", user.user.role.as_str());
            if expected {
                answer.problem(403);
                assert!(page.has("main a[href]"), "there is a way on");
            }
        }
    }
    let known: Vec<_> = routes().into_iter().map(|route| (route.method, route.pattern)).collect();
    for (method, pattern) in NOT_FOR_READERS.iter().chain(NOT_FOR_AGENTS).chain(NOT_FOR_MANAGERS) {
        let route = (Method::from_bytes(method.as_bytes()).unwrap(), *pattern);
        assert!(known.contains(&route), "{route:?} is no route any more");
    }
}

async fn pages_offer_only_permitted_actions(env: TestEnv) {
    let company = env.company("samarkand").await;
    let channel = env.connect(&company).await;
    let ids = Ids::create(&env, &company, &channel, "Aziza", "+998901234567").await;
    let (client, chat) = (format!("/crm/clients/{}", ids.client), format!("/crm/chats/{}", ids.chat));
    for (user, makes, deletes, writes_templates) in [
        (&company.read_only, false, false, false),
        (&company.agent, true, false, false),
        (&company.manager, true, true, true),
    ] {
        let browser = env.sign_in(user).await;
        let list = browser.get("/crm/clients").html().await.is(200);
        assert_eq!(list.has("a[href='/crm/clients/new']"), makes);
        assert!(!list.has("a[href='/crm/settings/channels']"), "channels are for administrators");
        let page = browser.get(&client).html().await.is(200);
        assert_eq!(page.has(&format!("a[href='{client}/edit']")), makes);
        assert_eq!(page.has(&format!("form[action='{client}/contacts']")), makes);
        assert_eq!(page.has("a[data-edit]"), makes);
        assert!(browser.get(format!("{client}?edit=notes")).html().await.is(200).has("#notes form") == makes);
        let page = browser.get(format!("{client}/actions")).html().await.is(200);
        assert_eq!(page.has(&format!("a[href='{client}/delete']")), deletes);
        assert_eq!(page.has("#history"), deletes, "what staff do is for those who may read the audit log");
        let page = browser.get(&chat).html().await.is(200);
        assert_eq!(page.has("form[data-composer]"), makes);
        let page = browser.get("/crm/instant-messages").html().await.is(200);
        assert_eq!(page.has("a[href='/crm/instant-messages/new']"), writes_templates);
    }
}
