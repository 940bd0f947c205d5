//! Paths with variables: `/item/{id}`, `/files/{path+}`.

use crate::percent::decode;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Variable(String),
    Greedy(String),
}

/// A path of a route or of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Segment>);

/// Values of a pattern's variables, as they were sent.
pub(crate) type Found = Vec<(String, String)>;

impl Pattern {
    /// Reads `/item/{id}`.
    pub(crate) fn parse(path: &str) -> Self {
        Self(segments(path).map(Segment::parse).collect())
    }

    /// The values when `path` is of this form. A variable is never empty.
    pub(crate) fn matches(&self, path: &str) -> Option<Found> {
        let mut found = Vec::new();
        let mut rest = path.strip_prefix('/').unwrap_or(path);
        let mut over = rest.is_empty();
        for segment in &self.0 {
            if over {
                return None;
            }
            if let Segment::Greedy(name) = segment {
                found.push((name.clone(), rest.to_owned()));
                return (!rest.is_empty()).then_some(found);
            }
            let (part, after) =
                rest.split_once('/').map_or((rest, None), |(part, after)| (part, Some(after)));
            segment.take(part, &mut found)?;
            (rest, over) = (after.unwrap_or_default(), after.is_none());
        }
        over.then_some(found)
    }

    /// Sorts the most specific pattern first: segment by segment a literal goes before a variable, and that before
    /// the rest of the path
    /// ([routing](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html)).
    pub(crate) fn rank(&self) -> Vec<u8> {
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Variable(_) => 1,
            Segment::Greedy(_) => 2,
        };
        self.0.iter().map(rank).collect()
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(usize::from(path.starts_with('/'))).filter(|segment| !segment.is_empty())
}

impl Segment {
    fn parse(text: &str) -> Self {
        let Some(name) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
            return Self::Literal(text.to_owned());
        };
        match name.strip_suffix('+') {
            Some(name) => Self::Greedy(name.to_owned()),
            None => Self::Variable(name.to_owned()),
        }
    }

    fn take(&self, part: &str, found: &mut Found) -> Option<()> {
        match self {
            Self::Literal(text) => {
                (part == text || (part.contains('%') && decode(part) == *text)).then_some(())
            }
            Self::Variable(_) if part.is_empty() => None,
            Self::Variable(name) | Self::Greedy(name) => {
                found.push((name.clone(), part.to_owned()));
                Some(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, path: &str, expect: Option<&[(&str, &str)]>) {
        let own =
            |found: &[(&str, &str)]| found.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect::<Found>();
        assert_eq!(Pattern::parse(pattern).matches(path), expect.map(own), "{pattern} {path}");
    }

    #[test]
    fn matches_paths() {
        check("/", "/", Some(&[]));
        check("/", "", Some(&[]));
        check("/", "/a", None);
        check("/a", "/a", Some(&[]));
        check("/a", "/a/", None);
        check("/a", "/", None);
        check("/a b", "/a%20b", Some(&[]));
        check("/item/{id}", "/item/1", Some(&[("id", "1")]));
        check("/item/{id}", "/item/", None);
        check("/item/{id}", "/item", None);
        check("/item/{id}", "/item/1/2", None);
        check("/item/{id}", "/item/a%2Fb", Some(&[("id", "a%2Fb")]));
        check("/item/{id}/done", "/item/1/done", Some(&[("id", "1")]));
        check("/{a}/{b}", "//b", None);
        check("/{proxy+}", "/", None);
        check("/{proxy+}", "/a//b/..", Some(&[("proxy", "a//b/..")]));
        check("/x/{proxy+}", "/x/a", Some(&[("proxy", "a")]));
        check("/x/{proxy+}", "/x/", None);
    }

    #[test]
    fn the_most_specific_goes_first() {
        let mut all = ["/{proxy+}", "/pets/{proxy+}", "/pets/dog/{id}", "/pets/dog/1", "/pets/{kind}/1"];
        all.sort_by_key(|path| Pattern::parse(path).rank());
        assert_eq!(all, ["/pets/dog/1", "/pets/dog/{id}", "/pets/{kind}/1", "/pets/{proxy+}", "/{proxy+}"]);
    }
}
