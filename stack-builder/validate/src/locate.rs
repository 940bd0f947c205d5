//! From the way that `cfn` names to the place in the document.

use crate::document::{Document, Place};

/// The sections whose name is part of the way; a resource's way begins with its logical id.
const SECTIONS: [&str; 6] = ["Outputs", "Conditions", "Rules", "Parameters", "Mappings", "Metadata"];

/// Parts of a path that are looked up one by one; a key that holds more of their signs is an odd one.
const MOST_PARTS: usize = 64;

/// The place at `path`, or the nearest one around it that is there.
pub(crate) fn find<'a>(document: &'a Document, path: &str) -> Option<Place<'a>> {
    let root = document.root();
    if path.is_empty() {
        return Some(root);
    }
    let (place, rest) =
        child(root, path).filter(|_| starts_with_section(path)).or_else(|| resource(root, path))?;
    Some(descend(place, rest))
}

fn starts_with_section(path: &str) -> bool {
    let first = path.split(['.', '[']).next().unwrap_or(path);
    // A resource may bear a section's name; its way is then longer by what the section would hold.
    SECTIONS.contains(&first) || path.starts_with("Resources.") || !path.contains('.')
}

fn resource<'a, 'p>(root: Place<'a>, path: &'p str) -> Option<(Place<'a>, &'p str)> {
    let named = |section: &str| child(root.get(section)?, path);
    if let Some((resource, rest)) = named("Resources") {
        // A property first: most ways lead into them.
        let inside = resource.get("Properties").filter(|properties| child(*properties, trim(rest)).is_some());
        return Some((inside.unwrap_or(resource), rest));
    }
    SECTIONS.into_iter().find_map(named)
}

fn trim(rest: &str) -> &str {
    rest.strip_prefix('.').unwrap_or(rest)
}

fn descend<'a>(place: Place<'a>, rest: &str) -> Place<'a> {
    match child(place, trim(rest)) {
        Some((next, behind)) if !rest.is_empty() => descend(next, behind),
        _ => place,
    }
}

/// The child with which `path` goes on, and what is left of the path behind it.
fn child<'a, 'p>(place: Place<'a>, path: &'p str) -> Option<(Place<'a>, &'p str)> {
    if place.is_list() {
        let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
        return Some((place.items().nth(index.parse().ok()?)?, rest));
    }
    // A key may hold the signs that part a path; the longest one that fits is meant.
    let ends = || path.match_indices(['.', '[']).map(|(end, _)| end).chain([path.len()]);
    if ends().nth(MOST_PARTS).is_none() {
        let ends: Vec<_> = ends().collect();
        return ends.into_iter().rev().find_map(|end| Some((place.get(&path[..end])?, &path[end..])));
    }
    let fits = place.entries().filter_map(|(key, value)| {
        let rest = path.strip_prefix(key)?;
        let ends = rest.is_empty() || rest.starts_with(['.', '[']);
        ends.then_some((value, rest, key.len()))
    });
    let (value, rest, _) = fits.max_by_key(|(_, _, length)| *length)?;
    Some((value, rest))
}
