//! Finding a client by a unique value.

use crate::persistence::Clients;
use crate::{
    domain::{ClientId, ContactType, ContactValue, PhoneNumber, Pin},
    error::{AppError, Result},
};

impl Clients<'_> {
    /// Finds the client with this phone number, as its primary phone or as a contact.
    pub async fn find_by_phone(&mut self, phone: &PhoneNumber) -> Result<Option<ClientId>> {
        let address = ContactValue::from_provider(ContactType::Phone, phone.as_str());
        self.find_by_address(&address.map_err(|problem| AppError::invalid("phone", problem))?).await
    }

    /// Finds the client with this identification number.
    pub async fn find_by_pin(&mut self, pin: &Pin) -> Result<Option<ClientId>> {
        self.snapshot
            .query("SELECT id FROM clients WHERE tenant_id = $1 AND pin = $2 AND pin_country = $3")
            .bind(pin.value())
            .bind(pin.country())
            .optional()
            .await
    }
}
