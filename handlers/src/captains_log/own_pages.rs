//! Requests that another site's page made a browser send.

use crate::{Failure, Request};

/// Refuses what a browser sends in the name of another site's page, subdomains of the same domain included.
///
/// The cookie's `SameSite=Lax` keeps the session out of such a request, but does not keep the answer's cookie out of the
/// browser: a form elsewhere could log a visitor out, or in as somebody else. Clients that are no browsers send no such
/// header, nor do browsers from before 2023, which have the cookie's attribute and the body's type against them.
/// <https://www.w3.org/TR/fetch-metadata/>
pub(crate) fn only(request: &Request) -> Result<(), Failure> {
    match request.fetch_site.as_deref() {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Failure::Forbidden("this is for the application's own pages")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fetch_site: Option<&str>) -> Result<(), Failure> {
        only(&Request { fetch_site: fetch_site.map(str::to_owned), ..Request::default() })
    }

    #[test]
    fn other_sites_are_refused_and_neighbours_too() {
        for fetch_site in ["cross-site", "same-site", "", "Same-Origin", "same-origin, none"] {
            assert_eq!(check(Some(fetch_site)).unwrap_err().status(), 403, "{fetch_site:?}");
        }
    }

    #[test]
    fn the_pages_themselves_and_other_clients_pass() {
        for fetch_site in [Some("same-origin"), Some("none"), None] {
            assert_eq!(check(fetch_site), Ok(()));
        }
    }
}
