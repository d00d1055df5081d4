//! The priorities of deliveries.

/// The priority of a delivery within its lane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeliveryPriority {
    /// A user wrote the message by hand and waits for it.
    #[default]
    Interactive,
    /// The message comes from a program, a schedule or a selection of failed messages, of which there may be thousands.
    Bulk,
}

impl DeliveryPriority {
    /// All priorities, the one that is served first at the beginning.
    pub const ALL: [Self; 2] = [Self::Interactive, Self::Bulk];

    /// The number in the database; lower ones are served first.
    pub fn rank(self) -> i64 {
        match self {
            Self::Interactive => 0,
            Self::Bulk => 1,
        }
    }
}
