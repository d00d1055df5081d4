//! The fields of a client, each declared once. `CONTRIBUTING.md` describes how to add one.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::domain::clients::field::{
    ClientSection::{self, ContactDetails, Documents, Notes, Personal, Tax},
    FieldDefinition,
    FieldKind::{self, Country, Document, Email, LongText, PastDate, Phone, Text},
};

const NAME: FieldKind = Text { limit: 255 };
const PROSE: FieldKind = LongText { limit: 10_000 };

/// Generates [`ClientField`] and its definitions.
macro_rules! client_fields {
    ($($(#[$doc:meta])* $field:ident: $definition:expr;)*) => {
        /// A field of a client.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ClientField { $($(#[$doc])* $field),* }

        impl ClientField {
            /// All fields, in the order of JSON and of an exported table.
            pub const ALL: &[Self] = &[$(Self::$field),*];
        }

        static DEFINITIONS: LazyLock<Vec<FieldDefinition>> = LazyLock::new(|| vec![$($definition),*]);
    };
}

client_fields! {
    /// The first name.
    FirstName: FieldDefinition::new("first_name", NAME, Personal)
        .required()
        .titles("firstname givenname forename name first imya ism ismi isim");

    /// The last name.
    LastName: FieldDefinition::new("last_name", NAME, Personal)
        .titles("lastname surname familyname last familiya familiyasi");

    /// The middle name or patronymic.
    MiddleName: FieldDefinition::new("middle_name", NAME, Personal)
        .titles("middlename patronymic middle otchestvo otasiningismi otaismi sharifi sharif");

    /// The primary phone number; unique within a tenant.
    Phone: FieldDefinition::new("phone", Phone, ContactDetails)
        .titles(
            "phone phonenumber tel telephone telephonenumber mobile mobilephone mobilephonenumber mobilenumber cell \
             cellphone telefon nomertelefona nomer mobilniy mobilniytelefon mobtelefon mobtel sotoviy \
             sotoviytelefon kontaktniytelefon telefonraqami telefonraqam raqam raqami mobil telefonnomeri msisdn",
        );

    /// The primary e-mail address.
    Email: FieldDefinition::new("email", Email, ContactDetails)
        .titles(
            "email mail emailaddress pochta elpochta elektronnayapochta epochta elektronpochta emeyl imeyl \
             adreselpochti adreselektronnoypochti emailmanzil pochtamanzili",
        );

    /// The postal address.
    Address: FieldDefinition::new("address", PROSE, Personal)
        .titles(
            "address street streetaddress homestreet homeaddress addressformatted postaladdress adres adresklienta \
             manzil manzili yashashmanzili",
        );

    /// The date of birth.
    DateOfBirth: FieldDefinition::new("date_of_birth", PastDate, Personal)
        .titles(
            "dateofbirth birthdate birthday dob born datarojdeniya denrojdeniya dr rojdenie tugilgansana \
             tugilgansanasi tugilgankun tugilgankuni",
        );

    /// The gender.
    Gender: FieldDefinition::new("gender", FieldKind::choice(["female", "male", "other"]), Personal)
        .titles("gender sex pol jins jinsi");

    /// The passport's series, in countries that use one.
    PassportSeries: FieldDefinition::new("passport_series", Document, Documents)
        .part_of("passport_number")
        .titles(
            "passportseries passportserie seriyapasporta seriya pasportseriyasi pasportseriya passportseriyasi",
        );

    /// The passport's number.
    PassportNumber: FieldDefinition::new("passport_number", Document, Documents)
        .titles(
            "passportnumber passport passportno nomerpasporta pasport pasportraqami pasportnomeri passportraqami",
        );

    /// The personal identification number; unique within a tenant and its country.
    Pin: FieldDefinition::new("pin", Document, Tax)
        .titles("pin pinfl jshshir personalid personalidentificationnumber nationalid iin");

    /// The country that issued the identification number.
    CountryCode: FieldDefinition::new("country_code", Country, Tax)
        .column("pin_country")
        .part_of("pin")
        .titles("pincountry country countrycode stranapin strana jshshirdavlati davlat davlati stranapinfl");

    /// Notes about the client, visible to users only.
    Comments: FieldDefinition::new("comments", PROSE, Notes)
        .titles(
            "comments comment note notes remarks description kommentariy kommentarii primechanie primechaniya \
             zametka zametki izoh izohlar eslatma eslatmalar",
        );
}

impl ClientField {
    /// The field's definition.
    pub fn definition(self) -> &'static FieldDefinition {
        &DEFINITIONS[self as usize]
    }

    /// The name in JSON, forms and events.
    pub fn name(self) -> &'static str {
        &self.definition().name
    }

    /// Returns the field of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// The fields that are values of their own, in the order of the form in which clients are merged.
    pub fn values() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|field| field.definition().part_of.is_none())
    }

    /// The field and those that are part of it.
    pub fn parts(self) -> impl Iterator<Item = Self> {
        let is_part = move |field: &Self| field.definition().part_of.as_deref() == Some(self.name());
        Self::ALL.iter().copied().filter(move |field| *field == self || is_part(field))
    }

    /// The fields of a section in the order of the form. Those of several lines need its full width
    /// and come last.
    pub fn of_section(section: ClientSection) -> Vec<Self> {
        let is_long = |field: &Self| matches!(field.definition().kind, LongText { .. });
        let own = Self::ALL.iter().copied().filter(|field| field.definition().section == section);
        let (long, short): (Vec<_>, Vec<_>) = own.partition(is_long);
        [short, long].concat()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_columns_are_unique() {
        let names: BTreeSet<_> = ClientField::ALL.iter().map(|field| field.name()).collect();
        let columns: BTreeSet<_> = ClientField::ALL.iter().map(|field| &field.definition().column).collect();
        assert_eq!((names.len(), columns.len()), (ClientField::ALL.len(), ClientField::ALL.len()));
        for field in ClientField::ALL {
            assert_eq!(ClientField::from_name(field.name()), Some(*field));
        }
    }

    #[test]
    fn each_field_is_in_one_section() {
        let mut shown: Vec<_> = ClientSection::ALL.into_iter().flat_map(ClientField::of_section).collect();
        shown.sort_unstable();
        assert_eq!(shown, ClientField::ALL);
    }

    #[test]
    fn parts_of_a_document_are_one_value() {
        let parts = |field: ClientField| field.parts().collect::<Vec<_>>();
        assert_eq!(parts(ClientField::Pin), [ClientField::Pin, ClientField::CountryCode]);
        assert_eq!(parts(ClientField::Phone), [ClientField::Phone]);
        for part in ClientField::ALL.iter().filter_map(|field| field.definition().part_of.as_deref()) {
            assert!(ClientField::values().any(|field| field.name() == part), "{part}");
        }
    }
}
