//! The rules for new passwords, by NIST SP 800-63B: a minimum length and no commonly used passwords, but no rules about
//! kinds of characters.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::domain::Problem;

/// The minimum number of characters.
pub const PASSWORD_MIN: usize = 8;
/// The maximum length of a password as it is typed, in bytes: normalisation can make it eleven times as long.
pub const MAX_PASSWORD_BYTES: usize = 1024;
/// The maximum number of characters beside a common word: `password2024!` is a common password.
const ADDED: usize = 5;
/// The minimum number of neighbouring characters of a row that are a run.
const RUN: usize = 4;
/// The maximum number of characters beside runs: `abc123456` is a common password.
const OUTSIDE: usize = 3;

/// Rows in which neighbours are typed one after the other: the alphabets, the digits and the keyboards.
const ROWS: [&str; 10] = [
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
];

/// Words that many passwords consist of, beside digits and punctuation, in English, Russian (also typed on a Latin
/// keyboard) and Uzbek.
const COMMON: &str = "password passwort passw pass parol parolim пароль gfhjkm admin administrator root user guest test tester \
    testing login letmein welcome welcom changeme default secret secure access master superuser system server \
    iloveyou loveyou lovely mylove sweet sweety honey princess prince angel sunshine flower rainbow butterfly \
    monkey dragon tiger panda eagle falcon phoenix shadow killer hunter ranger warrior ninja pirate wizard \
    superman batman spiderman pokemon starwars naruto minecraft football baseball basketball soccer hockey tennis \
    liverpool chelsea arsenal barcelona realmadrid juventus manchester yankees cowboys steelers lakers \
    michael jennifer jessica michelle nicole ashley daniel andrew joshua matthew charlie thomas robert jordan \
    hannah samantha amanda anthony alexander aleksandr nikita dmitry sergey andrey maksim natasha наташа yfnfif \
    marina марина irina ирина tatiana татьяна svetlana светлана ekaterina александр дмитрий сергей андрей максим \
    привет ghbdtn любовь любимая солнце зайка котик кошка собака россия москва спартак zenit зенит \
    salom salomlar assalom uzbekistan ozbekiston tashkent toshkent samarkand samarqand bukhara buxoro muhabbat sevgi \
    sevgilim onajon onam dadam hayot umid dilnoza gulnora shahnoza \
    computer internet google facebook instagram youtube samsung iphone microsoft windows apple \
    freedom whatever trustno nothing forever family friends mother father hello helloworld goodluck success \
    summer winter spring autumn january february march april june july august september october november december \
    monday tuesday wednesday thursday friday saturday sunday cookie chocolate cheese banana orange pepper ginger \
    mustang ferrari porsche mercedes corvette harley yamaha buster tigger bailey maggie snoopy \
    company business office work client clients crm aloqa qazwsx qazwsxedc wsxedc zaqwsx zaqxsw qweasd qweasdzxc \
    asdzxc qwaszx qwerty qwert asdf asdfgh zxcvbn zxcv йцукен фывапр abc abcd qaz wsx";
/// Passwords that go over the keyboard in columns.
const KEYBOARD: &str = "1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 \
    zaq12wsx zaq1xsw2 zaq1zaq1 qaz123wsx 1qaz1qaz 2wsx3edc 123qwe asd 1a2b3c4d a1b2c3d4 a1s2d3f4 1й2ц3у4к й1ц2у3к4 \
    147258369 159357 741852963 789456123 147852369 159753 963852741 112233 11223344 1122334455 123321 12344321";

/// Normalises a password (NFKC, Unicode Standard Annex 15): the same characters may be typed as different code points on
/// another keyboard.
pub fn normalize_password(password: &str) -> String {
    password.nfkc().collect()
}

/// Checks a new password. `own` are words that others know of the user, such as parts of the e-mail address.
///
/// # Errors
/// [`Problem::TooShort`] for less than eight characters; [`Problem::TooLong`]; [`Problem::CommonPassword`] for one that is among the first that
/// an attacker tries.
pub fn check_new_password(password: &str, own: &[&str]) -> Result<(), Problem> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(Problem::TooLong { max: MAX_PASSWORD_BYTES });
    }
    let password: Vec<char> = normalize_password(password).to_lowercase().chars().collect();
    if password.len() < PASSWORD_MIN {
        return Err(Problem::TooShort { min: PASSWORD_MIN });
    }
    let own: BTreeSet<String> = own.iter().map(|word| word.to_lowercase()).collect();
    if is_common(&password, &own) { Err(Problem::CommonPassword) } else { Ok(()) }
}

