//! Packaging: the assets of an assembly become deterministic archives, addressed by their content.
//!
//! [`package`] builds every handler that the given stacks need with one `cargo build` an architecture, checks that
//! Lambda can load each binary, archives it and the folders of sites, and writes `assets.json` and one packaged
//! template a stack beside what `synth` wrote. The same sources give the same bytes, whatever directory they lie in; a run that has nothing to do
//! writes nothing. [`build_local`] builds the same handlers for this machine, and [`package_sites`] archives the sites
//! alone; a run on this machine needs no more. This crate knows neither AWS's SDK nor the description of a stack, and it never prints: what
//! happens is told as [`Progress`].

mod error;
mod options;
mod progress;

mod archive;
mod archives;
mod cancel;
mod compile;
mod edge;
mod elf;
mod flags;
mod glibc;
mod local;
mod request;
mod site;
mod stamp;
mod template;
mod toolchain;
mod workspace;

pub use cancel::Cancel;
pub use error::PackageError;
pub use glibc::GlibcVersion;
pub use local::{LocalBinary, LocalBuild, build_local};
pub use options::PackageOptions;
pub use progress::Progress;

use crate::archives::ARCHIVES;
use crate::compile::{Compiler, Executable};
use crate::request::{Handler, Request};
use crate::toolchain::{Toolchain, both};
use crate::workspace::Workspace;
use stack_builder_assembly::{AssetManifest, CloudAssembly, Lock, StackArtifact};
use std::collections::BTreeMap;

/// What a run of [`package`] did.
#[derive(Clone, Debug, Default)]
pub struct Packaged {
    /// `assets.json` as it stands now: the assets of the given stacks, and those that an earlier run packaged for
    /// other stacks of this assembly.
    pub manifest: AssetManifest,
    /// Binaries that cargo had to build or link again.
    pub rebuilt: Vec<String>,
    /// Assets whose archive was made by this run.
    pub archived: Vec<String>,
    /// Assets whose archive was already there.
    pub reused: Vec<String>,
    /// Names of the stacks whose packaged template changed.
    pub templates: Vec<String>,
}

/// Builds and archives what `stacks` need, and writes their packaged templates.
///
/// Templates and names are checked before anything is compiled. `progress` is called on the calling thread. A second
/// run on the same assembly directory waits for the first; an interrupted one leaves no half file.
///
/// # Errors
/// When a slot or binary does not exist, cargo fails, a tool for the target is missing, a binary cannot run on
/// Lambda, or the file system refuses.
pub fn package(
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Packaged, PackageError> {
    let request = Request::read(assembly, stacks)?;
    let directory = assembly.directory();
    let waiting = || progress(Progress::Waiting { directory: directory.to_owned() });
    let archives = directory.join(ARCHIVES);
    let _lock = Lock::acquire(&archives, waiting).map_err(PackageError::io(&archives))?;
    archive::sweep(&archives).map_err(PackageError::io(&archives))?;
    let mut packaged = Packaged { manifest: earlier(assembly), ..Packaged::default() };

    let executables = build(&request, options, progress)?;
    let rebuilt = executables.iter().filter(|(_, made)| !made.fresh);
    packaged.rebuilt = rebuilt.map(|(handler, _)| handler.bin.clone()).collect();
    archives::archive(directory, &request.functions, &executables, options, progress, &mut packaged)?;
    site::archive(directory, &request.sites, options, progress, &mut packaged)?;

    for template in request.templates {
        let stack = template.stack.name.clone();
        if let Some(path) = template.write(assembly, &packaged.manifest.assets)? {
            packaged.templates.push(stack.clone());
            progress(Progress::TemplateWritten { stack, path });
        }
    }
    if !template::stands(&directory.join("assets.json"), &packaged.manifest) {
        assembly.write_assets(&packaged.manifest)?;
    }
    Ok(packaged)
}

/// Archives the sites of `stacks`, and nothing else: what `deploy` publishes, without the handlers.
///
/// # Errors
/// When the assembly does not fit together, a folder holds what cannot be published, or the file system refuses.
pub fn package_sites(
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Packaged, PackageError> {
    let sites = request::sites_of(assembly, stacks)?;
    let directory = assembly.directory();
    let waiting = || progress(Progress::Waiting { directory: directory.to_owned() });
    let archives = directory.join(ARCHIVES);
    let _lock = Lock::acquire(&archives, waiting).map_err(PackageError::io(&archives))?;
    let mut packaged = Packaged { manifest: earlier(assembly), ..Packaged::default() };
    site::archive(directory, &sites, options, progress, &mut packaged)?;
    if !template::stands(&directory.join("assets.json"), &packaged.manifest) {
        assembly.write_assets(&packaged.manifest)?;
    }
    Ok(packaged)
}

/// What earlier runs packaged and the assembly still describes; nothing when their record cannot be read.
fn earlier(assembly: &CloudAssembly) -> AssetManifest {
    let mut manifest = assembly.assets().unwrap_or_default();
    let described = &assembly.manifest.assets;
    manifest.assets.retain(|name, asset| {
        described.contains_key(name) && assembly.directory().join(&asset.path).is_file()
    });
    manifest
}

/// Builds all handlers, one architecture after the other; every build is planned before the first one starts.
fn build(
    request: &Request<'_>,
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<BTreeMap<Handler, Executable>, PackageError> {
    let mut executables = BTreeMap::new();
    if request.functions.is_empty() {
        return Ok(executables);
    }
    let (workspace, toolchain) = both(|| Workspace::read(options), || Toolchain::read(options));
    let compiler = Compiler { options, workspace: &workspace?, toolchain: &toolchain? };
    let plan = |(architecture, bins)| compiler.plan(architecture, &bins);
    let builds: Vec<_> = request.builds().into_iter().map(plan).collect::<Result<_, _>>()?;
    for build in builds {
        let architecture = build.architecture;
        let made = compiler.build(build, progress)?;
        executables.extend(made.into_iter().map(|(bin, made)| (Handler { architecture, bin }, made)));
    }
    Ok(executables)
}
