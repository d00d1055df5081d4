//! The texts of staff notifications, in the recipient's language.

use crate::presentation::ui::i18n::I18n;
use crate::{
    domain::{Locale, NotificationKind},
    services::NotificationContent,
};

/// The text of a notification: the event, the message's text if wanted, and a link to the chat.
pub fn notification_text(locale: Locale, notice: &NotificationContent) -> String {
    let key = match notice.kind {
        NotificationKind::Inbound => "notice-inbound",
        NotificationKind::Failed => "notice-failed",
    };
    let args = [
        ("count", notice.amount.into()),
        ("client", notice.client.clone().into()),
        ("company", notice.company.clone().into()),
    ];
    let first = I18n::new(locale).args(key, &args);
    let lines = [Some(first.as_ref()), notice.text.as_deref(), Some(notice.url.as_str())];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The text that confirms the link of an account.
pub fn link_confirmation_text(locale: Locale, company: &str) -> String {
    I18n::new(locale).with("notice-linked", "company", company).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(locale: Locale, amount: i64, text: Option<&str>) -> String {
        let notice_of = NotificationContent {
            kind: NotificationKind::Inbound,
            amount,
            client: "Азиза".into(),
            company: "Silk Road".into(),
            text: text.map(str::to_owned),
            url: "https://crm.example.uz/crm/chats/7".into(),
        };
        notification_text(locale, &notice_of)
    }

    #[test]
    fn a_notice_says_how_many_from_whom_and_where() {
        let url = "https://crm.example.uz/crm/chats/7";
        assert_eq!(
            told(Locale::En, 1, Some("Salom")),
            format!("New message from Азиза (Silk Road)\nSalom\n{url}")
        );
        assert_eq!(told(Locale::En, 3, None), format!("3 new messages from Азиза (Silk Road)\n{url}"));
        assert_eq!(told(Locale::Ru, 3, None).lines().next(), Some("3 новых сообщения от Азиза (Silk Road)"));
        assert!(told(Locale::Uz, 5, None).starts_with("Азиза 5 ta yangi xabar yozdi (Silk Road)"));
    }
}