fn is_common(password: &[char], own: &BTreeSet<String>) -> bool {
    let (text, unit) = (password.iter().collect::<String>(), repeated_unit(password));
    unit.len() <= RUN
        || outside_runs(password) <= OUTSIDE
        || KEYBOARD.split_whitespace().any(|common| common == text)
        || [password, unit].into_iter().any(|part| {
            let word = word_of(part);
            let is_known = own.contains(&word) || COMMON.split_whitespace().any(|common| common == word);
            is_known && part.len() - word.chars().count() <= ADDED
        })
}

/// The shortest part of which the whole is a repetition; the whole if it repeats nothing.
fn repeated_unit(password: &[char]) -> &[char] {
    let length = password.len();
    let repeats = |unit: &usize| {
        length.is_multiple_of(*unit) && password.chunks(*unit).all(|chunk| chunk == &password[..*unit])
    };
    let unit = (1..=length / 2).find(repeats).unwrap_or(length);
    &password[..unit]
}

/// The number of characters that are not part of a run: neighbours in a row, in one direction, or the same character.
fn outside_runs(password: &[char]) -> usize {
    let mut outside = 0;
    let mut at = 0;
    while at < password.len() {
        let run = run_length(&password[at..]);
        if run < RUN {
            outside += 1;
            at += 1;
        } else {
            at += run;
        }
    }
    outside
}

fn run_length(text: &[char]) -> usize {
    let step = |row: &str, forwards: bool| {
        let row: Vec<char> = if forwards { row.chars().collect() } else { row.chars().rev().collect() };
        let neighbours = |pair: &[char]| row.windows(2).any(|next| next == pair);
        1 + text.windows(2).take_while(|pair| neighbours(pair)).count()
    };
    let same = text.iter().take_while(|c| Some(*c) == text.first()).count();
    ROWS.iter().flat_map(|row| [step(row, true), step(row, false)]).chain([same]).max().unwrap_or_default()
}

/// The word in a password, without digits and punctuation around it, and with letters for the digits and signs that are
/// written for them.
fn word_of(password: &[char]) -> String {
    let is_letter = |c: &char| c.is_alphabetic();
    let mut first = password.iter().position(is_letter).unwrap_or(0);
    let end = password.iter().rposition(is_letter).map_or(0, |last| last + 1);
    // A sign that is written for the first letter is a part of the word: `@dmin`.
    if first > 0 && matches!(password[first - 1], '@' | '$') {
        first -= 1;
    }
    let core = password.get(first..end).unwrap_or_default();
    core.iter()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            c => *c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), Problem> {
        check_new_password(password, &["dilnoza.karimova", "karimova", "samarkand-textile"])
    }

    #[test]
    fn the_commonest_passwords_are_refused() {
        for password in "password 12345678 aaaaaaaa 123456789 1234567890 qwertyuiop password1 Password123 P@ssw0rd \
            p@$$w0rd1 passw0rd! 11111111 00000000 87654321 qwerty123 1q2w3e4r 1qaz2wsx zaq12wsx abcd1234 abc12345 \
            abc123456 1234qwer qwer1234 asdfghjkl iloveyou iloveyou1 sunshine princess football baseball superman trustno1 \
            welcome1 Welcome2024! admin123 administrator letmein1 changeme computer internet michelle jennifer \
            passwordpassword abcabcabc 12341234 121212121212 asdfasdf 123123123 йцукенгш пароль12 qazwsxedc 147258369 \
            gfhjkm123 aloqa2026 aloqa123 karimova karimova1 samarkand-textile 11223344 12344321 @dmin123 qwerty12345 \
            абвгдежз uzbekistan toshkent1 a1b2c3d4"
            .split_whitespace()
        {
            assert_eq!(check(password), Err(Problem::CommonPassword), "{password}");
        }
    }

    #[test]
    fn long_and_unusual_passwords_are_accepted() {
        for password in [
            "correct horse battery",
            "another password",
            "my cat eats 12 fish",
            "сорок тысяч обезьян",
            "kx7-Fq2w9",
            "password8430127",
            "ra2Nbeig",
            "Toshkent kechasi 7",
            "👍🏽👍🏽 two thumbs",
        ] {
            assert_eq!(check(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn characters_are_counted_as_normalised_ones() {
        assert_eq!(check(&"\u{fdfa}".repeat(342)), Err(Problem::TooLong { max: 1024 }));
        assert_eq!(check("sevenxy"), Err(Problem::TooShort { min: 8 }));
        assert_eq!(normalize_password("ﬁn\u{65}\u{301}"), "fin\u{e9}");
        // The letter in a font is the letter.
        assert_eq!(check("ｐａｓｓｗｏｒｄ"), Err(Problem::CommonPassword));
    }
}
