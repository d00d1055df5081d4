//! A composer that is open follows what its client allows.

use aloqa::{
    domain::{ApprovedBody, MessageText, NewApprovedTemplate, Transport},
    services::{Clock, Foundation, InboundMessage, Services},
};
use chrono::TimeDelta;

use crate::browser::AZIZA;
use crate::support::{Office, process::chromium::Page};

impl Page {
    /// Waits until a way can be chosen, or can't.
    async fn way_is(&self, transport: &str, open: bool) {
        const LOOK: &str =
            "return document.querySelector(`#by-${arguments[0]}`).disabled !== (arguments[1] === 'true')";
        self.until(&format!("{transport} open: {open}"), LOOK, &[transport, &open.to_string()]).await;
    }
}

async fn an_open_composer_closes_with_stop_and_opens_with_start(office: Office, page: Page) {
    office.sms(AZIZA, "Salom").await;
    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.is_focused("#message").await;
    page.press("Javob".chars()).await;
    page.mark().await;
    office.sms(AZIZA, "STOP").await;
    page.shows("#closed-sms", "Only START from the client opens it again").await;
    page.way_is("sms", false).await;
    page.has_no("#message").await;
    page.has_no("#send").await;
    assert_eq!(page.value("#transport").await, "sms", "nothing is sent another way unasked");
    office.sms(AZIZA, "START").await;
    page.way_is("sms", true).await;
    page.has_no("#closed-sms").await;
    page.has("#send").await;
    assert_eq!(page.value("#message").await, "Javob", "what was begun is still there");
    page.is_still_the_marked_one().await;
}

async fn the_window_closes_while_one_looks_on(office: Office, page: Page) {
    let (now, foundation) = (office.services.foundation().clock.now(), office.services.foundation().clone());
    let then = Clock::fixed(now - TimeDelta::hours(24) + TimeDelta::seconds(8));
    let before = Services::new(Foundation { clock: then, ..foundation });
    let text = MessageText::from_provider("Salom");
    let message = InboundMessage::new("SM9".into(), Transport::Whatsapp, AZIZA.into(), text);
    before.inbound.receive(&office.channel, &message).await.unwrap();
    let template = NewApprovedTemplate {
        name: "Order".into(),
        content_sid: "HX0123456789abcdef0123456789abcdef".into(),
        language: "uz".into(),
        body: ApprovedBody::parse("Salom, {{1}}!").unwrap(),
        defaults: String::new(),
    };
    let channel = office.channel.channel.id;
    office.services.approved.create(&office.company.administrator, channel, &template).await.unwrap();

    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.shows("#window-says", "closes in 1 min").await;
    page.has("#message").await;
    page.shows("#window-says", "approved templates only").await;
    page.has_no("#message").await;
    page.click("#approved a").await;
    page.write("#f-variable_1", "Aziza").await;
    page.shows("#approved-preview", "Salom, Aziza!").await;
    page.click("form[data-approved] .primary").await;
    page.shows("#log article.out", "Salom, Aziza!").await;

    // Another way is free, and an answer opens this one.
    page.run("document.querySelector('#transport').value = 'sms'", &[]).await;
    page.has("#message").await;
    page.has_no("#window").await;
    page.run("document.querySelector('#transport').value = 'whatsapp'", &[]).await;
    page.has_no("#message").await;
    office.whatsapp(AZIZA, "Rahmat").await;
    page.shows("#window-says", "closes in 24 h 0 min").await;
    page.has("#message").await;
}

async fn without_scripts_the_template_takes_the_place_of_the_text(office: Office, page: Page) {
    office.sms(AZIZA, "Salom").await;
    page.sign_in(office.company.agent.user.email.as_str()).await;
    page.click("#chat-list a").await;
    page.has("#message").await;
    page.has_no("#window").await;
    page.click("#by-whatsapp").await;
    page.shows("#window-says", "has not written by WhatsApp yet").await;
    page.has_no("#message").await;
}

mod with_scripts {
    use super::{
        an_open_composer_closes_with_stop_and_opens_with_start, the_window_closes_while_one_looks_on,
    };

    in_chromium!(scripts Run:
        an_open_composer_closes_with_stop_and_opens_with_start,
        the_window_closes_while_one_looks_on,
    );
}

mod scripts_off {
    use super::without_scripts_the_template_takes_the_place_of_the_text;

    in_chromium!(scripts Off: without_scripts_the_template_takes_the_place_of_the_text);
}
