//! Folding: a normal form of text that ignores case, accents and apostrophes, and the difference of Cyrillic and Latin
//! script.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::domain::values::invisible::is_invisible;

/// Folds text to the form that lists are sorted by: lower case, without accents and apostrophes, Cyrillic
/// transliterated to the Latin alphabet of Uzbek. Searches use [`spellings`], which also know other ways to
/// transliterate.
///
/// ```text
/// Азиза → aziza        Oʻtkir, O'tkir, Ўткир → otkir        José → jose
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.nfc().flat_map(char::to_lowercase).for_each(|c| push_folded(c, &mut folded));
    folded
}

/// Appends a letter in lower case in its folded form.
fn push_folded(c: char, folded: &mut String) {
    if c.is_ascii() && c != '\'' && c != '`' {
        return folded.push(c);
    }
    if is_apostrophe(c) || is_joiner(c) {
        return;
    }
    // Some letters decompose into a base and a mark in Unicode but are letters of their own in the languages of the
    // users. They are replaced before the decomposition removes their marks.
    if let Some(latin) = latin(c) {
        return folded.push_str(latin);
    }
    for part in c.nfkd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c)) {
        match latin(part) {
            Some(latin) => folded.push_str(latin),
            None => folded.push(part),
        }
    }
}

/// True for an invisible character that parts no emoji.
fn is_joiner(c: char) -> bool {
    is_invisible(c) && !matches!(c, '\u{200d}' | '\u{fe0f}')
}

/// Folds text like [`fold`], and unifies letters that are commonly substituted for each other. A
/// Russian keyboard has neither қ nor ҳ, so that Қодир and Зуҳра are also written Кодир and Зухра,
/// and in Latin Kodir and Zuxra.
///
/// The result is for comparison only; sorting must keep q and x apart.
pub fn fold_for_search(text: &str) -> String {
    let one = |c| match c {
        'q' => 'k',
        'x' => 'h',
        c => c,
    };
    fold(text).chars().map(one).collect()
}

/// The spellings by which a word is found: [`fold_for_search`], which comes first, and forms that the
/// transliterations of a name have in common. Two words are the same in some transliteration if they share a spelling.
///
/// The transliterations are those of passports (ICAO 9303 for Russian, the Uzbek orders of 1995 and of today, the
/// Kazakh, Kyrgyz, Tajik and Azeri alphabets), of GOST 7.79 and of English keyboards.
/// `docs/adr/0009-full-text-search.md` names the rules.
pub fn spellings(word: &str) -> Vec<String> {
    let mut all = vec![fold_for_search(word)];
    if all[0].chars().all(|c| !c.is_ascii_alphabetic()) {
        return all;
    }
    let letters = letters(word);
    for variant in VARIANTS.iter().filter(|variant| variant.differs(&letters)) {
        let spelling = variant.apply(&letters);
        if !spelling.is_empty() && !all.contains(&spelling) {
            all.push(spelling);
        }
    }
    all
}

/// The spellings of a name of several words, in any order of them: [`spellings`] of the sorted words, all in the same
/// transliteration, joined by `_`.
pub(super) fn spellings_of_name(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let joined = |spell: &dyn Fn(&str) -> String| {
        let mut spelled: Vec<String> = words.iter().map(|word| spell(word)).collect();
        spelled.sort_unstable();
        spelled.join("_")
    };
    let mut all = vec![joined(&fold_for_search)];
    for variant in VARIANTS {
        let spelling = joined(&|word| variant.apply(&letters(word)));
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    }
    all
}

/// True for the characters that are written for an apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | 'ʹ'..='ʿ'
            | 'ˈ'
            | 'ˊ'
            | 'ˋ'
            | '\u{384}'
            | '\u{55a}'
            | '\u{1fbd}'..='\u{1fbf}'
            | '\u{1fef}'
            | '\u{1ffd}'..='\u{1ffe}'
            | '‘'..='‛'
            | '′'
            | '‵'
            | '\u{a78b}'..='\u{a78c}'
            | '\u{ff07}'
            | '\u{ff40}'
    )
}

/// Transliterates a Cyrillic letter according to the Uzbek alphabet of 1995, such that both
/// spellings of a name fold alike: soft and hard signs are removed, as apostrophes are.
#[expect(clippy::match_same_arms, reason = "an alphabet reads in its own order")]
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ё' => "yo",
        'є' => "ye",
        'ж' | 'ҷ' | 'ҹ' => "j",
        'з' => "z",
        'и' | 'і' => "i",
        'ї' => "yi",
        'й' => "y",
        'ј' => "y",
        'к' => "k",
        'қ' => "q",
        'ҝ' => "g",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ў' | 'ө' | 'ӯ' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ү' | 'ұ' => "u",
        'ф' => "f",
        'х' => "x",
        'ҳ' | 'һ' => "h",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "sch",
        'ы' => "i",
        'ь' | 'ъ' => "",
        'ю' => "yu",
        'я' => "ya",
        'ß' => "ss",
        'ı' => "i",
        'ə' => "a",
        'ø' => "o",
        'ł' => "l",
        'đ' => "d",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

