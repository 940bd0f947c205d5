//! Reading a bucket's folder when it is opened.

use crate::store::index::Index;
use crate::store::{Meta, file};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Tags change while the object stays: they have a file of their own, and say which version they belong to.
pub(crate) fn tags_of(place: &Path) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".tags");
    place.with_file_name(name)
}

/// All objects and versions below a folder, and the files that hold none: they are left where they are, for their
/// owner to look at.
pub(crate) fn load(objects: &Path) -> io::Result<(Index, Vec<PathBuf>)> {
    let (mut index, mut broken) = (Index::default(), Vec::new());
    for folder in fs::read_dir(objects)? {
        for entry in fs::read_dir(folder?.path())? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "tags" || extension == "new") {
                continue;
            }
            match file::read(&path) {
                Ok(meta) => index.insert(Arc::new(with_tags(meta, &path))),
                Err(_) => broken.push(path),
            }
        }
    }
    Ok((index, broken))
}

fn with_tags(meta: Meta, place: &Path) -> Meta {
    let Ok(text) = fs::read(tags_of(place)) else { return meta };
    match serde_json::from_slice::<(u64, Vec<(String, String)>)>(&text) {
        Ok((order, tags)) if order == meta.order => Meta { tags, ..meta },
        _ => meta,
    }
}
