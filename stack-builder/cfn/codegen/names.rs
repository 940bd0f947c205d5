//! From CloudFormation's names to Rust's.

use std::collections::BTreeSet;

/// Words that cannot be a Rust identifier, in the 2024 edition.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Words that capitals do not divide.
const WORDS: &[(&str, &str)] = &[
    ("DDoS", "Ddos"),
    ("GiB", "Gib"),
    ("GraphQL", "Graphql"),
    ("IPv4", "Ipv4"),
    ("IPv6", "Ipv6"),
    ("IoT", "Iot"),
    ("MiB", "Mib"),
    ("OAuth", "Oauth"),
    ("VCpu", "Vcpu"),
];

/// `BucketName` to `bucket_name`, `DBClusterArn` to `db_cluster_arn`, `CallbackURLs` to `callback_urls`.
pub(crate) fn snake(name: &str) -> String {
    let whole = WORDS.iter().fold(name.to_owned(), |name, (word, plain)| name.replace(word, plain));
    let chars: Vec<char> = whole.chars().collect();
    let mut out = String::new();
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            separate(&mut out);
            continue;
        }
        let before = index.checked_sub(1).map(|i| chars[i]);
        if c.is_ascii_uppercase() && before.is_some_and(|b| starts_word(b, &chars[index + 1..])) {
            separate(&mut out);
        }
        out.push(c.to_ascii_lowercase());
    }
    let out = out.trim_matches('_').to_owned();
    legal(out, "n")
}

/// Whether a capital after `before` begins a word, given what comes `after` it.
fn starts_word(before: char, after: &[char]) -> bool {
    // `URLs` is the plural of `URL`, not `UR` and `Ls`.
    let plural = after.first() == Some(&'s') && after.get(1).is_none_or(|next| !next.is_ascii_lowercase());
    let lowers = after.first().is_some_and(char::is_ascii_lowercase) && !plural;
    before.is_ascii_lowercase() || before.is_ascii_digit() || (before.is_ascii_uppercase() && lowers)
}

fn separate(out: &mut String) {
    if !out.ends_with('_') {
        out.push('_');
    }
}

/// `PAY_PER_REQUEST` to `PayPerRequest`, `nodejs20.x` to `Nodejs20X`, `TLSv1.2_2021` to `TlSv1_2_2021`: capital words
/// are lowered, and digits that met across a separator stay apart.
pub(crate) fn pascal(name: &str) -> String {
    let mut out = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if out.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('_');
        }
        let (first, rest) = word.split_at(1);
        let shouted = word.len() > 1 && !word.chars().any(|c| c.is_ascii_lowercase());
        out.push_str(&first.to_ascii_uppercase());
        out.push_str(&if shouted { rest.to_ascii_lowercase() } else { rest.to_owned() });
    }
    legal(out, "N")
}

/// The name of a type: kept as AWS writes it where that is a Rust name already.
pub(crate) fn type_name(name: &str) -> String {
    let kept: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let capital = kept.starts_with(|c: char| c.is_ascii_uppercase());
    if capital && kept == name { legal(kept, "N") } else { pascal(name) }
}

fn legal(name: String, digit_prefix: &str) -> String {
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("{digit_prefix}{name}");
    }
    if KEYWORDS.contains(&name.as_str()) || name == "Self" { format!("{name}_") } else { name }
}

/// Gives names within one scope, no two alike.
#[derive(Default)]
pub(crate) struct Scope(BTreeSet<String>);

impl Scope {
    pub(crate) fn reserving(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(crate) fn name(&mut self, wanted: String) -> String {
        let mut name = wanted;
        while !self.0.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}
