//! src/presentation/clients/merge
