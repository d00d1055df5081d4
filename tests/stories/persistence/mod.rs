//! Stories of the repositories, of the schema and of the wall between tenants.

mod clients;
