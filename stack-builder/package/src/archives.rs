//! From the binaries that cargo made to the archives of an assembly directory.

use crate::archive::{self, Entry, UNPACKED_LIMIT};
use crate::compile::Executable;
use crate::request::{Function, Handler};
use crate::stamp::{self, Stamp, Stamps};
use crate::template::stands;
use crate::{PackageError, PackageOptions, Packaged, Progress};
use crate::{edge, elf};
use sha2::{Digest, Sha256};
use stack_builder_assembly::{AssetManifest, PackagedAsset, write_json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

/// Directory of the archives, relative to the assembly's.
pub(crate) const ARCHIVES: &str = "assets";

/// One asset on its way into an archive.
struct Job<'a> {
    asset: &'a str,
    function: &'a Function,
    executable: &'a Path,
    stamp: Stamp,
}

/// Archives `assets` into `directory` where that is not done yet, and records it in `packaged`.
pub(crate) fn archive(
    directory: &Path,
    assets: &BTreeMap<String, Function>,
    executables: &BTreeMap<Handler, Executable>,
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
    packaged: &mut Packaged,
) -> Result<(), PackageError> {
    let stamps_path = directory.join(ARCHIVES).join("stamps.json");
    let mut stamps = stamp::read(&stamps_path);
    let mut jobs = Vec::new();
    for (asset, function) in assets {
        let executable = &executables[&function.handler].path;
        let stamp = Stamp::of(executable, options.glibc, function.config.as_ref());
        let stamp = stamp.map_err(PackageError::io(executable))?;
        let known = known(directory, asset, &stamp, &stamps, &packaged.manifest);
        match known {
            Some(known) => report(asset, known, true, progress, packaged),
            None => jobs.push(Job { asset, function, executable, stamp }),
        }
    }
    run(directory, &jobs, options, progress, packaged)?;
    stamps.retain(|asset, _| packaged.manifest.assets.contains_key(asset));
    stamps.extend(jobs.into_iter().map(|job| (job.asset.to_owned(), job.stamp)));
    if !stands(&stamps_path, &stamps) {
        write_json(&stamps_path, &stamps)?;
    }
    Ok(())
}

/// The archive that an earlier run made of the very same binary.
fn known(
    directory: &Path,
    asset: &str,
    stamp: &Stamp,
    stamps: &Stamps,
    manifest: &AssetManifest,
) -> Option<PackagedAsset> {
    let known = manifest.assets.get(asset).filter(|_| stamps.get(asset) == Some(stamp))?;
    // A file of another size was cut short by someone.
    let whole = fs::metadata(directory.join(&known.path)).is_ok_and(|file| file.len() == known.size);
    whole.then(|| known.clone())
}

