//! Removing what an earlier assembly left in the folder of a new one.

use stack_builder_assembly::{CloudAssembly, StackArtifact};
use std::fs;
use std::path::{Path, PathBuf};

/// Removes the files of stacks that `earlier` had and `assembly` has not, and every YAML rendering of before.
///
/// A packaged template of a stack that is still there stays for `package` to compare. What cannot be removed does no
/// harm: the manifest alone says what belongs to the assembly.
pub(super) fn sweep(assembly: &CloudAssembly, earlier: Option<CloudAssembly>) {
    let Some(earlier) = earlier else { return };
    for stack in &earlier.manifest.stacks {
        let gone = assembly.manifest.stack(&stack.name).is_none();
        let [template, packaged, yaml] = files(assembly.directory(), stack);
        let stale = if gone { vec![template, packaged, yaml] } else { vec![yaml] };
        for file in stale.into_iter().filter(|file| !is_new(assembly, file)) {
            let _ = fs::remove_file(file);
        }
    }
}

/// Whether the new assembly has a file of that name too.
fn is_new(assembly: &CloudAssembly, file: &Path) -> bool {
    assembly
        .manifest
        .stacks
        .iter()
        .any(|stack| files(assembly.directory(), stack)[..2].iter().any(|new| new == file))
}

/// By the last part of their names only, so that no manifest can point elsewhere.
fn files(directory: &Path, stack: &StackArtifact) -> [PathBuf; 3] {
    let file = |name: &str| directory.join(Path::new(name).file_name().unwrap_or_default());
    let template = file(&stack.template);
    let yaml = template.with_extension("yaml");
    [template, file(&stack.packaged_template()), yaml]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use stack_builder_assembly::Manifest;

    fn assembly(folder: &Path, stacks: &[&str]) -> CloudAssembly {
        let stack = |name: &&str| {
            let template = format!("{name}.template.json");
            json!({"name": name, "stackName": name, "template": template, "resources": {}})
        };
        let mut manifest = Manifest::new("app", "dev");
        manifest.stacks = stacks.iter().map(|name| serde_json::from_value(stack(name)).unwrap()).collect();
        manifest.write(folder).unwrap();
        CloudAssembly::open(folder).unwrap()
    }

    #[test]
    fn what_the_manifest_no_longer_names_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let earlier = assembly(folder.path(), &["old", "kept"]);
        for stack in ["old", "kept"] {
            for end in ["template.json", "template.yaml", "packaged.json"] {
                fs::write(folder.path().join(format!("{stack}.{end}")), "").unwrap();
            }
        }
        fs::write(folder.path().join("mine.txt"), "").unwrap();
        sweep(&assembly(folder.path(), &["kept"]), Some(earlier));
        let files = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name());
        let mut files: Vec<_> = files.map(|name| name.into_string().unwrap()).collect();
        files.sort();
        assert_eq!(files, ["kept.packaged.json", "kept.template.json", "manifest.json", "mine.txt"]);
    }
}
