//! The colour theme of the pages.

use strum::{EnumString, IntoStaticStr, VariantNames};

use crate::domain::Problem;

/// The colour theme that a user selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "kebab-case", parse_err_ty = Problem, parse_err_fn = Problem::not_one_of::<Self>)]
pub enum Theme {
    /// Follows the operating system's setting, also when that changes.
    #[default]
    System,
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}

impl Theme {
    /// All themes, in the order in which pages offer them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in forms and JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The theme as the value of the CSS property `color-scheme`.
    pub fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
