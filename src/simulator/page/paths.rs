//! The paths of the phones' page.

use crate::presentation::routes::define_routes;

define_routes! {
    /// A client's phone, where the providers are simulated.
    Simulator = "/crm/simulator";
    /// Messages of the client.
    SimulatorMessages = "/crm/simulator/messages";
    /// The behaviour of the provider.
    SimulatorBehaviour = "/crm/simulator/orders";
    /// Reports of the provider.
    SimulatorReports = "/crm/simulator/reports";
}