/// The letters of a word in one Latin notation of sounds: Cyrillic and Latin digraphs are one letter each where both
/// scripts have it.
///
/// `ö` is the Uzbek oʻ, `x` the letter that is h in Uzbek and ks elsewhere, and `q` the letter that is k in Uzbek and g
/// in Azeri. `Y` is a vowel sign that was written after a consonant with a soft sign, or as `y`.
fn letters(word: &str) -> String {
    let marked: Vec<char> = word.nfc().flat_map(char::to_lowercase).filter(|c| !is_joiner(*c)).collect();
    let has_turkic_letters = marked.iter().any(|c| "əığşçöü".contains(*c));
    let mut sounds = String::with_capacity(word.len() + 8);
    let mut rest = marked.as_slice();
    while let [c, after @ ..] = rest {
        rest = after;
        let next = after.first().copied();
        let is_oʻ = *c == 'o' && next.is_some_and(is_apostrophe);
        match *c {
            'o' if is_oʻ => sounds.push('ö'),
            'ў' | 'ӯ' | 'õ' | 'ō' | 'ŏ' | 'ö' => sounds.push('ö'),
            'ş' | 'щ' => sounds.push_str("sh"),
            'ç' => sounds.push_str("ch"),
            'c' if has_turkic_letters => sounds.push('j'),
            'х' => sounds.push('h'),
            // A soft or hard sign parts a consonant from a vowel with y, as y does in Latin.
            'ь' | 'ъ' => {
                if next.is_some_and(|next| "еёиоюя".contains(next)) {
                    sounds.push('i');
                }
            }
            // Latin has two ways to write ё, which is often written е, too.
            'э' | 'ё' => sounds.push('e'),
            c => push_folded(c, &mut sounds),
        }
    }
    join_digraphs(&sounds)
}

/// Replaces the Latin digraphs by the letters of [`letters`].
fn join_digraphs(sounds: &str) -> String {
    /// In the order in which they are tried.
    const DIGRAPHS: [(&str, &str); 22] = [
        ("shch", "sh"),
        ("sch", "sh"),
        ("dzh", "j"),
        ("dj", "j"),
        ("zh", "j"),
        ("kh", "h"),
        ("gh", "g"),
        ("ph", "f"),
        ("chr", "kr"),
        ("ch", "ch"),
        ("ck", "k"),
        ("tz", "ts"),
        ("ou", "u"),
        ("yu", "iu"),
        ("ya", "ia"),
        ("iye", "ie"),
        ("w", "v"),
        ("c", "k"),
        ("yö", "ö"),
        ("iö", "ö"),
        ("ks", "ks"),
        ("sh", "sh"),
    ];
    let mut joined = String::with_capacity(sounds.len());
    let mut rest = sounds;
    while let Some(c) = rest.chars().next() {
        if let Some((written, sound)) = DIGRAPHS.iter().find(|(written, _)| rest.starts_with(written)) {
            joined.push_str(sound);
            rest = &rest[written.len()..];
            continue;
        }
        let after_vowel = joined.chars().next_back().is_none_or(|before| "aeiouö".contains(before));
        if let Some(after) = rest.strip_prefix("ye") {
            joined.push_str(if after_vowel { "e" } else { "ie" });
            rest = after;
        } else if let Some(after) = rest.strip_prefix("yo") {
            joined.push('e');
            rest = after;
        } else {
            joined.push(if c == 'y' { 'i' } else { c });
            rest = &rest[c.len_utf8()..];
        }
    }
    joined
}

/// The reading of the letters that transliterations treat differently.
#[derive(Clone, Copy)]
struct Variant {
    /// Uzbek oʻ, which Russian and Tajik write as у.
    o_turned: char,
    x: &'static str,
    q: char,
    /// True if о is written а, as Russian does with Uzbek and Tajik names.
    o_as_a: bool,
}

const PLAIN: Variant = Variant { o_turned: 'o', x: "h", q: 'k', o_as_a: false };
const VARIANTS: [Variant; 5] = [
    PLAIN,
    Variant { o_turned: 'u', ..PLAIN },
    Variant { x: "ks", ..PLAIN },
    Variant { q: 'g', ..PLAIN },
    Variant { o_turned: 'u', o_as_a: true, ..PLAIN },
];

