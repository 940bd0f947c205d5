//! Archives whose bytes depend on their content only, addressed by that content.

use crate::PackageError;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor, Read, Seek, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

/// The most bytes an unpacked function may have
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>).
pub(crate) const UNPACKED_LIMIT: u64 = 250 * 1024 * 1024;

/// The extension of an archive that is not whole yet.
const PARTIAL: &str = "partial";

/// A file of an archive.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    /// Path in the archive.
    pub(crate) name: &'a str,
    /// Unix permissions.
    pub(crate) mode: u32,
    pub(crate) content: &'a [u8],
}

/// SHA-256 over the (name, mode, SHA-256 of content) of the files, sorted by name.
///
/// It is taken over the content and not the archive, so that another version of the compressor changes no address.
pub(crate) fn hash(entries: &[Entry<'_>]) -> String {
    let mut whole = Sha256::new();
    for entry in sorted(entries) {
        whole.update(entry.name.as_bytes());
        whole.update([0]);
        whole.update(entry.mode.to_be_bytes());
        whole.update(Sha256::digest(entry.content));
    }
    hexadecimal(&whole.finalize())
}

/// How many archives this process has begun to write.
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// Writes an archive and gives its size in bytes; a reader never sees half of it.
///
/// Two of the same content may be written at once, each apart, until the later one takes the place of the earlier.
pub(crate) fn write(path: &Path, entries: &[Entry<'_>]) -> Result<u64, PackageError> {
    place(path, |file| pack(file, entries).map(drop))
}

/// The bytes of an archive.
pub(crate) fn bytes(entries: &[Entry<'_>]) -> io::Result<Vec<u8>> {
    pack(Cursor::new(Vec::new()), entries).map(Cursor::into_inner)
}

fn pack<W: Write + Seek>(to: W, entries: &[Entry<'_>]) -> io::Result<W> {
    let mut archive = ZipWriter::new(to);
    for entry in sorted(entries) {
        archive.start_file(entry.name, options(entry.mode))?;
        archive.write_all(entry.content)?;
    }
    Ok(archive.finish()?)
}

/// Puts a file in its place when it is whole, and gives its size in bytes.
pub(crate) fn place(
    path: &Path,
    writes: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<u64, PackageError> {
    let partial = path.with_extension(format!("{}.{PARTIAL}", WRITTEN.fetch_add(1, Ordering::Relaxed)));
    let attempt = || -> io::Result<u64> {
        let mut file = BufWriter::new(File::create(&partial)?);
        writes(&mut file)?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let size = file.metadata()?.len();
        // A power cut must not leave a short file under a name that stands for its content.
        file.sync_all()?;
        fs::rename(&partial, path)?;
        Ok(size)
    };
    attempt().map_err(|source| {
        let _ = fs::remove_file(&partial);
        PackageError::Io { path: path.to_owned(), source }
    })
}

/// Removes what a run has left that was killed half-way; nobody may write into the directory meanwhile.
pub(crate) fn sweep(directory: &Path) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == PARTIAL) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The size of the archive at `path` if it is there and holds exactly these files.
pub(crate) fn size_if_whole(path: &Path, entries: &[Entry<'_>]) -> Option<u64> {
    let file = File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    let mut archive = ZipArchive::new(file).ok()?;
    let mut holds = |entry: &Entry<'_>| {
        let mut content = Vec::new();
        let read = archive.by_name(entry.name).is_ok_and(|mut file| file.read_to_end(&mut content).is_ok());
        read && content == entry.content
    };
    let whole = entries.iter().all(&mut holds);
    (whole && archive.len() == entries.len()).then_some(size)
}

fn options(mode: u32) -> SimpleFileOptions {
    SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(mode)
}

fn sorted<'e, 'a>(entries: &'e [Entry<'a>]) -> Vec<&'e Entry<'a>> {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by_key(|entry| entry.name);
    sorted
}

/// The SHA-256 of a file in base64, as Lambda writes it.
pub(crate) fn sha256(path: &Path) -> Result<String, PackageError> {
    let content = fs::read(path).map_err(PackageError::io(path))?;
    Ok(BASE64_STANDARD.encode(Sha256::digest(content)))
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|n| char::from_digit(n.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Entry, hash, write};

    const A: Entry<'_> = Entry { name: "a", mode: 0o755, content: b"one" };
    const B: Entry<'_> = Entry { name: "b", mode: 0o644, content: b"two" };

    #[test]
    fn a_hash_covers_names_modes_and_content_but_no_order() {
        assert_eq!(hash(&[A, B]), hash(&[B, A]));
        let others = [
            [Entry { name: "c", ..A }, B],
            [Entry { mode: 0o644, ..A }, B],
            [Entry { content: b"three", ..A }, B],
            [Entry { content: B.content, ..A }, Entry { content: A.content, ..B }],
        ];
        assert!(others.iter().all(|other| hash(other) != hash(&[A, B])));
        // Worked out apart, with Python's hashlib; a change here moves every published archive.
        assert_eq!(hash(&[A, B]), "2c95bbaafcad133f5225abaea5c4af9432d191067a684656643f0b226f63ca12");
    }

    #[test]
    fn an_archive_is_the_same_whatever_the_order() {
        let directory = tempfile::tempdir().unwrap();
        let (first, second) = (directory.path().join("1.zip"), directory.path().join("2.zip"));
        let size = write(&first, &[A, B]).unwrap();
        write(&second, &[B, A]).unwrap();
        let bytes = std::fs::read(first).unwrap();
        assert_eq!(bytes.len() as u64, size);
        assert_eq!(bytes, std::fs::read(second).unwrap());
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 2, "no partial file is left");
    }
}
