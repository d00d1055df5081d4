//! Recognition of a column by its title, in the three languages and in the spellings of common
//! programs.

use crate::domain::clients::table::ClientColumn as C;
use crate::domain::fold;

/// Titles, folded and reduced to letters. They include the titles of our own exports, which a test
/// of the exports verifies.
const TITLES: &[(C, &[&str])] = &[
    (C::FirstName, &["firstname", "givenname", "forename", "name", "first", "imya", "ism", "ismi", "isim"]),
    (C::LastName, &["lastname", "surname", "familyname", "last", "familiya", "familiyasi"]),
    (
        C::MiddleName,
        &["middlename", "patronymic", "middle", "otchestvo", "otasiningismi", "otaismi", "sharifi", "sharif"],
    ),
    (
        C::FullName,
        &[
            "fullname",
            "displayname",
            "client",
            "clientname",
            "customer",
            "customername",
            "contactname",
            "person",
            "klient",
            "imyaklienta",
            "polnoeimya",
            "imyafamiliya",
            "imyaifamiliya",
            "mijoz",
            "mijozismi",
            "toliqism",
            "toliqismi",
            "ismfamiliya",
            "ismifamiliyasi",
        ],
    ),
    (
        C::LastFirst,
        &[
            "lastnamefirstname",
            "fio",
            "fioklienta",
            "familiyaimya",
            "familiyaimyaotchestvo",
            "familiyaiimya",
            "fish",
            "familiyaism",
            "familiyasiismi",
            "familiyaismsharif",
            "familiyaismisharifi",
            "familiyasiismisharifi",
            "familiyasiismiotasiningismi",
        ],
    ),
    (
        C::Phone,
        &[
            "phone",
            "phonenumber",
            "tel",
            "telephone",
            "telephonenumber",
            "mobile",
            "mobilephone",
            "mobilenumber",
            "cell",
            "cellphone",
            "telefon",
            "nomertelefona",
            "nomer",
            "mobilniy",
            "mobilniytelefon",
            "mobtelefon",
            "mobtel",
            "sotoviy",
            "sotoviytelefon",
            "kontaktniytelefon",
            "telefonraqami",
            "telefonraqam",
            "raqam",
            "raqami",
            "mobil",
            "telefonnomeri",
            "msisdn",
        ],
    ),
    (
        C::Email,
        &[
            "email",
            "mail",
            "emailaddress",
            "pochta",
            "elpochta",
            "elektronnayapochta",
            "epochta",
            "elektronpochta",
            "emeyl",
            "imeyl",
            "adreselpochti",
            "adreselektronnoypochti",
            "emailmanzil",
            "pochtamanzili",
        ],
    ),
    (
        C::Address,
        &[
            "address",
            "street",
            "streetaddress",
            "postaladdress",
            "adres",
            "adresklienta",
            "manzil",
            "manzili",
            "yashashmanzili",
        ],
    ),
    (
        C::DateOfBirth,
        &[
            "dateofbirth",
            "birthdate",
            "birthday",
            "dob",
            "born",
            "datarojdeniya",
            "denrojdeniya",
            "dr",
            "rojdenie",
            "tugilgansana",
            "tugilgansanasi",
            "tugilgankun",
            "tugilgankuni",
        ],
    ),
    (C::Gender, &["gender", "sex", "pol", "jins", "jinsi"]),
    (
        C::PassportSeries,
        &[
            "passportseries",
            "passportserie",
            "seriyapasporta",
            "seriya",
            "pasportseriyasi",
            "pasportseriya",
            "passportseriyasi",
        ],
    ),
    (
        C::PassportNumber,
        &[
            "passportnumber",
            "passport",
            "passportno",
            "nomerpasporta",
            "pasport",
            "pasportraqami",
            "pasportnomeri",
            "passportraqami",
        ],
    ),
    (C::Pin, &["pin", "pinfl", "jshshir", "personalid", "personalidentificationnumber", "nationalid", "iin"]),
    (
        C::CountryCode,
        &[
            "pincountry",
            "country",
            "countrycode",
            "stranapin",
            "strana",
            "jshshirdavlati",
            "davlat",
            "davlati",
            "stranapinfl",
        ],
    ),
    (
        C::Comments,
        &[
            "comments",
            "comment",
            "note",
            "notes",
            "remarks",
            "description",
            "kommentariy",
            "kommentarii",
            "primechanie",
            "primechaniya",
            "zametka",
            "zametki",
            "izoh",
            "izohlar",
            "eslatma",
            "eslatmalar",
        ],
    ),
    (
        C::ContactPhone,
        &[
            "otherphone",
            "otherphones",
            "additionalphone",
            "secondphone",
            "workphone",
            "homephone",
            "drugietelefoni",
            "drugoytelefon",
            "dopolnitelniytelefon",
            "dopoltelefon",
            "doptelefon",
            "rabochiytelefon",
            "domashniytelefon",
            "boshqatelefonlar",
            "boshqatelefon",
            "qoshimchatelefon",
            "ishtelefoni",
            "uytelefoni",
        ],
    ),
    (
        C::ContactEmail,
        &[
            "otheremails",
            "otheremail",
            "workemail",
            "drugieadresapochti",
            "drugayapochta",
            "boshqaepochtalar",
            "boshqaepochta",
        ],
    ),
    (C::ContactTelegram, &["telegram", "telegramusername", "telegramm", "tg", "telega"]),
    (C::ContactWhatsapp, &["whatsapp", "whatsup", "vatsap", "votsap", "vatsapp"]),
    (
        C::ContactOther,
        &[
            "othercontacts",
            "othercontact",
            "contacts",
            "prochiekontakti",
            "kontakti",
            "boshqakontaktlar",
            "kontaktlar",
        ],
    ),
];