impl Variant {
    /// True if letters are in the word that this variant reads differently from [`PLAIN`], or if it is that one.
    fn differs(&self, letters: &str) -> bool {
        let special: &[char] = match self {
            Self { o_as_a: true, .. } => &['o', 'ö'],
            Self { o_turned: 'u', .. } => &['ö'],
            Self { x: "ks", .. } => &['x'],
            Self { q: 'g', .. } => &['q'],
            _ => return true,
        };
        letters.contains(special)
    }

    fn apply(self, letters: &str) -> String {
        let mut spelling = String::with_capacity(letters.len());
        let mut rest = letters.chars().peekable();
        while let Some(c) = rest.next() {
            // The ending of family names is the same in all languages.
            let before_v = rest.peek() == Some(&'v');
            match c {
                'ö' => spelling.push(self.o_turned),
                'o' if self.o_as_a && !before_v => spelling.push('a'),
                'x' => spelling.push_str(self.x),
                'q' => spelling.push(self.q),
                c => spelling.push(c),
            }
        }
        let spelling = unify_vowels(&spelling);
        // Александр and Пётр are written Alexander and Peter, too.
        for (written, sound) in [("nder", "ndr"), ("eter", "etr")] {
            if let Some(begin) = spelling.strip_suffix(written) {
                return format!("{begin}{sound}");
            }
        }
        spelling
    }
}

/// Makes one letter of a doubled consonant or i, and of i before u.
fn unify_vowels(spelling: &str) -> String {
    let mut unified = String::with_capacity(spelling.len());
    for c in spelling.chars() {
        let before = unified.chars().next_back();
        if before == Some('i') && c == 'u' {
            unified.pop();
        }
        if !unified.ends_with(c) || "aeou".contains(c) || !c.is_ascii_alphabetic() {
            unified.push(c);
        }
    }
    unified
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fold_ignores_script_accents_and_apostrophes() {
        assert_eq!(fold("Азиза Каримова"), "aziza karimova");
        for text in
            ["Oʻtkir", "O'tkir", "O‘tkir", "Ўткир", "otkir", "O\u{b4}tkir", "O\u{2032}tkir", "O\u{201b}tkir"]
        {
            assert_eq!(fold(text), "otkir", "{text}");
        }
        assert_eq!(fold("José Núñez"), "jose nunez");
        assert_eq!(fold("G‘ulom"), fold("Ғулом"));
        assert_eq!(fold("Şükrü ÇELİK"), "sukru celik");
        assert_eq!(fold("Ӣсо Ҷамшед Әлия Əli"), "iso jamshed aliya ali");
    }

    #[test]
    fn fold_for_search_equates_letters_missing_on_keyboards() {
        for text in ["Зуҳра", "Зухра", "Zuhra", "zuxra"] {
            assert_eq!(fold_for_search(text), "zuhra", "{text}");
        }
        for text in ["Қодир", "Кодир", "Qodir", "kodir"] {
            assert_eq!(fold_for_search(text), "kodir", "{text}");
        }
    }

    /// True if a search for one name finds the other: each word of the query has a spelling that begins a word's end.
    fn finds(query: &str, name: &str) -> bool {
        let words: Vec<String> = name.split_whitespace().flat_map(spellings).collect();
        query.split_whitespace().all(|term| {
            spellings(term).iter().any(|term| words.iter().any(|word| word.contains(term.as_str())))
        })
    }

    fn pairs(section: &str) -> Vec<(String, String)> {
        let table = include_str!("../../../tests/fixtures/name_pairs.txt");
        let lines = table.lines().skip_while(move |line| *line != section).skip(1);
        let lines = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
        let mut pairs = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let names: Vec<&str> = line.split(" | ").collect();
            // Each of the spellings of a name finds each other one.
            for (at, one) in names.iter().enumerate() {
                pairs.extend(names[at + 1..].iter().map(|other| ((*one).to_owned(), (*other).to_owned())));
            }
        }
        pairs
    }

    #[test]
    fn spellings_of_a_name_find_each_other() {
        let pairs = pairs("[same]");
        assert!(pairs.len() >= 300, "{}", pairs.len());
        let missed: Vec<_> =
            pairs.iter().filter(|(one, other)| !finds(one, other) || !finds(other, one)).collect();
        assert!(missed.is_empty(), "{missed:#?}");
    }

    #[test]
    fn different_names_do_not_find_each_other() {
        let pairs = pairs("[different]");
        assert!(pairs.len() >= 300, "{}", pairs.len());
        let found: Vec<_> =
            pairs.iter().filter(|(one, other)| finds(one, other) || finds(other, one)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}
