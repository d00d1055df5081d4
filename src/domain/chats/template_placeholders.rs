//! Filling the placeholders of a template for one client.

/// The values of the placeholders. An empty value is removed together with the punctuation around
/// it.
#[derive(Debug, Clone, Default)]
pub struct TemplateValues {
    /// `{{client.first_name}}`
    pub client_first_name: String,
    /// `{{client.last_name}}`
    pub client_last_name: String,
    /// `{{client.full_name}}`
    pub client_full_name: String,
    /// `{{user.first_name}}`
    pub user_first_name: String,
    /// `{{user.full_name}}`
    pub user_full_name: String,
    /// `{{tenant.name}}`
    pub tenant_name: String,
}

impl TemplateValues {
    /// Returns the template with its placeholders filled in. Unknown placeholders stay as they are
    /// written.
    pub fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            text.push_str(before);
            let value =
                after.split_once("}}").and_then(|(name, after)| Some((self.value(name.trim())?, after)));
            match value {
                Some(("", after)) => rest = leave_out(&mut text, after),
                Some((value, after)) => {
                    text.push_str(value);
                    rest = after;
                }
                None => {
                    text.push_str("{{");
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        text
    }

    fn value(&self, name: &str) -> Option<&str> {
        Some(match name {
            "client.first_name" => &self.client_first_name,
            "client.last_name" => &self.client_last_name,
            "client.full_name" => &self.client_full_name,
            "user.first_name" => &self.user_first_name,
            "user.full_name" => &self.user_full_name,
            "tenant.name" => &self.tenant_name,
            _ => return None,
        })
    }
}

/// Removes the gap that an empty value leaves: a double space, or a comma before a full stop or at
/// the beginning or end of a line.
fn leave_out<'a>(text: &mut String, after: &'a str) -> &'a str {
    let before = text.trim_end_matches(' ').len();
    let next = after.trim_start_matches(' ');
    if text.trim_end_matches(' ').is_empty() || text.trim_end_matches(' ').ends_with('\n') {
        text.truncate(before);
        return after.trim_start_matches([' ', ',']);
    }
    if next.is_empty() || next.starts_with(['\n', '!', '?', '.', ',', ';', ':', ')']) {
        text.truncate(before);
        if text.ends_with(',') {
            text.pop();
        }
        return next;
    }
    if text.ends_with(' ') { next } else { after }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(first: &str, last: &str, template: &str) -> String {
        let full =
            [first, last].iter().filter(|name| !name.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let filling = TemplateValues {
            client_first_name: first.into(),
            client_last_name: last.into(),
            client_full_name: full,
            user_first_name: "Malika".into(),
            user_full_name: "Malika Karimova".into(),
            tenant_name: "Samarkand {{Textiles}}".into(),
        };
        filling.fill(template)
    }

    #[test]
    fn placeholders_are_filled_once() {
        for name in crate::domain::PLACEHOLDERS {
            assert!(!filled("Aziza", "Karimova", &format!("{{{{ {name} }}}}")).starts_with("{{ "), "{name}");
        }
        assert_eq!(
            filled("Aziza", "", "{{tenant.name}}: {{ user.first_name }}"),
            "Samarkand {{Textiles}}: Malika"
        );
        assert_eq!(filled("Aziza", "", "{{unknown}} {{client.first_name"), "{{unknown}} {{client.first_name");
    }

    #[test]
    fn empty_values_leave_no_punctuation() {
        for (template, expected) in [
            ("Salom, {{client.first_name}}!", "Salom!"),
            ("Salom {{client.first_name}}, qalaysiz?", "Salom, qalaysiz?"),
            ("{{client.first_name}}, buyurtma tayyor.", "buyurtma tayyor."),
            ("Hi {{client.first_name}} and welcome", "Hi and welcome"),
            ("Dear {{client.first_name}} {{client.last_name}},\nhello", "Dear,\nhello"),
            ("Hi, {{client.first_name}} {{client.last_name}}!", "Hi!"),
            ("Thanks, {{client.full_name}}", "Thanks"),
            ("Line\n{{client.first_name}}, next", "Line\nnext"),
        ] {
            assert_eq!(filled("", "", template), expected, "{template}");
        }
        assert_eq!(
            filled("Aziza", "", "Dear {{client.first_name}} {{client.last_name}}, hi"),
            "Dear Aziza, hi"
        );
    }
}
