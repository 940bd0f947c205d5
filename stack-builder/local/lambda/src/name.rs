//! The ways to name a function: its name, its ARN, a part of the ARN, each with a version or an alias.

/// What a caller named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// The function's name.
    pub(crate) name: &'a str,
    /// A version, an alias, or `$LATEST`.
    pub(crate) qualifier: Option<&'a str>,
}

/// Reads `name`, `name:alias`, `123456789012:function:name` and `arn:aws:lambda:region:account:function:name:alias`.
pub(crate) fn parse(text: &str) -> Reference<'_> {
    let rest = text.split_once(":function:").map_or(text, |(_, rest)| rest);
    match rest.split_once(':') {
        None => Reference { name: rest, qualifier: None },
        Some((name, qualifier)) => Reference { name, qualifier: Some(qualifier) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        for text in ["f", "000000000000:function:f", arn] {
            assert_eq!(parse(text), Reference { name: "f", qualifier: None }, "{text}");
            let qualified = format!("{text}:live");
            assert_eq!(parse(&qualified), Reference { name: "f", qualifier: Some("live") }, "{text}");
        }
    }
}
