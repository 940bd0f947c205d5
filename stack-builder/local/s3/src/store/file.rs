//! One object in one file: its bytes, then what is known of it, so that a single rename makes both appear.

use crate::store::Meta;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Ends every file; the digit is the version of the format.
const MAGIC: &[u8; 8] = b"sbobj\0\x001";
/// Length of the description, then the magic.
const TAIL: u64 = 16;
/// No description comes near this: keys have 1 KB, headers 64 KB.
const MOST_META: u64 = 4 << 20;

/// Appends the description to a file that has the object's bytes.
pub(crate) fn append(file: &mut File, meta: &Meta) -> io::Result<()> {
    let mut tail = serde_json::to_vec(meta)?;
    let length = tail.len() as u64;
    tail.extend_from_slice(&length.to_le_bytes());
    tail.extend_from_slice(MAGIC);
    file.write_all(&tail)
}

/// Reads the description of a file.
pub(crate) fn read(path: &Path) -> io::Result<Meta> {
    let mut file = File::open(path)?;
    let whole = file.metadata()?.len();
    let bad = || io::Error::new(io::ErrorKind::InvalidData, "is not an object's file");
    let end = whole.checked_sub(TAIL).ok_or_else(bad)?;
    let mut tail = [0; 16];
    file.seek(SeekFrom::Start(end))?;
    file.read_exact(&mut tail)?;
    let (length, magic) = tail.split_at(8);
    let length = u64::from_le_bytes(length.try_into().map_err(|_| bad())?);
    if magic != MAGIC || length > MOST_META.min(end) {
        return Err(bad());
    }
    file.seek(SeekFrom::Start(end - length))?;
    let mut text = vec![0; usize::try_from(length).map_err(|_| bad())?];
    file.read_exact(&mut text)?;
    let meta: Meta = serde_json::from_slice(&text)?;
    if meta.size == end - length { Ok(meta) } else { Err(bad()) }
}

/// A file that disappears unless it is kept.
#[derive(Debug)]
pub(crate) struct Temporary(Option<PathBuf>);

impl Temporary {
    pub(crate) fn create(path: PathBuf) -> io::Result<(Self, File)> {
        let file = File::create_new(&path)?;
        Ok((Self(Some(path)), file))
    }

    /// Gives it its place and name.
    pub(crate) fn keep_as(mut self, place: &Path) -> io::Result<()> {
        let Some(path) = &self.0 else { return Ok(()) };
        match std::fs::rename(path, place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // The first object in this folder.
                std::fs::create_dir_all(place.parent().unwrap_or(place))?;
                std::fs::rename(path, place)?;
            }
            other => other?,
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Swept at the next start when it fails.
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_read_back_and_a_torn_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("object");
        let (temporary, mut file) = Temporary::create(folder.path().join("new")).unwrap();
        file.write_all(b"hello").unwrap();
        let meta = Meta { key: "ä/b".to_owned(), size: 5, order: 3, ..Meta::default() };
        append(&mut file, &meta).unwrap();
        temporary.keep_as(&path).unwrap();
        assert_eq!(read(&path).unwrap(), meta);
        let bytes = std::fs::read(&path).unwrap();
        for length in [0, 3, 15, 16, 40, bytes.len() - 1] {
            std::fs::write(&path, &bytes[..length]).unwrap();
            assert!(read(&path).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn what_is_not_kept_disappears() {
        let folder = tempfile::tempdir().unwrap();
        drop(Temporary::create(folder.path().join("new")).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
