//! Random passwords, as `GenerateSecretString` and `GetRandomPassword` ask for them.

use aws_lc_rs::rand;
use serde_json::Value;

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NUMBERS: &str = "0123456789";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const LONGEST: usize = 4096;

/// The value of `GenerateSecretString`: the password, or the template with the password in it.
///
/// # Errors
/// When no password can be as it is asked for, or the template is no object.
pub(crate) fn secret_string(options: &Value) -> Result<String, String> {
    let password = password(options)?;
    let (template, key) = (options["SecretStringTemplate"].as_str(), options["GenerateStringKey"].as_str());
    let (template, key) = match (template, key) {
        (None, None) => return Ok(password),
        (Some(template), Some(key)) => (template, key),
        _ => return Err("`SecretStringTemplate` and `GenerateStringKey` need each other".to_owned()),
    };
    let mut object: serde_json::Map<String, Value> =
        serde_json::from_str(template).map_err(|_| "`SecretStringTemplate` is no JSON object".to_owned())?;
    object.insert(key.to_owned(), password.into());
    Ok(Value::Object(object).to_string())
}

/// A password as the options ask, 32 characters unless told otherwise.
///
/// # Errors
/// When the options leave no characters, or too short a password.
pub(crate) fn password(options: &Value) -> Result<String, String> {
    let length = length(&options["PasswordLength"])?;
    let excluded = options["ExcludeCharacters"].as_str().unwrap_or_default();
    let classes = classes(options, excluded);
    let mut pool: Vec<char> = classes.iter().flatten().copied().collect();
    if flag(&options["IncludeSpace"], false) && !excluded.contains(' ') {
        pool.push(' ');
    }
    if pool.is_empty() {
        return Err("The excluded characters leave none to generate a password from".to_owned());
    }
    let mut out = Vec::with_capacity(length);
    if flag(&options["RequireEachIncludedType"], true) {
        if classes.iter().any(Vec::is_empty) || classes.len() > length {
            return Err(
                "A password of this length cannot hold a character of each included type that is not excluded"
                    .to_owned(),
            );
        }
        out.extend(classes.iter().map(|class| class[below(class.len())]));
    }
    out.extend((out.len()..length).map(|_| pool[below(pool.len())]));
    shuffle(&mut out);
    Ok(out.into_iter().collect())
}

fn length(value: &Value) -> Result<usize, String> {
    if value.is_null() {
        return Ok(32);
    }
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let length = number.and_then(|number| usize::try_from(number).ok());
    length
        .filter(|length| (1..=LONGEST).contains(length))
        .ok_or_else(|| format!("`PasswordLength` must be from 1 to {LONGEST}, not {value}"))
}

fn classes(options: &Value, excluded: &str) -> Vec<Vec<char>> {
    let kinds = [
        ("ExcludeLowercase", LOWER),
        ("ExcludeUppercase", UPPER),
        ("ExcludeNumbers", NUMBERS),
        ("ExcludePunctuation", PUNCTUATION),
    ];
    let included = kinds.iter().filter(|(name, _)| !flag(&options[*name], false));
    included.map(|(_, class)| class.chars().filter(|c| !excluded.contains(*c)).collect()).collect()
}

/// True or false, also as text.
fn flag(value: &Value, default: bool) -> bool {
    value.as_bool().or_else(|| value.as_str()?.parse().ok()).unwrap_or(default)
}

/// A number below `limit`, each as likely as another.
fn below(limit: usize) -> usize {
    let limit = u32::try_from(limit).unwrap_or(u32::MAX).max(1);
    let whole = u32::MAX - u32::MAX % limit;
    loop {
        let number = u32::from_be_bytes(random());
        if number < whole {
            return (number % limit) as usize;
        }
    }
}

fn shuffle(letters: &mut [char]) {
    for last in (1..letters.len()).rev() {
        letters.swap(last, below(last + 1));
    }
}

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The library's generator cannot fail once the process runs; its signature keeps an older promise.
    rand::fill(&mut bytes).expect("the system's random numbers");
    bytes
}

/// A new id of a version, in the form of a UUID of version 4.
pub(crate) fn version_id() -> String {
    let mut number = u128::from_be_bytes(random());
    number = number & !(0xf << 76) | 4 << 76;
    number = number & !(0x3 << 62) | 2 << 62;
    let text = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn has(password: &str, class: &str) -> bool {
        password.chars().any(|c| class.contains(c))
    }

    #[test]
    fn every_type_is_there_unless_excluded() {
        for _ in 0..200 {
            let short = password(&json!({"PasswordLength": 4})).expect("a password");
            assert_eq!(short.chars().count(), 4);
            assert!([LOWER, UPPER, NUMBERS, PUNCTUATION].iter().all(|class| has(&short, class)), "{short}");
            let options =
                json!({"ExcludePunctuation": true, "ExcludeNumbers": "true", "ExcludeCharacters": "abcXYZ"});
            let plain = password(&options).expect("a password");
            assert_eq!(plain.len(), 32);
            assert!(!has(&plain, PUNCTUATION) && !has(&plain, NUMBERS) && !has(&plain, "abcXYZ"), "{plain}");
        }
    }

    #[test]
    fn spaces_only_when_asked_for() {
        let none = json!({"PasswordLength": 4096});
        assert!(!password(&none).expect("a password").contains(' '));
        let some = json!({"PasswordLength": "4096", "IncludeSpace": true});
        assert!(password(&some).expect("a password").contains(' '));
    }

    #[test]
    fn the_password_goes_into_the_template() {
        let options = json!({"SecretStringTemplate": "{\"user\":\"me\"}", "GenerateStringKey": "password",
            "PasswordLength": 8});
        let value: Value = serde_json::from_str(&secret_string(&options).expect("a value")).expect("JSON");
        assert_eq!(value["user"], "me");
        assert_eq!(value["password"].as_str().map(str::len), Some(8));
        assert_ne!(secret_string(&options), secret_string(&options));
    }

    #[test]
    fn the_impossible_is_told() {
        for options in [
            json!({"PasswordLength": 0}),
            json!({"PasswordLength": 5000}),
            json!({"PasswordLength": 3}),
            json!({"ExcludeCharacters": NUMBERS}),
            json!({"ExcludeLowercase": true, "ExcludeUppercase": true, "ExcludeNumbers": true, "ExcludePunctuation": true}),
            json!({"SecretStringTemplate": "{}"}),
            json!({"SecretStringTemplate": "[]", "GenerateStringKey": "k"}),
        ] {
            assert!(secret_string(&options).is_err(), "{options}");
        }
        let any =
            json!({"PasswordLength": 3, "RequireEachIncludedType": false, "ExcludeCharacters": NUMBERS});
        assert_eq!(password(&any).map(|password| password.len()), Ok(3));
    }

    #[test]
    fn ids_are_uuids() {
        let id = version_id();
        assert_eq!((id.len(), &id[14..15]), (36, "4"));
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
    }
}
