//! Recognition of a column by its title, in the three languages and in the spellings of common
//! programs.

use crate::domain::clients::table::{ClientColumn, OtherColumn};
use crate::domain::{ClientField, fold};

/// Titles of columns that are not fields, separated by spaces, folded and reduced to letters. A
/// field's definition has its titles. Both include the titles of our own exports, which a test of
/// the exports verifies.
const OTHER_TITLES: &[(OtherColumn, &str)] = &[
    (
        OtherColumn::FullName,
        "fullname displayname client clientname customer customername contactname person klient \
         imyaklienta polnoeimya imyafamiliya imyaifamiliya mijoz mijozismi toliqism toliqismi \
         ismfamiliya ismifamiliyasi",
    ),
    (
        OtherColumn::LastFirst,
        "lastnamefirstname fio fioklienta familiyaimya familiyaimyaotchestvo familiyaiimya fish \
         familiyaism familiyasiismi familiyaismsharif familiyaismisharifi familiyasiismisharifi \
         familiyasiismiotasiningismi",
    ),
    (
        OtherColumn::ContactPhone,
        "otherphone otherphones additionalphone secondphone workphone homephone drugietelefoni \
         drugoytelefon dopolnitelniytelefon dopoltelefon doptelefon rabochiytelefon domashniytelefon \
         boshqatelefonlar boshqatelefon qoshimchatelefon ishtelefoni uytelefoni",
    ),
    (
        OtherColumn::ContactEmail,
        "otheremails otheremail workemail drugieadresapochti drugayapochta boshqaepochtalar \
         boshqaepochta",
    ),
    (OtherColumn::ContactTelegram, "telegram telegramusername telegramm tg telega"),
    (OtherColumn::ContactWhatsapp, "whatsapp whatsup vatsap votsap vatsapp"),
    (
        OtherColumn::ContactOther,
        "othercontacts othercontact contacts prochiekontakti kontakti boshqakontaktlar kontaktlar",
    ),
];

/// The column of each title; `None` for unknown titles. A repeated title is read as a further
/// contact or ignored.
pub fn columns(titles: &[String]) -> Vec<Option<ClientColumn>> {
    let mut taken = Vec::new();
    let mut free = |column: ClientColumn| {
        let is_free = column.contact().is_some() || !taken.contains(&column);
        taken.push(column);
        is_free.then_some(column)
    };
    let meaning = |title: &String| {
        let column = column(title)?;
        free(column).or(match column {
            ClientColumn::Field(ClientField::Phone) => Some(OtherColumn::ContactPhone.into()),
            ClientColumn::Field(ClientField::Email) => Some(OtherColumn::ContactEmail.into()),
            _ => None,
        })
    };
    titles.iter().map(meaning).collect()
}

fn column(title: &str) -> Option<ClientColumn> {
    // Digits and punctuation are ignored, as in "Phone 2", "first_name" and "Phone (mobile)".
    let bare: String = fold(title).chars().filter(|c| c.is_alphabetic()).collect();
    let before = fold(title.split('(').next().unwrap_or_default());
    let before: String = before.chars().filter(|c| c.is_alphabetic()).collect();
    let of = |title: &str| titles().find(|(_, known)| *known == title).map(|(column, _)| column);
    let by_name = || ClientColumn::imported().find(|column| column.as_str().replace('_', "") == bare);
    of(&bare).or_else(by_name).or_else(|| of(&before))
}

/// All known titles with their columns.
fn titles() -> impl Iterator<Item = (ClientColumn, &'static str)> {
    let fields = ClientField::ALL.iter().flat_map(|field| {
        field.definition().titles.iter().map(|title| (ClientColumn::Field(*field), title.as_str()))
    });
    let others = OTHER_TITLES.iter().flat_map(|(column, titles)| {
        titles.split_whitespace().map(|title| (ClientColumn::Other(*column), title))
    });
    fields.chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clients::table::ClientColumn::{Field as F, Other as O};

    fn guessed(titles: &[&str]) -> Vec<Option<ClientColumn>> {
        columns(&titles.iter().map(|&title| title.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn titles_are_recognised_in_three_languages() {
        assert_eq!(
            guessed(&["Имя", "Фамилия", "Отчество", "Телефон", "Эл. почта", "Дата рождения", "Пол", "ПИНФЛ"]),
            [
                F(ClientField::FirstName),
                F(ClientField::LastName),
                F(ClientField::MiddleName),
                F(ClientField::Phone),
                F(ClientField::Email),
                F(ClientField::DateOfBirth),
                F(ClientField::Gender),
                F(ClientField::Pin)
            ]
            .map(Some)
        );
        assert_eq!(
            guessed(&["F.I.Sh.", "Telefon raqami", "Tugʻilgan sanasi", "Manzil", "Izoh", "JShShIR"]),
            [
                O(OtherColumn::LastFirst),
                F(ClientField::Phone),
                F(ClientField::DateOfBirth),
                F(ClientField::Address),
                F(ClientField::Comments),
                F(ClientField::Pin)
            ]
            .map(Some)
        );
        assert_eq!(
            guessed(&["first_name", "E-mail", "Phone (mobile)", "contact_telegram", "DOB"]),
            [
                F(ClientField::FirstName),
                F(ClientField::Email),
                F(ClientField::Phone),
                O(OtherColumn::ContactTelegram),
                F(ClientField::DateOfBirth)
            ]
            .map(Some)
        );
        assert_eq!(
            guessed(&["Телефон", "Телефон 2", "E-mail 1", "E-mail 2", "Имя", "Имя", "Сумма", ""]),
            [
                Some(F(ClientField::Phone)),
                Some(O(OtherColumn::ContactPhone)),
                Some(F(ClientField::Email)),
                Some(O(OtherColumn::ContactEmail)),
                Some(F(ClientField::FirstName)),
                None,
                None,
                None
            ]
        );
    }

    #[test]
    fn titles_are_unambiguous() {
        let mut all: Vec<&str> = titles().map(|(_, title)| title).collect();
        assert!(all.iter().all(|title| fold(title) == *title));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
