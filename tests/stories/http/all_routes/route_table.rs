//! The table of all routes with the values for their parameters and forms. A new route that is missing here fails the
//! tests that go through the table.

use aloqa::{domain::ChannelId, presentation::route_table, services::ChannelContext};
use axum::http::Method;
use serde_json::json;

use crate::support::{
    Company, TestEnv,
    http::{TestRequest, Visitor},
};

/// A method and a path pattern.
#[derive(Debug, Clone)]
pub struct Route {
    pub method: Method,
    pub pattern: &'static str,
}

/// One record of every kind that paths refer to.
#[derive(Debug, Clone)]
pub struct Ids {
    pub client: i64,
    pub contact: i64,
    pub chat: i64,
    pub message: i64,
    pub template: i64,
    pub file: i64,
    pub merge: i64,
    pub import: i64,
    pub approved: i64,
    pub user: i64,
    pub role: i64,
    pub key: i64,
    pub link: i64,
    pub channel: ChannelId,
}

/// The form of a WhatsApp template.
const APPROVED: [(&str, &str); 4] = [
    ("name", "Order"),
    ("content_sid", "HX00000000000000000000000000000002"),
    ("language", "uz"),
    ("body", "Salom, {{1}}!"),
];

/// Routes that change something and authenticate the request otherwise than by a session.
pub const WITHOUT_SESSION: [&str; 5] =
    ["/login", "/access", "/crm/webhooks/twilio", "/crm/webhooks/twilio/status", "/tg/webhook"];

/// All routes; the one that signs out comes last, because no request works after it.
pub fn routes() -> Vec<Route> {
    let mut all: Vec<_> =
        route_table().into_iter().map(|(method, pattern)| Route { method, pattern }).collect();
    assert!(all.len() > 25, "the router has lost its routes: {all:?}");
    all.sort_by_key(|route| route.pattern == "/logout");
    all
}

impl Route {
    pub fn changes_something(&self) -> bool {
        self.method != Method::GET
    }

    /// True if its path contains the id of a tenant's record.
    pub fn has_record_id(&self) -> bool {
        self.pattern.contains('{') && !self.pattern.starts_with("/static/")
    }

