//! The name that was probably meant.

/// The one of `known` that is most like `name`; `None` where none is like it at all.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let rated =
        known.into_iter().map(|other| (strsim::damerau_levenshtein(&lower, &other.to_lowercase()), other));
    let (distance, nearest) = rated.min_by_key(|(distance, _)| *distance)?;
    // A third of the letters may be wrong.
    (distance * 3 <= name.chars().count().max(3)).then_some(nearest)
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
