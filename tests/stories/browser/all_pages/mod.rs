//! Tests of every page: accessibility, keyboard, width, and without scripts.

pub mod accessibility;
pub mod keyboard;
pub mod keyboard_workday;
pub mod layout_preferences;
pub mod responsive;
pub mod without_scripts;
