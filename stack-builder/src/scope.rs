//! The place in a stack where a construct is being built.

use crate::construct::Construct;
use crate::stage::Stage;
use stack_builder_assembly::{Asset, AssetPart, AssetSlot, Diagnostic, Site, SiteTarget, SourceLocation};
use stack_builder_cfn::{LogicalId, Resource, ResourceRef, Source, Template};
use std::collections::BTreeMap;
use std::panic::Location;

/// The place in a stack where a construct is being built: its path of names, and the template that grows.
///
/// A resource's logical id is the path without separators: `Api` within `Site` becomes `SiteApi`.
#[derive(Debug)]
pub struct Scope {
    stage: Stage,
    stack: String,
    path: Vec<Step>,
    /// Where each path of names was first added.
    added: BTreeMap<Vec<String>, Source>,
    pub(crate) region: Option<String>,
    pub(crate) template: Template,
    pub(crate) assets: BTreeMap<String, Asset>,
    pub(crate) asset_slots: Vec<AssetSlot>,
    pub(crate) sites: Vec<Site>,
    pub(crate) sources: BTreeMap<String, SourceLocation>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Debug)]
struct Step {
    name: String,
    source: Source,
}

impl Scope {
    pub(crate) fn new(stack: &str, stage: &Stage) -> Self {
        Self {
            stage: stage.clone(),
            stack: stack.to_owned(),
            path: Vec::new(),
            added: BTreeMap::new(),
            region: None,
            template: Template::new(),
            assets: BTreeMap::new(),
            asset_slots: Vec::new(),
            sites: Vec::new(),
            sources: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Adds `construct` under `name`, and returns the handle on it.
    ///
    /// `name` is part of the logical ids of the construct's resources: a change of it replaces them, and no other
    /// construct in the same place may have it.
    #[track_caller]
    pub fn add<C: Construct>(&mut self, name: &str, construct: C) -> C::Handle {
        self.path.push(Step { name: name.to_owned(), source: Location::caller() });
        let place = self.path.iter().map(|step| step.name.clone()).collect();
        let source = self.source();
        let handle = if let Some(first) = self.added.get(&place).copied() {
            self.build_aside(construct, first)
        } else {
            self.added.insert(place, source);
            construct.build(self)
        };
        self.path.pop();
        handle
    }

    /// Builds a construct whose name another one has had since `first`, and leaves out what it makes: one finding about
    /// the name says more than one about each of its resources.
    #[track_caller]
    fn build_aside<C: Construct>(&mut self, construct: C, first: Source) -> C::Handle {
        let name = self.path.last().map(|step| step.name.clone()).unwrap_or_default();
        let diagnostic = Diagnostic::error("repeated-name", format!("two constructs are called `{name}`"));
        self.report(
            diagnostic.hint(format!("the other one stands at {first}; give one of the two another name")),
        );
        let mut aside = Self::new(&self.stack, &self.stage);
        aside.path = std::mem::take(&mut self.path);
        aside.region.clone_from(&self.region);
        let handle = construct.build(&mut aside);
        self.path = aside.path;
        self.diagnostics.append(&mut aside.diagnostics);
        handle
    }

    /// Adds `resource` at this very place, for the construct whose main resource it is.
    #[track_caller]
    pub fn resource<R: Resource>(&mut self, resource: R) -> R::Ref {
        let id = self.logical_id();
        let mut definition = resource.into_definition();
        let source = self.source();
        definition.relocate(&is_own_source, source);
        self.sources.insert(id.to_string(), source.into());
        self.template.insert(id.clone(), R::TYPE, definition);
        R::Ref::from_logical_id(id)
    }

    /// The stage being synthesized.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The name of the stack on the command line.
    pub fn stack_name(&self) -> &str {
        &self.stack
    }

    /// The only region that the stack can go to; `None` when the command line chooses.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The names of the path, without separators.
    pub fn logical_id(&self) -> LogicalId {
        LogicalId::new(&self.path.iter().map(|step| step.name.as_str()).collect::<String>())
    }

    /// The template, to change what a construct made.
    pub fn template_mut(&mut self) -> &mut Template {
        &mut self.template
    }

    /// Reports something wrong with the construct that is being built.
    #[track_caller]
    pub fn report(&mut self, diagnostic: Diagnostic) {
        let diagnostic = match &diagnostic.source {
            Some(_) => diagnostic,
            None => diagnostic.caused_by(self.source()),
        };
        let at = self.logical_id();
        let unplaced = diagnostic.path.is_none() && !at.as_str().is_empty();
        self.diagnostics.push(if unplaced { diagnostic.at(at.as_str()) } else { diagnostic });
    }

    /// Has `package` make `asset` and write `part` of it into `property` of the resource `id`.
    pub(crate) fn use_asset(
        &mut self,
        name: &str,
        asset: Asset,
        id: &LogicalId,
        property: &str,
        part: AssetPart,
    ) {
        self.want_asset(name, asset);
        self.asset_slots.push(AssetSlot {
            asset: name.to_owned(),
            logical_id: id.to_string(),
            property: property.to_owned(),
            part,
        });
    }

    /// Has `deploy` publish the files of `folder` to `target` once the stack is up.
    pub(crate) fn publish_site(&mut self, folder: &str, target: SiteTarget) {
        let asset = folder.trim_end_matches('/').to_owned();
        self.want_asset(&asset, Asset::Site { folder: folder.to_owned() });
        self.sites.push(Site { asset, target });
    }

    fn want_asset(&mut self, name: &str, asset: Asset) {
        if self.assets.insert(name.to_owned(), asset.clone()).is_some_and(|other| other != asset) {
            let message = format!("the stack wants two different archives called `{name}`");
            self.report(Diagnostic::error("repeated-name", message).hint("rename one of the binaries"));
        }
    }

    /// The innermost line of the user's own source that led here.
    #[track_caller]
    fn source(&self) -> Source {
        let mut steps = self.path.iter().rev().map(|step| step.source);
        steps.find(|source| !is_own_source(source)).unwrap_or_else(|| Location::caller())
    }
}

/// Whether a line belongs to this crate, whose users want to see theirs.
fn is_own_source(source: Source) -> bool {
    let folder = file!().trim_end_matches("scope.rs");
    source.file().starts_with(folder)
}
