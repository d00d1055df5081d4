//! The addresses of WhatsApp that mean the same person: numbers in two forms, and user ids.

/// The longest identifier after the country of a user id, in characters.
const MAX_USER_ID: usize = 128;

/// The two forms of a country's mobile numbers, one with a digit that the other lacks.
struct NumberForms {
    /// The country's calling code with its plus.
    country: &'static str,
    /// The number of digits between the calling code and the additional digit.
    area: usize,
    /// The additional digit.
    additional: &'static str,
    /// The number of digits after it.
    rest: usize,
    /// The digits with which the part after it may begin.
    first: &'static str,
}

/// The countries in which WhatsApp writes a number in another form than its owner does.
///
/// - Brazil: mobile numbers got a ninth digit until 2016 (Anatel, Resolution 553 of 2010), and accounts that are older
///   keep the form without it. Landline numbers begin with 2 to 5 and never had it.
/// - Mexico and Argentina: WhatsApp's help page on the international format of phone numbers demands the 1 and the 9
///   after the calling code. Mexico's numbering plan has had no 1 since August 2019, and in Argentina many address books
///   leave the 9 out.
const NUMBER_FORMS: [NumberForms; 3] = [
    NumberForms { country: "+55", area: 2, additional: "9", rest: 8, first: "6789" },
    NumberForms { country: "+52", area: 0, additional: "1", rest: 10, first: "23456789" },
    NumberForms { country: "+54", area: 0, additional: "9", rest: 10, first: "123" },
];

/// The other form of a WhatsApp number in E.164, if its country has two.
#[must_use]
pub fn other_whatsapp_form(address: &str) -> Option<String> {
    NUMBER_FORMS.iter().find_map(|forms| forms.other(address))
}

impl NumberForms {
    fn other(&self, address: &str) -> Option<String> {
        let national = address.strip_prefix(self.country)?;
        if !national.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (area, number) = national.split_at_checked(self.area)?;
        let plain = |rest: &str| rest.len() == self.rest && rest.starts_with(|c| self.first.contains(c));
        match number.strip_prefix(self.additional) {
            Some(rest) if plain(rest) => Some(format!("{}{area}{rest}", self.country)),
            _ if plain(number) => Some(format!("{}{area}{}{number}", self.country, self.additional)),
            _ => None,
        }
    }
}

/// True for a user id of WhatsApp, by which a business writes to a person who does not show the number: the country, a
/// dot and letters or digits, as in `UZ.13491208655302741918` or, for several businesses of one owner,
/// `UZ.ENT.11815799212886844830`.
#[must_use]
pub fn is_whatsapp_user_id(text: &str) -> bool {
    let Some((country, id)) = text.split_once('.') else { return false };
    let id = id.strip_prefix("ENT.").unwrap_or(id);
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=MAX_USER_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_three_countries_have_two_forms() {
        for (short, long) in [
            ("+551187654321", "+5511987654321"),
            ("+525512345678", "+5215512345678"),
            ("+541123456789", "+5491123456789"),
        ] {
            assert_eq!(other_whatsapp_form(short).as_deref(), Some(long));
            assert_eq!(other_whatsapp_form(long).as_deref(), Some(short));
        }
        for single in [
            "+551123456789",
            "+998901234567",
            "+5511",
            "+55",
            "+52",
            "+549",
            "UZ.1349",
            "+55ab87654321",
            "",
            "+55é187654321",
        ] {
            assert_eq!(other_whatsapp_form(single), None, "{single}");
        }
    }

    #[test]
    fn user_ids_have_a_country_and_an_identifier() {
        for id in ["UZ.13491208655302741918", "US.ENT.11815799212886844830", "BR.a1"] {
            assert!(is_whatsapp_user_id(id), "{id}");
        }
        let long = format!("UZ.{}", "1".repeat(129));
        for other in
            ["UZ.", "UZ.ENT.", "uz.1", "UZB.1", "UZ1", "+998901234567", "UZ.1 2", "UZ.1.2", "", &long]
        {
            assert!(!is_whatsapp_user_id(other), "{other}");
        }
    }
}