/// The column of each title; `None` for unknown titles. A repeated title is read as a further
/// contact or ignored.
pub fn columns(titles: &[String]) -> Vec<Option<C>> {
    let mut taken = Vec::new();
    let mut free = |column: C| {
        let is_free = column.contact().is_some() || !taken.contains(&column);
        taken.push(column);
        is_free.then_some(column)
    };
    let meaning = |title: &String| {
        let column = column(title)?;
        free(column).or(match column {
            C::Phone => Some(C::ContactPhone),
            C::Email => Some(C::ContactEmail),
            _ => None,
        })
    };
    titles.iter().map(meaning).collect()
}

fn column(title: &str) -> Option<C> {
    // Digits and punctuation are ignored, as in "Phone 2", "first_name" and "Phone (mobile)".
    let bare: String = fold(title).chars().filter(|c| c.is_alphabetic()).collect();
    let before = fold(title.split('(').next().unwrap_or_default());
    let before: String = before.chars().filter(|c| c.is_alphabetic()).collect();
    let of =
        |title: &str| TITLES.iter().find(|(_, titles)| titles.contains(&title)).map(|(column, _)| *column);
    let by_name = || C::imported().find(|column| column.as_str().replace('_', "") == bare);
    of(&bare).or_else(by_name).or_else(|| of(&before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(titles: &[&str]) -> Vec<Option<C>> {
        columns(&titles.iter().map(|&title| title.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn titles_are_recognised_in_three_languages() {
        assert_eq!(
            guessed(&["Имя", "Фамилия", "Отчество", "Телефон", "Эл. почта", "Дата рождения", "Пол", "ПИНФЛ"]),
            [C::FirstName, C::LastName, C::MiddleName, C::Phone, C::Email, C::DateOfBirth, C::Gender, C::Pin]
                .map(Some)
        );
        assert_eq!(
            guessed(&["F.I.Sh.", "Telefon raqami", "Tugʻilgan sanasi", "Manzil", "Izoh", "JShShIR"]),
            [C::LastFirst, C::Phone, C::DateOfBirth, C::Address, C::Comments, C::Pin].map(Some)
        );
        assert_eq!(
            guessed(&["first_name", "E-mail", "Phone (mobile)", "contact_telegram", "DOB"]),
            [C::FirstName, C::Email, C::Phone, C::ContactTelegram, C::DateOfBirth].map(Some)
        );
        assert_eq!(
            guessed(&["Телефон", "Телефон 2", "E-mail 1", "E-mail 2", "Имя", "Имя", "Сумма", ""]),
            [
                Some(C::Phone),
                Some(C::ContactPhone),
                Some(C::Email),
                Some(C::ContactEmail),
                Some(C::FirstName),
                None,
                None,
                None
            ]
        );
    }

    #[test]
    fn titles_are_unambiguous() {
        let mut all: Vec<&str> = TITLES.iter().flat_map(|(_, titles)| titles.iter().copied()).collect();
        assert!(all.iter().all(|title| fold(title) == *title));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
