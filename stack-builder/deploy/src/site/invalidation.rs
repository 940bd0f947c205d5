//! What CloudFront is to forget: the paths of what has changed, and the request.

use crate::call::Call;
use crate::service::Service;
use crate::{Environment, Error, token};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// More paths than these become one for everything.
///
/// CloudFront charges by the path, and `/*` counts as one; the first 1,000 a month are free
/// (<https://aws.amazon.com/cloudfront/pricing/>). Naming the paths keeps the rest of the site in the caches, which
/// is worth more than the few paths; for many of them it is the other way round.
const PATHS: usize = 15;
/// Everything.
const ALL: &str = "/*";

/// The paths to forget when the files at `changed` are others now.
pub(crate) fn paths<'a>(changed: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    changed.flat_map(forms).collect()
}

/// The same as one for everything when they are many, or one of them cannot be named.
pub(crate) fn bounded(paths: &BTreeSet<String>) -> Vec<String> {
    let wild = paths.iter().any(|path| path.contains('*'));
    if wild || paths.len() > PATHS { vec![ALL.to_owned()] } else { paths.iter().cloned().collect() }
}

/// The paths under which a file may have been asked for: its own, and those that a root object or a route turns into
/// it, `/` for `index.html`, `/login` and `/login/` for `login.html`.
fn forms(file: &str) -> Vec<String> {
    let own = format!("/{}", encoded(file));
    let Some(stem) = own.strip_suffix(".html") else { return vec![own] };
    let others = match stem.strip_suffix("/index") {
        Some("") => vec!["/".to_owned()],
        Some(folder) => vec![folder.to_owned(), format!("{folder}/")],
        None => vec![stem.to_owned(), format!("{stem}/")],
    };
    others.into_iter().chain([own.clone()]).collect()
}

/// Percent-encoded where a browser does so.
fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/!$&'()*+,;=:@".contains(&byte);
    path.bytes().fold(String::with_capacity(path.len()), |mut text, byte| {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// Asks `distribution` to forget `paths`; does not wait until it has.
pub(crate) async fn request(
    environment: &Environment,
    distribution: &str,
    paths: &[String],
) -> Result<(), Error> {
    let path = format!("/2020-05-31/distribution/{distribution}/invalidation");
    let call = Call::new("cloudfront:CreateInvalidation", "POST", path);
    let call = call.body("application/xml", batch(paths, &token::fresh()).into_bytes());
    environment.call(&Service::CLOUDFRONT, call).await.map(drop)
}

/// See <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html>.
fn batch(paths: &[String], reference: &str) -> String {
    let escaped = |path: &String| path.replace('&', "&amp;");
    let items: Vec<_> = paths.iter().map(|path| format!("<Path>{}</Path>", escaped(path))).collect();
    let items = items.concat();
    format!(
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>{}</Quantity>\
         <Items>{items}</Items></Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>",
        paths.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(changed: &[&str], expect: &[&str]) {
        assert_eq!(bounded(&paths(changed.iter().copied())), expect);
    }

    #[test]
    fn a_page_is_forgotten_under_each_of_its_addresses() {
        check(&["app.js"], &["/app.js"]);
        check(&["index.html"], &["/", "/index.html"]);
        check(&["login.html"], &["/login", "/login.html", "/login/"]);
        check(&["a/index.html", "a/x.css"], &["/a", "/a/", "/a/index.html", "/a/x.css"]);
    }

    #[test]
    fn paths_are_written_as_browsers_write_them() {
        check(&["a b/é.png"], &["/a%20b/%C3%A9.png"]);
        assert!(
            batch(&["/a&b".to_owned()], "r").contains("<Quantity>1</Quantity><Items><Path>/a&amp;b</Path>")
        );
    }

    #[test]
    fn many_paths_become_one() {
        let files: Vec<_> = (0..16).map(|n| format!("{n}.js")).collect();
        let files: Vec<_> = files.iter().map(String::as_str).collect();
        assert_eq!(bounded(&paths(files[..15].iter().copied())).len(), 15);
        check(&files, &["/*"]);
        check(&["a*b.js"], &["/*"]);
        check(&[], &[]);
    }
}
