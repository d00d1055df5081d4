//! The paths of the phones' page.

use crate::presentation::routes::define_routes;

define_routes! {
    /// A client's phone, where the providers are simulated.
    Simulator = "/crm/simulator";
    /// What the client writes.
    SimulatorMessages = "/crm/simulator/messages";
    /// How the provider is to behave.
    SimulatorBehaviour = "/crm/simulator/orders";
    /// What the provider reports.
    SimulatorReports = "/crm/simulator/reports";
}