    /// The path with its parameters filled in.
    pub fn path(&self, ids: &Ids) -> String {
        let part = |part: &str| match (part, self.pattern.split('/').nth(2)) {
            ("{id}", Some("clients")) => ids.client.to_string(),
            ("{id}", Some("chats")) => ids.chat.to_string(),
            ("{id}", Some("instant-messages")) => ids.template.to_string(),
            ("{id}", Some("settings")) if self.pattern.starts_with("/crm/settings/channels/") => {
                ids.channel.to_string()
            }
            ("{id}", _) if self.pattern.starts_with("/uploads/") => ids.file.to_string(),
            ("{approved_id}", _) => ids.approved.to_string(),
            ("{import_id}", _) => ids.import.to_string(),
            ("{user_id}", _) => ids.user.to_string(),
            ("{role_id}", _) => ids.role.to_string(),
            ("{key_id}", _) => ids.key.to_string(),
            ("{link_id}", _) => ids.link.to_string(),
            // A number that no session has: one that has it would end with the first request.
            ("{session_id}", _) => "7".to_owned(),
            ("{contact_id}", _) => ids.contact.to_string(),
            ("{merge_id}", _) => ids.merge.to_string(),
            ("{message_id}", _) => ids.message.to_string(),
            ("{version}", _) => "nothing".to_owned(),
            ("{*file}", _) => "nothing.css".to_owned(),
            (unknown, _) if unknown.contains('{') => {
                panic!("{}: teach the table how to fill in {unknown}", self.pattern)
            }
            (plain, _) => plain.to_owned(),
        };
        self.pattern.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// The fields of its form.
    pub fn fields(&self, ids: &Ids) -> Vec<(&'static str, String)> {
        let last = self.pattern.rsplit('/').next().unwrap();
        let fields: &[(&'static str, &str)] = match (self.method.as_str(), self.pattern, last) {
            ("POST", "/crm/settings/deliveries/retry", _) => return vec![("ids", ids.message.to_string())],
            ("GET" | "DELETE", ..)
            | (_, "/crm/clients/imports" | "/crm/clients/imports/{import_id}", _)
            | (
                _,
                _,
                "read" | "retry" | "send-now" | "unread" | "arrived" | "undo" | "logout" | "twilio"
                | "status" | "start" | "cancel" | "test" | "missed" | "webhook",
            ) => &[],
            ("POST", "/crm/settings/channels", _) => &[
                ("account_sid", "AC99999999999999999999999999999999"),
                ("auth_token", "a-token"),
                ("sms_number", "+998712009998"),
            ],
            (_, "/crm/settings/channels/{id}/templates", _) => &APPROVED,
            (_, "/crm/settings/channels/{id}/templates/{approved_id}", _) => &[("name", "Renamed")],
            (_, "/crm/chats/{id}/approved-templates/{approved_id}", _) => &[("variable_1", "Aziza")],
            ("PUT", "/crm/settings/channels/{id}", _) => &[("sms_number", "+998712009999")],
            (_, _, "credentials") => &[("auth_token", "another-token")],
            ("POST", "/access", _) => {
                &[("token", "a guess"), ("first_name", "Guest"), ("password", "a password")]
            }
            ("POST", "/crm/settings/team", _) => &[("email", "new@example.uz"), ("role", "agent")],
            ("PUT", "/crm/settings/team/{user_id}", _) => &[("role", "agent")],
            (_, "/crm/settings/workspace", _) => &[("name", "Registon")],
            (_, "/crm/settings/roles", _) => &[("name", "Cashier"), ("permissions", "Client.Read")],
            (_, "/crm/settings/roles/{role_id}", _) => &[("name", "Clerk")],
            ("POST", "/crm/settings/api-keys", _) => &[("name", "Import")],
            (_, _, "reset-link") => &[],
            (_, "/account/two-factor", _) => &[("code", "123456")],
            ("POST", "/login", _) => &[("email", "nobody@nowhere.example"), ("password", "a guess")],
            (_, "/account/frame", _) => &[("navigation", "names")],
            (_, "/account", _) => &[("first_name", "Kamola"), ("locale", "en")],
            (_, "/account/notifications", _) => &[("inbound", "mine")],
            // The current password is wrong on purpose: a right one would sign out the caller.
            (_, "/account/password", _) => &[("current_password", "a guess"), ("password", "a password")],
            (_, "/crm/clients" | "/crm/clients/{id}", _) => &[("first_name", "Botir")],
            (_, "/account/notifications/link", _) | (_, _, "invitations") => &[("channel_id", "nonsense")],
            (_, _, "contacts") => &[("type", "other"), ("value", "a pager")],
            (_, "/crm/clients/delete", _) => return vec![("ids", ids.client.to_string())],
            (_, _, "merge" | "dismiss") => {
                let id = || ids.client.to_string();
                return vec![("client_id", id()), ("other_id", id())];
            }
            (_, "/crm/chats", _) => return vec![("client_id", ids.client.to_string())],
            (_, _, "draft") => &[("message", "Sal"), ("transport", "sms")],
            (_, _, "schedule") => &[("message", "Salom")],
            (_, _, "presence") => &[("doing", "looking")],
            (_, _, "messages") => &[("message", "Salom"), ("transport", "sms")],
            (_, "/crm/instant-messages" | "/crm/instant-messages/{id}", _) => {
                &[("name", "Greeting"), ("template", "Salom!")]
            }
            _ => panic!("{self:?}: teach the table what it takes"),
        };
        fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    /// A request with valid path and form.
    pub fn ask(&self, visitor: &Visitor, ids: &Ids) -> TestRequest {
        self.ask_path(visitor, &self.path(ids), ids)
    }

    pub fn ask_path(&self, visitor: &Visitor, path: &str, ids: &Ids) -> TestRequest {
        let request = visitor.ask(self.method.clone(), path);
        if self.changes_something() { request.form(self.fields(ids)) } else { request }
    }

    /// The same with a JSON body.
    pub fn ask_json(&self, visitor: &Visitor, ids: &Ids) -> TestRequest {
        let fields: serde_json::Map<_, _> =
            self.fields(ids).into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        visitor.ask(self.method.clone(), self.path(ids)).json_body(fields)
    }
}

impl Ids {
    /// Creates one record of every kind in a tenant, each with `name` in it, and a message from the client at `phone`.
    pub async fn create(
        env: &TestEnv,
        company: &Company,
        channel: &ChannelContext,
        name: &str,
        phone: &str,
    ) -> Self {
        let program = env.api_client(&company.administrator).await;
        let make = async |path: String, body: serde_json::Value| {
            program.post(path).json_body(body).json().await.is(201).value()["id"].as_i64().unwrap()
        };
        let body = json!({
            "first_name": name, "last_name": name, "middle_name": name, "phone": phone, "address": name,
            "email": format!("{name}@{name}.example"), "comments": name, "pin": "12345678901234",
            "passport_series": "AA", "passport_number": "1234567", "date_of_birth": "1990-05-17",
        });
        let client = make("/crm/clients".into(), body).await;
        let body = json!({ "type": "other", "value": name });
        let contact = make(format!("/crm/clients/{client}/contacts"), body).await;
        let template = make("/crm/instant-messages".into(), json!({ "name": name, "template": name })).await;
        let role = json!({ "name": format!("{name} role"), "permissions": ["Client.Read", "Chat.Read"] });
        let role = make("/crm/settings/roles".into(), role).await;
        let key = make("/crm/settings/api-keys".into(), json!({ "name": name })).await;
        let invited = json!({ "email": format!("invited-{role}@example.uz"), "role": role });
        let link = make("/crm/settings/team".into(), invited).await;
        let file = format!("Name,Phone\n{name},nonsense\n");
        let upload =
            program.post("/crm/clients/imports").multipart(&[("file", Some("a.csv"), file.as_bytes())]);
        let import = upload.json().await.is(201).value()["id"].as_i64().unwrap();
        program.receive_sms(channel, "SM0", phone, name).await;
        let opened =
            program.post("/crm/chats").json_body(json!({ "client_id": client })).json().await.is(200).value();
        let (chat, message) =
            (opened["id"].as_i64().unwrap(), opened["last_message"]["id"].as_i64().unwrap());
        let parts = [("transport", None, "sms".as_bytes()), ("attachments", Some("a.txt"), name.as_bytes())];
        let sent = program
            .post(format!("/crm/chats/{chat}/messages"))
            .multipart(&parts)
            .json()
            .await
            .is(201)
            .value();
        let file = sent["attachments"][0]["id"].as_i64().unwrap();
        let twin = make("/crm/clients".into(), json!({ "first_name": name })).await;
        let path = format!("/crm/clients/{client}/merge");
        let merged = program.post(path).json_body(json!({ "other_id": twin })).json().await.is(200).value();
        let merge = merged["id"].as_i64().unwrap();
        let channel = channel.channel.id;
        let body = json!({
            "name": name, "content_sid": "HX00000000000000000000000000000001", "language": "uz",
            "body": format!("{name}, {{{{1}}}}"), "defaults": name,
        });
        let approved = make(format!("/crm/settings/channels/{channel}/templates"), body).await;
        Self {
            client,
            contact,
            chat,
            message,
            template,
            file,
            merge,
            import,
            approved,
            user: company.agent.user.id.0,
            role,
            key,
            link,
            channel,
        }
    }
}

fn numbered() -> Ids {
    let channel = ChannelId(uuid::Uuid::nil());
    Ids {
        client: 1,
        contact: 2,
        chat: 3,
        message: 4,
        template: 5,
        merge: 6,
        import: 7,
        file: 8,
        approved: 9,
        user: 10,
        role: 11,
        key: 12,
        link: 13,
        channel,
    }
}

#[test]
#[should_panic(expected = "teach the table how to fill in {secret_id}")]
fn every_path_parameter_is_in_the_route_table() {
    let ids = numbered();
    Route { method: Method::GET, pattern: "/crm/secrets/{secret_id}" }.path(&ids);
}

#[test]
#[should_panic(expected = "teach the table what it takes")]
fn every_form_is_in_the_route_table() {
    let ids = numbered();
    Route { method: Method::POST, pattern: "/crm/secrets" }.fields(&ids);
}
