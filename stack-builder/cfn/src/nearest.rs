//! The name that was probably meant.

/// The one of `known` that is most like `name`; `None` where none is like it at all.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    // A third of the letters may be wrong.
    let most = lower.chars().count().max(3) / 3;
    let letters = letters(&lower);
    let mut best = None;
    for other in known {
        let other_lower = other.to_lowercase();
        // Thousands of names are compared where a resource type is misspelt; most differ at first sight.
        if differing(&letters, &self::letters(&other_lower)) > 2 * most {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &other_lower);
        if distance <= most && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, other));
        }
    }
    best.map(|(_, other)| other)
}

/// How often each byte, taken modulo 32, stands in a name: one slip changes at most two of the counts by one.
fn letters(name: &str) -> [u8; 32] {
    let mut counts = [0_u8; 32];
    for byte in name.bytes() {
        let count = &mut counts[usize::from(byte % 32)];
        *count = count.saturating_add(1);
    }
    counts
}

fn differing(one: &[u8; 32], other: &[u8; 32]) -> usize {
    one.iter().zip(other).map(|(one, other)| usize::from(one.abs_diff(*other))).sum()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_of_the_keyboard() {
        let known = ["GetAtt", "GetAZs", "Sub", "Select"];
        assert_eq!(nearest("GetAttr", known), Some("GetAtt"));
        assert_eq!(nearest("getatt", known), Some("GetAtt"));
        assert_eq!(nearest("Selcet", known), Some("Select"));
        assert_eq!(nearest("Frobnicate", known), None);
    }
}
