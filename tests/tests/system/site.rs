//! Published sites, as visitors find them.

use crate::deployed::physical_id;
use crate::world::{Outputs, World};
use serde_json::{Value, json};
use stack_builder_tests::{Response, repository_root};
use std::fs;

/// Expects every file of the site at its address, configured for its stack, and nothing else there.
#[track_caller]
pub(crate) fn is_published(world: &World, outputs: &Outputs, name: &str) {
    let site = Site { world, outputs };
    site.has_its_page();
    site.has_its_files(name);
    site.knows_its_stack();
    site.shows_nothing_else(&physical_id(world, name, "SiteBucket"));
}

struct Site<'a> {
    world: &'a World,
    outputs: &'a Outputs,
}

impl Site<'_> {
    #[track_caller]
    fn get(&self, path: &str) -> Response {
        let url = format!("{}{path}", self.outputs.get("SiteUrl"));
        self.world.http.send("GET", &url, &[], "")
    }

    #[track_caller]
    fn has_its_page(&self) {
        let page = self.get("/");
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert_eq!(page.header("cache-control"), Some("no-cache"), "{page:?}");
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        assert!(page.header("strict-transport-security").is_some(), "{page:?}");
    }

    #[track_caller]
    fn has_its_files(&self, name: &str) {
        let folder = repository_root().join("site").join(name);
        let mut served = 0;
        for entry in fs::read_dir(folder).expect("a site").flatten() {
            let name = entry.file_name().into_string().expect("a readable name");
            let kind = match name.rsplit_once('.') {
                Some((_, "html")) => "text/html; charset=utf-8",
                Some((_, "js")) => "text/javascript; charset=utf-8",
                Some((_, "css")) => "text/css; charset=utf-8",
                Some((_, "svg")) => "image/svg+xml; charset=utf-8",
                _ => continue,
            };
            let answer = self.get(&format!("/{name}"));
            assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{name}");
            assert_eq!(answer.body, fs::read_to_string(entry.path()).expect("a text"), "{name}");
            served += 1;
        }
        assert!(served > 10, "only {served} files");
    }

    /// The file that is rendered from the outputs of the stack.
    #[track_caller]
    fn knows_its_stack(&self) {
        let config = self.get("/config.js");
        assert_eq!((config.status, config.header("cache-control")), (200, Some("no-cache")), "{config:?}");
        for output in ["ApiUrl", "ClientId", "SignInDomain"] {
            let value = json!(self.outputs.get(output)).to_string();
            assert!(config.body.contains(&value), "no {value} in {}", config.body);
        }
    }

    /// Unknown paths give the site's own page. Templates are not there, the engine's record of what it published has a
    /// name that nobody can guess, and the bucket itself stays shut.
    #[track_caller]
    fn shows_nothing_else(&self, bucket: &str) {
        for path in ["/nothing", "/api", "//", "/.stack-builder/", "/a.b/c", "/%2e%2e%2f"] {
            let answer = self.get(path);
            assert_eq!((answer.status, answer.body.contains("<title>")), (404, true), "{path}: {answer:?}");
        }
        for path in ["/config.js.hbs", "/INDEX.HTML", "/.git", "/.stack-builder/record.json"] {
            // The emulator's answer to an absent object is 403; see `quirks`.
            assert!([403, 404].contains(&self.get(path).status), "{path}");
        }
        let objects = self.world.aws.call("s3", "list_objects_v2", json!({ "Bucket": bucket }));
        let keys = objects["Contents"].as_array().expect("objects").iter();
        let keys = keys.filter_map(|object| object["Key"].as_str()).filter(|key| key.starts_with('.'));
        let records: Vec<_> = keys.map(|key| key.trim_start_matches(".stack-builder/")).collect();
        let [record] = records.as_slice() else { panic!("not one record: {records:?}") };
        let number = record.trim_end_matches(".json");
        assert!(number.len() == 32 && number.bytes().all(|digit| digit.is_ascii_hexdigit()), "{record}");
        for host in [format!("{bucket}.s3.eu-west-1.amazonaws.com"), format!("{bucket}.s3.amazonaws.com")] {
            let answer = self.world.http.send("GET", &format!("https://{host}/index.html"), &[], "");
            assert_eq!(answer.status, 403, "{host}: {answer:?}");
        }
        let shut = self.world.aws.call("s3", "get_public_access_block", json!({ "Bucket": bucket }));
        let shut = shut["PublicAccessBlockConfiguration"].as_object().expect("settings").clone();
        assert!(shut.len() == 4 && shut.values().all(|setting| *setting == Value::Bool(true)), "{shut:?}");
    }
}
