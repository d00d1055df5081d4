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
        "otherphone otherphones additionalphone secondphone workphone homephone businessphone carphone \
         companymainphone primaryphone rabochiypryamoytelefon lichniytelefon \
         personalphone drugietelefoni \
         drugoytelefon dopolnitelniytelefon dopoltelefon doptelefon rabochiytelefon domashniytelefon \
         boshqatelefonlar boshqatelefon qoshimchatelefon ishtelefoni uytelefoni",
    ),
    (
        OtherColumn::ContactEmail,
        "otheremails otheremail workemail personalemail homeemail privateemail chastniyemail lichniyemail \
         rabochiyemail drugoyemail rabochayapochta lichnayapochta ishpochtasi shaxsiypochta drugieadresapochti drugayapochta boshqaepochtalar \
         boshqaepochta",
    ),
    (OtherColumn::ContactTelegram, "telegram telegramusername telegramm tg telega"),
    (
        OtherColumn::ContactWhatsapp,
        "whatsapp whatsappphonenumber whatsappnumber nomerwhatsapp whatsup vatsap votsap vatsapp",
    ),
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
    // "Name" beside "Given Name" holds all names, and not the first one.
    let is_name = |title: &String| bare(title) == "name";
    let has_first =
        titles.iter().any(|title| !is_name(title) && column(title) == Some(ClientField::FirstName.into()));
    let meaning = |title: &String| {
        let column = match column(title)? {
            ClientColumn::Field(ClientField::FirstName) if has_first && is_name(title) => {
                OtherColumn::FullName.into()
            }
            column => column,
        };
        free(column).or(match column {
            ClientColumn::Field(ClientField::Phone) => Some(OtherColumn::ContactPhone.into()),
            ClientColumn::Field(ClientField::Email) => Some(OtherColumn::ContactEmail.into()),
            _ => None,
        })
    };
    let mut columns: Vec<_> = titles.iter().map(meaning).collect();
    for (field, further) in
        [(ClientField::Phone, OtherColumn::ContactPhone), (ClientField::Email, OtherColumn::ContactEmail)]
    {
        // Without a column of its own, the first further one has the value by which a client is found.
        if !columns.contains(&Some(field.into()))
            && let Some(first) = columns.iter_mut().find(|column| **column == Some(further.into()))
        {
            *first = Some(field.into());
        }
    }
    columns
}

/// A title without digits and punctuation, as in "Phone 2", `first_name` and "Phone (mobile)". Google numbers its columns and
/// calls those of values "Phone 1 - Value".
fn bare(title: &str) -> String {
    let bare: String = fold(title).chars().filter(|c| c.is_alphabetic()).collect();
    bare.strip_suffix("value").map_or(bare.clone(), str::to_owned)
}

fn column(title: &str) -> Option<ClientColumn> {
    let bare = bare(title);
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
    fn exports_of_other_programs_lose_no_phone_and_no_address() {
        let google = "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,Organization Name,Birthday,Notes,\
                      Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,\
                      Phone 2 - Value,Address 1 - Formatted";
        let google_former = "Name,Given Name,Additional Name,Family Name,Birthday,E-mail 1 - Type,E-mail 1 - Value,\
                             Phone 1 - Type,Phone 1 - Value";
        let outlook = "First Name,Middle Name,Last Name,E-mail Address,Mobile Phone,Business Phone,Home Phone,\
                       Home Street,Birthday,Notes";
        let hubspot = "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,WhatsApp Phone Number,\
                       Contact owner,Street Address";
        let bitrix = "ID,Имя,Отчество,Фамилия,Дата рождения,Рабочий телефон,Мобильный телефон,Частный e-mail,\
                      Рабочий e-mail,Комментарий,Адрес";
        let amo = "ID,Наименование,Имя,Фамилия,Рабочий телефон,Мобильный телефон,Рабочий email,Личный email,Примечание";
        for (titles, phone, email) in [
            (google, "Phone 1 - Value", "E-mail 1 - Value"),
            (google_former, "Phone 1 - Value", "E-mail 1 - Value"),
            (outlook, "Mobile Phone", "E-mail Address"),
            (hubspot, "Phone Number", "Email"),
            (bitrix, "Мобильный телефон", "Частный e-mail"),
            (amo, "Мобильный телефон", "Рабочий email"),
        ] {
            let titles: Vec<&str> = titles.split(',').collect();
            let columns = guessed(&titles);
            let of =
                |column: ClientColumn| columns.iter().position(|c| *c == Some(column)).map(|at| titles[at]);
            assert_eq!(of(F(ClientField::Phone)), Some(phone), "{titles:?}");
            assert_eq!(of(F(ClientField::Email)), Some(email), "{titles:?}");
            assert!(
                of(F(ClientField::FirstName)).is_some() && of(F(ClientField::LastName)).is_some(),
                "{titles:?}"
            );
            for (title, column) in titles.iter().zip(&columns) {
                let lower = title.to_lowercase().replace("phonetic", "");
                let has_value = ["phone", "телефон", "mail", "почта"].iter().any(|word| lower.contains(word));
                let is_label = lower.ends_with("label") || lower.ends_with("type");
                assert_eq!(has_value && !is_label, has_value && column.is_some(), "{title} of {titles:?}");
            }
        }
        assert_eq!(guessed(&["Name", "Given Name"])[0], Some(O(OtherColumn::FullName)));
        assert_eq!(guessed(&["Name", "Phone"])[0], Some(F(ClientField::FirstName)));
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