/// Runs the jobs, as many at a time as there are processors; progress is told in the order of the jobs.
fn run(
    directory: &Path,
    jobs: &[Job<'_>],
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
    packaged: &mut Packaged,
) -> Result<(), PackageError> {
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    for chunk in jobs.chunks(at_once) {
        for job in chunk {
            progress(Progress::Archiving { asset: job.asset.to_owned(), size: job.stamp.size() });
        }
        let made: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> =
                chunk.iter().map(|job| scope.spawn(|| make(directory, job, options))).collect();
            running.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        for (job, made) in chunk.iter().zip(made) {
            let (asset, reused) = made.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            if job.function.config.is_some() && asset.size > edge::OLDER_ARCHIVE_LIMIT {
                let (name, size, older_limit) = (job.asset.to_owned(), asset.size, edge::OLDER_ARCHIVE_LIMIT);
                progress(Progress::LargeAtEdge { asset: name, size, older_limit });
            }
            report(job.asset, asset, reused, progress, packaged);
        }
    }
    Ok(())
}

/// Checks and archives one binary; says whether an archive of this content was there before.
fn make(
    directory: &Path,
    job: &Job<'_>,
    options: &PackageOptions,
) -> Result<(PackagedAsset, bool), PackageError> {
    if job.stamp.size() > UNPACKED_LIMIT {
        return Err(PackageError::TooLarge {
            asset: job.asset.to_owned(),
            size: job.stamp.size(),
            limit: UNPACKED_LIMIT,
        });
    }
    let content = fs::read(job.executable).map_err(PackageError::io(job.executable))?;
    check(&job.function.handler, job.executable, &content, options)?;

    let config = job.function.config.as_ref().map(edge::config);
    let mut entries = vec![Entry { name: "bootstrap", mode: 0o755, content: &content }];
    if let Some(config) = &config {
        entries.extend(edge::entries(config));
    }
    let (asset, reused) =
        if config.is_some() { store_by_bytes(directory, &entries)? } else { store(directory, &entries)? };
    if config.is_some() && asset.size > edge::ARCHIVE_LIMIT {
        let (asset, size) = (job.asset.to_owned(), asset.size);
        return Err(PackageError::EdgeTooLarge { asset, size, limit: edge::ARCHIVE_LIMIT });
    }
    Ok((asset, reused))
}

/// Writes the archive of `entries` unless it is there; says whether it was.
pub(crate) fn store(directory: &Path, entries: &[Entry<'_>]) -> Result<(PackagedAsset, bool), PackageError> {
    let hash = archive::hash(entries);
    let path = format!("{ARCHIVES}/{hash}.zip");
    let file = directory.join(&path);
    let (size, reused) = match archive::size_if_whole(&file, entries) {
        Some(size) => (size, true),
        None => (archive::write(&file, entries)?, false),
    };
    let sha256 = archive::sha256(&file)?;
    Ok((PackagedAsset { hash, path, size, sha256 }, reused))
}

/// The same for an archive that a version of a function names by the SHA-256 of its bytes, which is its address then:
/// what another compressor made of the same content may be in the asset bucket, and must not be taken for this one.
fn store_by_bytes(directory: &Path, entries: &[Entry<'_>]) -> Result<(PackagedAsset, bool), PackageError> {
    let bytes = archive::bytes(entries).map_err(PackageError::io(directory))?;
    let hash = archive::hexadecimal(&Sha256::digest(&bytes));
    let path = format!("{ARCHIVES}/{hash}.zip");
    let file = directory.join(&path);
    let reused = fs::read(&file).is_ok_and(|found| found == bytes);
    if !reused {
        archive::place(&file, |file| file.write_all(&bytes))?;
    }
    let (size, sha256) = (bytes.len() as u64, archive::sha256(&file)?);
    Ok((PackagedAsset { hash, path, size, sha256 }, reused))
}

/// Whether Lambda will be able to start the binary.
fn check(
    handler: &Handler,
    executable: &Path,
    content: &[u8],
    options: &PackageOptions,
) -> Result<(), PackageError> {
    let mut needs = elf::needs(content, handler.architecture).map_err(|reason| {
        PackageError::NotRunnable { bin: handler.bin.clone(), path: PathBuf::from(executable), reason }
    })?;
    needs.retain(|need| need.glibc > options.glibc);
    let Some(newest) = needs.iter().map(|need| need.glibc).max() else { return Ok(()) };
    let mut symbols: Vec<_> = needs.into_iter().flat_map(|need| need.symbols).collect();
    symbols.sort();
    Err(PackageError::TooNewGlibc {
        bin: handler.bin.clone(),
        needed: newest,
        allowed: options.glibc,
        symbols,
    })
}

/// Tells of an archive, and enters it into `assets.json`.
pub(crate) fn report(
    name: &str,
    asset: PackagedAsset,
    reused: bool,
    progress: &mut dyn FnMut(Progress),
    packaged: &mut Packaged,
) {
    progress(Progress::Archived {
        asset: name.to_owned(),
        hash: asset.hash.clone(),
        size: asset.size,
        reused,
    });
    let list = if reused { &mut packaged.reused } else { &mut packaged.archived };
    list.push(name.to_owned());
    packaged.manifest.assets.insert(name.to_owned(), asset);
}

#[cfg(test)]
mod tests {
    use super::{ARCHIVES, Job, PackageOptions, Stamp, make};
    use crate::archive::UNPACKED_LIMIT;
    use crate::request::{Function, Handler};
    use std::fs::{self, File};

    /// What is said of a binary of `size` bytes that starts with `content`.
    #[track_caller]
    fn check(content: &str, size: u64, expect: &str) {
        let directory = tempfile::tempdir().unwrap();
        let executable = directory.path().join("list");
        fs::write(&executable, content).unwrap();
        File::options().write(true).open(&executable).unwrap().set_len(size).unwrap();
        let handler =
            Handler { bin: "list".into(), architecture: stack_builder_assembly::Architecture::Arm64 };
        let function = &Function { handler, config: None };
        let options = PackageOptions::new(".");
        let stamp = Stamp::of(&executable, options.glibc, None).unwrap();
        let job = Job { asset: "List", function, executable: &executable, stamp };
        let error = make(directory.path(), &job, &options).unwrap_err().to_string();
        assert_eq!(error.replace(directory.path().to_str().unwrap(), "ROOT"), expect);
        assert!(!directory.path().join(ARCHIVES).exists());
    }

    #[test]
    fn what_lambda_cannot_run_is_not_archived() {
        check(
            "#!/bin/sh",
            20,
            "Lambda cannot run `list` (`ROOT/list`): it is no 64-bit ELF file\n\
             hint: remove settings that change the output, such as `linker` or `rustflags` in `.cargo/config.toml`",
        );
        check(
            "",
            UNPACKED_LIMIT + 1,
            "asset `List` unpacks to 262144001 bytes, more than the 262144000 that Lambda takes\n\
             hint: look for large embedded files (`include_bytes!`) or unstripped symbols in `[profile.lambda]`",
        );
    }
}
