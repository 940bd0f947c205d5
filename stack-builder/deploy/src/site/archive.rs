//! The files of a packaged site, and what no archive of one may hold.

use super::{SiteError, record};
use crate::Error;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// The most files that a site may have; the same as when it is packaged.
const FILES: usize = 10_000;
/// The most bytes that they may have together, for they are held in memory; the same as when it is packaged.
const BYTES: u64 = 512 * 1024 * 1024;
/// The longest key of S3, in bytes (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>).
const LONGEST: usize = 1024;

/// Reads the archive at `path`: files by their path from the site's root.
pub(crate) fn read(site: &str, path: &Path) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let unreadable = |source: io::Error| Error::Archive { path: path.display().to_string(), source };
    let file = File::open(path).map_err(unreadable)?;
    let archive = ZipArchive::new(file).map_err(|error| unreadable(error.into()))?;
    files(site, archive, BYTES).map_err(|problem| match problem {
        Problem::Site(error) => error.into(),
        Problem::Io(error) => unreadable(error),
    })
}

enum Problem {
    Site(SiteError),
    Io(io::Error),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn files<R: Read + Seek>(
    site: &str,
    mut archive: ZipArchive<R>,
    bytes: u64,
) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let too_much = |limit: String| Problem::Site(SiteError::TooMuch { site: site.to_owned(), limit });
    if archive.len() > FILES {
        return Err(too_much(format!("{FILES} files")));
    }
    let (mut files, mut left) = (Vec::new(), bytes);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(io::Error::from)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(io::Error::from)?.into_owned();
        let fault = if entry.is_symlink() { Some("which is a symbolic link") } else { fault(&name) };
        if let Some(problem) = fault {
            let problem = problem.to_owned();
            return Err(Problem::Site(SiteError::Entry { site: site.to_owned(), entry: name, problem }));
        }
        let mut content = Vec::new();
        // What the archive says about sizes is not to be trusted; what comes out of it is counted.
        let read = entry.take(left + 1).read_to_end(&mut content)? as u64;
        left = left.checked_sub(read).ok_or_else(|| too_much(format!("{} MiB", bytes >> 20)))?;
        files.push((name, content));
    }
    Ok(files)
}

/// Why a file of this name is not published, if so.
fn fault(name: &str) -> Option<&'static str> {
    let parts = || name.split('/');
    if name.contains('\\') || name.contains(':') && name.as_bytes().get(1) == Some(&b':') {
        Some("which is a path of Windows")
    } else if name.starts_with('/') || parts().any(|part| part == ".." || part == ".") {
        Some("which leads out of the site")
    } else if name.chars().any(char::is_control) || parts().any(str::is_empty) {
        Some("which is no path of a URL")
    } else if name.len() > LONGEST {
        Some("which is longer than a key of S3 can be")
    } else if name.starts_with(record::FOLDER) {
        Some("where the record of the publication lies")
    } else {
        None
    }
}

/// The files as one archive, the same bytes for the same files.
pub(crate) fn write<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> io::Result<Vec<u8>> {
    let options = SimpleFileOptions::DEFAULT
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT);
    let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
    for (path, content) in files {
        archive.start_file(path, options)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(bytes: Vec<u8>) -> Result<Vec<(String, Vec<u8>)>, String> {
        let archive = ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        files("notes", archive, 4 << 20).map_err(|problem| match problem {
            Problem::Site(error) => error.to_string(),
            Problem::Io(error) => error.to_string(),
        })
    }

    fn with(name: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
        opened(write([(name, &b"x"[..])].into_iter()).unwrap())
    }

    #[test]
    fn what_is_written_is_read_back() {
        let found = with(".well-known/a b/é.txt").unwrap();
        assert_eq!(found, [(".well-known/a b/é.txt".to_owned(), b"x".to_vec())]);
    }

    #[test]
    fn no_entry_leads_out_of_the_site() {
        for (name, problem) in [
            ("../x", "leads out"),
            ("a/../../x", "leads out"),
            ("/etc/passwd", "leads out"),
            ("a/./x", "leads out"),
            ("a\\..\\x", "Windows"),
            ("C:x", "Windows"),
            ("a//x", "no path of a URL"),
            ("a\nx", "no path of a URL"),
            (".stack-builder/x.json", "record"),
        ] {
            let refusal = with(name).unwrap_err();
            assert!(refusal.contains(problem), "{name}: {refusal}");
        }
        assert!(with(&"x".repeat(1025)).unwrap_err().contains("longer"));
    }

    #[test]
    fn symbolic_links_are_refused() {
        let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
        archive.add_symlink("secret.txt", "/etc/passwd", SimpleFileOptions::DEFAULT).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert!(opened(bytes).unwrap_err().contains("symbolic link"));
    }

    #[test]
    fn more_than_a_site_may_have_is_refused_whatever_the_archive_says() {
        let names: Vec<_> = (0..=FILES).map(|n| n.to_string()).collect();
        let bytes = write(names.iter().map(|name| (name.as_str(), &b""[..]))).unwrap();
        assert_eq!(opened(bytes).unwrap_err(), "site `notes` has more than 10000 files");
        let zeros = vec![0; (1 << 20) + 1];
        let bytes = write(["a", "b", "c", "d"].map(|name| (name, zeros.as_slice())).into_iter()).unwrap();
        assert!(bytes.len() < 1 << 14, "a small archive of much");
        assert_eq!(opened(bytes).unwrap_err(), "site `notes` has more than 4 MiB");
    }
}
