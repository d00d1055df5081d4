//! Tests of the open composer: it follows the suppressions and the service window of its client.

use aloqa::{
    domain::{InboundMessage, MessageText, NewWhatsappTemplate, Transport, WhatsappTemplateBody},
    services::{Clock, Dependencies, Services},
};
use chrono::TimeDelta;

use crate::browser::AZIZA;
use crate::support::{TestServer, process::chromium::Page};

impl Page {
    /// Waits until a transport can, or can't, be selected.
    async fn transport_is(&self, transport: &str, open: bool) {
        const LOOK: &str =
            "return document.querySelector(`#by-${arguments[0]}`).disabled !== (arguments[1] === 'true')";
        self.until(&format!("{transport} open: {open}"), LOOK, &[transport, &open.to_string()]).await;
    }
}

async fn an_open_composer_is_disabled_by_stop_and_enabled_by_start(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;
    page.press("Javob".chars()).await;
    page.mark().await;
    test_server.sms(AZIZA, "STOP").await;
    page.shows("#closed-sms", "Only the client can opt in again").await;
    page.transport_is("sms", false).await;
    page.has_no("#message").await;
    page.has_no("#send").await;
    assert_eq!(page.value("#transport").await, "sms", "nothing is sent another way unasked");
    test_server.sms(AZIZA, "START").await;
    page.transport_is("sms", true).await;
    page.has_no("#closed-sms").await;
    page.has("#send").await;
    assert_eq!(page.value("#message").await, "Javob", "what was begun is still there");
    page.is_still_the_marked_one().await;
}

async fn the_open_page_shows_the_service_window_closing(test_server: TestServer, page: Page) {
    let (now, dependencies) =
        (test_server.services.dependencies().clock.now(), test_server.services.dependencies().clone());
    let then = Clock::fixed(now - TimeDelta::hours(24) + TimeDelta::seconds(8));
    let before = Services::new(Dependencies { clock: then, ..dependencies });
    let text = MessageText::from_provider("Salom");
    let message = InboundMessage::new("SM9".into(), Transport::Whatsapp, AZIZA.into(), text);
    before.inbound.receive(&test_server.channel, &message).await.unwrap();
    let template = NewWhatsappTemplate {
        name: "Order".into(),
        content_sid: "HX0123456789abcdef0123456789abcdef".into(),
        language: "uz".into(),
        body: WhatsappTemplateBody::parse("Salom, {{1}}!").unwrap(),
        defaults: String::new(),
    };
    let channel = test_server.channel.channel.id;
    test_server
        .services
        .whatsapp_templates
        .create(&test_server.company.administrator, channel, &template)
        .await
        .unwrap();

    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.shows("#window-says", "for another 1 min").await;
    page.has("#message").await;
    page.shows("#window-says", "approved templates only").await;
    page.has_no("#message").await;
    page.click("#approved a").await;
    page.write("#f-variable_1", "Aziza").await;
    page.shows("#approved-preview", "Salom, Aziza!").await;
    page.click("form[data-approved] .primary").await;
    page.shows("#log article.out", "Salom, Aziza!").await;

    // Another transport is available, and a message from the client opens the window again.
    page.run("document.querySelector('#transport').value = 'sms'", &[]).await;
    page.has("#message").await;
    page.has_no("#window").await;
    page.run("document.querySelector('#transport').value = 'whatsapp'", &[]).await;
    page.has_no("#message").await;
    test_server.whatsapp(AZIZA, "Rahmat").await;
    page.shows("#window-says", "for another 24 h 0 min").await;
    page.has("#message").await;
}

async fn without_scripts_a_template_replaces_the_text(test_server: TestServer, page: Page) {
    test_server.sms(AZIZA, "Salom").await;
    page.sign_in(test_server.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.has("#message").await;
    page.has_no("#window").await;
    page.click("#by-whatsapp").await;
    page.shows("#window-says", "has not written by WhatsApp yet").await;
    page.has_no("#message").await;
}

mod with_scripts {
    use super::{
        an_open_composer_is_disabled_by_stop_and_enabled_by_start,
        the_open_page_shows_the_service_window_closing,
    };

    in_chromium!(scripts Run:
        an_open_composer_is_disabled_by_stop_and_enabled_by_start,
        the_open_page_shows_the_service_window_closing,
    );
}

mod scripts_off {
    use super::without_scripts_a_template_replaces_the_text;

    in_chromium!(scripts Off: without_scripts_a_template_replaces_the_text);
}
