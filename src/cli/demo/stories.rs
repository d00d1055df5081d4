//! The sample tenants, their clients and chats. All people and phone numbers are fictitious.

use crate::domain::Transport;

/// A sample tenant.
pub(super) struct Company {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) locale: &'static str,
    pub(super) number: &'static str,
    /// The username of its Telegram bot.
    pub(super) bot: &'static str,
    pub(super) administrator: DemoUser,
    pub(super) agent: DemoUser,
    pub(super) clients: &'static [ClientScenario],
    pub(super) templates: &'static [(&'static str, &'static str)],
    /// WhatsApp templates: name, language, text, and default values of the variables.
    pub(super) approved: &'static [[&'static str; 4]],
}

/// A user of a sample tenant.
pub(super) struct DemoUser {
    pub(super) email: &'static str,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
}

/// A client: first and last name, phone number (for Telegram, the username), transport, and the
/// messages, the oldest first.
pub(super) struct ClientScenario {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) phone: &'static str,
    pub(super) by: Transport,
    pub(super) lines: &'static [Line],
}

/// An event in a chat.
pub(super) enum Line {
    /// The client sends a text.
    Client(&'static str),
    /// A user replies, and the client reads it.
    Staff(&'static str),
    /// A user replies, and the message is delivered.
    Delivered(&'static str),
    /// A user replies, and the delivery fails with a code of Twilio.
    Failed(&'static str, &'static str),
    /// A user schedules a message for this hour of tomorrow.
    Tomorrow(&'static str, i64),
    /// The client sends a file with a text.
    ClientFile(&'static str, Sample),
    /// A user sends a file with a text.
    StaffFile(&'static str, Sample),
    /// A number of hours passes.
    Later(i64),
}

/// A sample file, identified by its name.
#[derive(Clone, Copy)]
pub(super) enum Sample {
    Photo(&'static str),
    Document(&'static str),
}

use Line::{
    Client as C, ClientFile as CF, Delivered as D, Failed as F, Later as L, Staff as S, StaffFile as SF,
    Tomorrow as T,
};
use Sample::{Document, Photo};
use Transport::{Sms, Telegram, Whatsapp};

const fn story(
    first: &'static str,
    last: &'static str,
    phone: &'static str,
    by: Transport,
    lines: &'static [Line],
) -> ClientScenario {
    ClientScenario { first, last, phone, by, lines }
}

pub(super) const COMPANIES: [Company; 2] = [
    Company {
        slug: "silk-road",
        name: "Silk Road Travel",
        locale: "en",
        number: "+14155550123",
        bot: "silk_road_travel_bot",
        administrator: DemoUser { email: "admin@silk-road.example", first: "Dilnoza", last: "Karimova" },
        agent: DemoUser { email: "agent@silk-road.example", first: "Timur", last: "Aliyev" },
        clients: &[
            story(
                "Азиза",
                "Каримова",
                "+998901234567",
                Whatsapp,
                &[
                    C("Assalomu alaykum! Samarqandga sayohat narxlarini yubora olasizmi?"),
                    S("Vaalaykum assalom, Aziza! Bir kishi uchun ikki kun 1 200 000 soʻm, mehmonxona bilan."),
                    SF("Dastur va narxlar ilovada.", Document("narxlar 2026.pdf")),
                    L(18),
                    CF("Shu joyga ham boramizmi?", Photo("registon.jpg")),
                    SF("Albatta! Kechqurun u yana chiroyli.", Photo("registon kechqurun.jpg")),
                    CF("Pasportim nusxasi", Document("pasport.pdf")),
                    C("Koʻrdim, juda yaxshi. Ertaga idoraga kelsam boʻladimi?"),
                    C("Soat nechada ochilasiz?"),
                    S("Albatta, 9 dan 18 gacha ishlaymiz 🙂"),
                    C("Rahmat! Ertaga soat 10 da boraman"),
                ],
            ),
            story(
                "Oʻtkir",
                "Hoshimov",
                "+998912223344",
                Whatsapp,
                &[
                    C("Buxoroga bilet bormi?"),
                    S("Bor, payshanba kuni ertalab. Ikki kishigami?"),
                    C("Ha, ikki kishiga"),
                    C("Buyurtma qachon tasdiqlanadi?"),
                ],
            ),
            story(
                "José",
                "Núñez",
                "+442079460958",
                Sms,
                &[
                    C("Hello, we are four people and would like to see Khiva in May."),
                    S("Hello José! May is the best time. Do you prefer the train or the plane?"),
                    C("The train, please."),
                    F("The Afrosiyob leaves at 7:28, I have kept four seats until Friday.", "30003"),
                ],
            ),
            story(
                "Игорь",
                "Петров",
                "+79161234567",
                Sms,
                &[
                    C("Здравствуйте, вы работаете в субботу?"),
                    S("Здравствуйте, Игорь! Да, с 10 до 15."),
                    C("Отлично, спасибо"),
                    D("Ждём вас!"),
                ],
            ),
            story(
                "Nodira",
                "Saidova",
                "nodira_s",
                Telegram,
                &[
                    C("Assalomu alaykum! Xivaga 3 kunlik tur bormi?"),
                    S("Vaalaykum assalom, Nodira! Bor: har juma, poyezd va mehmonxona bilan."),
                    C("Zoʻr! Toʻrt kishi boʻlsak narxi qancha boʻladi?"),
                    C("Bolalarga chegirma bormi? 😊"),
                ],
            ),
            story(
                "Gulnora",
                "Toshmatova",
                "+998977001212",
                Sms,
                &[
                    C("Vizaga qanday hujjatlar kerak?"),
                    S("Pasport, ikkita surat va ish joyidan maʼlumotnoma."),
                    C("Rahmat"),
                    S("I sent the price list too, have a look."),
                    T("Gulnora, bugun soat 12:00 gacha hujjatlaringizni kutamiz.", 9),
                ],
            ),
            story(
                "Anna",
                "Schäfer",
                "+4915123456789",
                Whatsapp,
                &[
                    C("Guten Tag! Is the tour of the Fergana valley still available in October?"),
                    D("Good morning Anna! Yes, two places are left on the 12th."),
                    L(30),
                    C("We take both 🎉"),
                ],
            ),
            story(
                "Малика",
                "Юсупова",
                "+998935550127",
                Sms,
                &[C("Добрый день! Можно ли перенести тур на неделю?")],
            ),
            story(
                "Дмитрий",
                "Соколов",
                "d_sokolov",
                Telegram,
                &[
                    C("Здравствуйте, виза в Узбекистан нужна?"),
                    S("Здравствуйте, Дмитрий! Гражданам России до 60 дней — не нужна."),
                    C("Отлично, спасибо!"),
                ],
            ),
            story(
                "Jasur",
                "Rahimov",
                "+998943334455",
                Sms,
                &[C("Salom, chegirma bormi?"), S("Ha, talabalarga 10%.")],
            ),
            story(
                "محمد",
                "الهاشمي",
                "+971501234567",
                Whatsapp,
                &[
                    C("مرحبا، هل لديكم رحلات من دبي إلى سمرقند؟"),
                    S("Hello! Yes, every Tuesday and Saturday."),
                    L(26),
                ],
            ),
            story(
                "Ольга",
                "Ким",
                "+998909876543",
                Sms,
                &[C("Спасибо за поездку, всё было чудесно!"), S("Спасибо вам, Ольга!")],
            ),
            story(
                "Sherzod",
                "Nazarov",
                "+998971112233",
                Sms,
                &[S("Assalomu alaykum! Hujjatlaringiz tayyor."), C("Zoʻr, bugun olib ketaman")],
            ),
            story(
                "Emma",
                "Wilson",
                "+447400123456",
                Sms,
                &[C("Could you call me back this afternoon?"), F("Of course, at three.", "30007")],
            ),
            story(
                "Наргиза",
                "Ахмедова",
                "+998946667788",
                Whatsapp,
                &[C("Ассалому алайкум, Тошкентдан Хивага поезд борми?"), S("Bor, har kuni 20:30 da.")],
            ),
            story("Bobur", "Ergashev", "+998998887766", Sms, &[C("Joy qoldimi?"), S("Uchta qoldi.")]),
            story("Zilola", "Qodirova", "+998903332211", Sms, &[]),
            // This client appears twice with different numbers, as a duplicate to merge.
            story("Зилола", "Қодирова", "+998971112200", Sms, &[C("Bu mening yangi raqamim")]),
            story(
                "Михаил",
                "Соколов",
                "+79035557788",
                Sms,
                &[C("Нужен трансфер из аэропорта на двоих"), S("Сделаем. Какой рейс?"), C("HY604, в 6:40")],
            ),
            story("Feruza", "Saidova", "+998951234321", Sms, &[]),
            story(
                "Liam",
                "O'Connor",
                "+353851234567",
                Sms,
                &[C("Is there a vegetarian option on the trek?")],
            ),
            story("Дильшод", "Абдуллаев", "+998977654321", Sms, &[]),
            story("Nodira", "Ismoilova", "+998917778899", Sms, &[]),
            story("Тимофей", "Волков", "+79261112233", Sms, &[]),
            story("Ulugʻbek", "Tursunov", "+998933211234", Sms, &[]),
            story("Kamola", "Yoʻldosheva", "+998909998877", Sms, &[]),
            story("Рустам", "Ганиев", "+998945551010", Sms, &[]),
            story("Chloé", "Dubois", "+33612345678", Sms, &[]),
            story("Sardor", "Mirzayev", "+998971010101", Sms, &[]),
            story("Елена", "Цой", "+998901112299", Sms, &[]),
            story("Otabek", "Shukurov", "+998935554433", Sms, &[]),
        ],
        templates: &[
            (
                "Opening hours",
                "Hello {{client.first_name}}! We are open from Monday to Friday, 9 to 18, and on Saturdays until 15.",
            ),
            (
                "Documents for a visa",
                "{{client.first_name}}, please bring your passport, two photos and a letter from your employer.\n{{user.first_name}}, {{tenant.name}}",
            ),
            (
                "Xush kelibsiz",
                "Assalomu alaykum, {{client.first_name}}! {{tenant.name}} sizga qanday yordam bera oladi?",
            ),
            (
                "Спасибо",
                "{{client.first_name}}, спасибо, что выбрали {{tenant.name}}! Будем рады видеть вас снова.",
            ),
        ],
        approved: &[
            [
                "Sayohat tasdiqlandi",
                "uz",
                "Assalomu alaykum, {{1}}! Sayohatingiz tasdiqlandi. {{2}} kuni soat {{3}} da kutamiz.",
                "{{client.first_name}}",
            ],
            [
                "Tour reminder",
                "en",
                "Hello {{1}}, this is {{2}}. Your tour begins on {{3}}. Would you like to change anything?",
                "{{client.first_name}}\n{{tenant.name}}",
            ],
        ],
    },
    Company {
        slug: "registon",
        name: "Registon Textiles",
        locale: "uz",
        number: "+14155550188",
        bot: "registon_textiles_bot",
        administrator: DemoUser { email: "admin@registon.example", first: "Sevara", last: "Yusupova" },
        agent: DemoUser { email: "agent@registon.example", first: "Akmal", last: "Xolmatov" },
        clients: &[
            story(
                "Aziza",
                "K.",
                "+998901234567",
                Sms,
                &[C("Adras matosi bormi?"), S("Bor, 14 xil rangda."), C("Rahmat, ertaga kelaman")],
            ),
            story(
                "Laylo",
                "Umarova",
                "+998946543210",
                Sms,
                &[C("Yetkazib berasizmi?"), D("Ha, Toshkent boʻylab bepul.")],
            ),
            story("Камола", "Рашидова", "+998977778899", Sms, &[C("Когда будет новый атлас?")]),
            story("Bekzod", "Olimov", "+998935557799", Sms, &[S("Buyurtmangiz tayyor."), C("Zoʻr!")]),
            story(
                "Sofia",
                "Rossi",
                "+393331234567",
                Sms,
                &[C("Do you ship silk to Italy?"), S("Yes, with DHL, in five days.")],
            ),
            story("Мадина", "Собирова", "+998909090909", Sms, &[]),
            story("Shahnoza", "Gʻafurova", "+998912121212", Sms, &[]),
            story("Дмитрий", "Ли", "+998933333344", Sms, &[]),
            story("Gʻayrat", "Boboyev", "+998944444455", Sms, &[]),
            story("Oysha", "Rizayeva", "+998955555566", Sms, &[]),
        ],
        templates: &[
            (
                "Buyurtma tayyor",
                "{{client.first_name}}, buyurtmangiz tayyor. {{tenant.name}}, har kuni 10 dan 20 gacha.",
            ),
            ("Yetkazib berish", "Toshkent boʻylab yetkazib berish bepul, viloyatlarga — pochta orqali."),
        ],
        approved: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ContactType, ContactValue, Country, PhoneNumber, TemplateText, WhatsappTemplateBody,
    };

    #[test]
    fn all_numbers_and_templates_are_valid() {
        for company in &COMPANIES {
            assert!(PhoneNumber::parse_international(company.number).is_ok(), "{}", company.number);
            let wrong: Vec<_> = company
                .clients
                .iter()
                .filter(|c| match c.by {
                    Telegram => ContactValue::parse(ContactType::Telegram, c.phone, Country::UZ).is_err(),
                    _ => PhoneNumber::parse_international(c.phone).is_err(),
                })
                .map(|c| c.phone)
                .collect();
            assert!(wrong.is_empty(), "{wrong:?}");
            assert!(company.templates.iter().all(|(_, text)| TemplateText::parse(text).is_ok()));
            let approved = |[_, _, text, _]: &[&str; 4]| WhatsappTemplateBody::parse(text).is_ok();
            assert!(company.approved.iter().all(approved));
        }
    }

    #[test]
    fn both_companies_have_a_client_with_the_same_number() {
        let [one, other] = &COMPANIES;
        assert!(one.clients.iter().any(|a| other.clients.iter().any(|b| a.phone == b.phone)));
    }
}
