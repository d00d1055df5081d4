//! User interface: page layout, assets, page texts, view models and the style guide.

pub(crate) mod assets;
pub(crate) mod change_view;
pub(crate) mod country_names;
pub(crate) mod i18n;
pub(crate) mod layout;
pub(crate) mod layout_preferences;
pub(crate) mod pwa;
mod script_bundle;
pub(crate) mod style_guide;
