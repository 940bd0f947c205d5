//! CloudFront on this machine: behaviours, cache, policies and functions at the edge.
//!
//! A request goes the way it goes at AWS: the behaviour of its path, the viewer-request function, the cache, the
//! origin-request function, the origin, the origin-response function, the cache again, the response headers policy,
//! and the viewer-response function. What is asked of `http` is answered as if it were `https`, as the local port
//! stands for both.
//!
//! Left out: edge locations (there is one cache), brotli (gzip is enough), parts of objects in the cache (a part of
//! an object that is not in it is fetched for one viewer alone), and origins that are not of the application.

mod api;
mod cached;
mod compress;
mod definition;
mod edge;
mod errors;
mod exchange;
mod fetch;
mod flight;
mod forward;
mod freshness;
mod ident;
mod kept;
mod key;
mod message;
mod names;
mod page;
mod pattern;
mod peek;
mod serve;
mod store;
mod viewer_headers;

use definition::{Distribution, Notes};
use edge::EdgeFunction;
use exchange::Shared;
use stack_builder_local_core::{
    Answer, Api, ApiCall, Authorizer, Invoker, Note, Origins, Request, ResourceId, Resources, Service, World,
};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The types that are run here.
pub const RUNS: &[&str] = &[
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::CloudFrontOriginAccessIdentity",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
];

/// A distribution, for tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Where it stands.
    pub resource: ResourceId,
    /// `E…`.
    pub id: String,
    /// `d….cloudfront.net`.
    pub domain: String,
    /// Path patterns in order, `*` last.
    pub patterns: Vec<String>,
}

type Definitions = Arc<BTreeMap<String, Arc<Distribution>>>;

/// All distributions of the application.
pub struct Cdn {
    shared: Arc<Shared>,
    authorizer: Option<Arc<dyn Authorizer>>,
    invalidations: api::Invalidations,
    definitions: Arc<RwLock<Definitions>>,
    functions: RwLock<BTreeMap<String, Arc<EdgeFunction>>>,
    resources: RwLock<Resources>,
}

impl Cdn {
    /// Reads the distributions of `resources`.
    pub fn new(
        resources: &Resources,
        world: &World,
        invoker: Arc<dyn Invoker>,
        origins: Arc<dyn Origins>,
    ) -> (Self, Vec<Note>) {
        let cdn = Self {
            shared: Arc::new(Shared::new(world, invoker, origins)),
            authorizer: None,
            invalidations: api::Invalidations::default(),
            definitions: Arc::default(),
            functions: RwLock::default(),
            resources: RwLock::default(),
        };
        let notes = cdn.apply(resources);
        (cdn, notes)
    }

    /// From now on policies judge the callers of the API; without them, it is the administrator's alone.
    pub fn judged_by(mut self, authorizer: Arc<dyn Authorizer>) -> Self {
        self.authorizer = Some(authorizer);
        self
    }

    /// Takes over a changed application. The cache is emptied when anything of CloudFront has changed; a request
    /// under way ends as it began.
    pub fn apply(&self, resources: &Resources) -> Vec<Note> {
        let mut notes = Notes(Vec::new());
        let functions = self.read_functions(resources, &mut notes);
        let distributions = definition::read(resources, &self.shared.world, &functions, &mut notes);
        for resource in resources.iter() {
            let known = RUNS.contains(&resource.kind.as_str());
            if resource.kind.starts_with("AWS::CloudFront::") && !known {
                notes.add(&resource.id, format!("`{}` has no effect here", resource.kind));
            }
        }
        let new = distributions.into_iter().map(|one| (one.id.clone(), one)).collect();
        *self.definitions.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        *self.functions.write().unwrap_or_else(PoisonError::into_inner) = functions;
        let mut old = self.resources.write().unwrap_or_else(PoisonError::into_inner);
        if !relevant(&old).eq(relevant(resources)) {
            self.shared.store.clear();
        }
        *old = resources.clone();
        notes.0
    }

    /// A function whose code is the same goes on as it is, with its thread.
    fn read_functions(
        &self,
        resources: &Resources,
        notes: &mut Notes,
    ) -> BTreeMap<String, Arc<EdgeFunction>> {
        let old = self.functions.read().unwrap_or_else(PoisonError::into_inner);
        let all = resources.of_type("AWS::CloudFront::Function");
        all.map(|resource| {
            let arn = resource.attributes.get("FunctionARN").unwrap_or(&resource.physical_id).clone();
            let mut said = Vec::new();
            let new = EdgeFunction::read(resource, |note| said.push(note));
            for note in said {
                notes.add(&resource.id, note);
            }
            let same = old.get(&arn).filter(|function| function.is(resource) && function.name == new.name);
            (arn, same.cloned().unwrap_or_else(|| Arc::new(new)))
        })
        .collect()
    }

    /// What answers for a distribution, whatever becomes of it: 404 once it is gone. `None` when there is none now.
    pub fn distribution(&self, id: &str) -> Option<Arc<dyn Service>> {
        self.find(id)?;
        let (shared, definitions) = (self.shared.clone(), self.definitions.clone());
        Some(Arc::new(Front { id: id.to_owned(), shared, definitions }))
    }

    /// The distributions, in the order of their ids.
    pub fn list(&self) -> Vec<Listed> {
        let listed = |one: &Arc<Distribution>| Listed {
            resource: one.resource.clone(),
            id: one.id.clone(),
            domain: one.domain.clone(),
            patterns: one.behaviors.iter().map(|behavior| behavior.pattern.clone()).collect(),
        };
        self.all().iter().map(listed).collect()
    }

    /// Forgets what is kept of a distribution under `paths`, where a last `*` stands for anything; returns how many
    /// objects that were.
    pub fn invalidate(&self, id: &str, paths: &[String]) -> usize {
        self.shared.store.invalidate(id, paths)
    }

    /// Number of objects in the cache, and their bytes.
    pub fn cached(&self) -> (usize, usize) {
        self.shared.store.size()
    }

    fn find(&self, id: &str) -> Option<Arc<Distribution>> {
        self.definitions.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn all(&self) -> Vec<Arc<Distribution>> {
        self.definitions.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

impl Api for Cdn {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        Box::pin(std::future::ready(api::answer(self, &call)))
    }
}

/// What changes of CloudFront's answers when it changes: its own resources, and the versions of functions.
fn relevant(resources: &Resources) -> impl Iterator<Item = (&str, &str, &serde_json::Value)> {
    let ours = |kind: &str| kind.starts_with("AWS::CloudFront::") || kind == "AWS::Lambda::Version";
    let all = resources.iter().filter(move |resource| ours(&resource.kind));
    all.map(|resource| (resource.kind.as_str(), resource.physical_id.as_str(), &resource.properties))
}

/// One distribution by its id.
struct Front {
    id: String,
    shared: Arc<Shared>,
    definitions: Arc<RwLock<Definitions>>,
}

impl Service for Front {
    fn call(&self, request: Request) -> Answer<'_> {
        let known = self.definitions.read().unwrap_or_else(PoisonError::into_inner).get(&self.id).cloned();
        Box::pin(async move {
            match known {
                Some(distribution) => serve::serve(&self.shared, &distribution, request).await,
                None => stack_builder_local_core::text(404, "the distribution is not there any more\n"),
            }
        })
    }
}
