//! Which path shows what.

use super::asked::{Asked, Refused, Shown, answer};
use super::{BELOW, Console, assets};
use stack_builder_local_core::{Request, Response};

impl Console {
    /// Answers a request that is allowed.
    pub(super) fn route(&self, request: &Request) -> Response {
        let path = request.uri().path().strip_prefix(BELOW).unwrap_or_default();
        if let Some(asset) = assets::find(path) {
            return asset;
        }
        match path.strip_prefix("api/") {
            Some("events") => self.events(),
            Some(what) => answer(self.show(what, &Asked::of(request))),
            None => answer(Err(Refused(404, "the console has no such page".to_owned()))),
        }
    }

    fn show(&self, what: &str, asked: &Asked) -> Shown {
        let application = self.application.load();
        match what {
            "overview" => Ok(self.overview(&application)),
            "graph" => Ok(super::graph::of(&application)),
            "resource" => super::resource::of(&application, asked),
            "functions" => Ok(self.functions(&application)),
            "requests" => self.requests(&application, asked),
            "request" => self.request(&application, asked),
            "log-groups" => Ok(self.log_groups()),
            "log" => self.log(asked),
            "tables" => Ok(self.tables()),
            "items" => self.items(asked),
            "buckets" => Ok(self.buckets()),
            "objects" => self.objects(asked),
            "pools" => Ok(self.pools()),
            "users" => self.users(asked),
            "inbox" => self.inbox(asked),
            "notices" => self.notices(asked),
            _ => Err(Refused(404, "the console has no such data".to_owned())),
        }
    }
}
