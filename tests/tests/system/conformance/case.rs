//! The questions, read from `tests/conformance`.

use serde_json::Value;
use stack_builder_tests::repository_root;
use std::fs;

/// Every file, in the order of their names.
pub(super) struct Suite {
    pub(super) files: Vec<Questions>,
}

/// One file: cases in order, of which later ones may use what earlier ones kept.
pub(super) struct Questions {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

/// One question and its answers.
pub(super) struct Case(Value);

/// What a side is held to.
pub(super) struct Held<'a> {
    /// What the answer has to hold.
    pub(super) expect: &'a Value,
    /// What it must not hold: AWS's answer, where the side gives another.
    pub(super) unlike: Option<&'a Value>,
}

impl Suite {
    pub(super) fn read() -> Self {
        let folder = repository_root().join("tests/conformance");
        let files = fs::read_dir(&folder).expect("the folder of the questions").flatten();
        let mut names: Vec<_> = files
            .map(|file| file.path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        names.sort();
        let read = |path: &std::path::PathBuf| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let cases: Vec<Value> =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}.json: {error}"));
            Questions { name, cases: cases.into_iter().map(Case).collect() }
        };
        Self { files: names.iter().map(read).collect() }
    }
}

impl Case {
    pub(super) fn get(&self, member: &str) -> &Value {
        &self.0[member]
    }

    pub(super) fn text(&self, member: &str) -> &str {
        self.0[member].as_str().unwrap_or_default()
    }

    pub(super) fn name(&self) -> &str {
        self.0["case"].as_str().unwrap_or_else(|| panic!("no `case` in {}", self.0))
    }

    /// What `side` is held to.
    pub(super) fn held(&self, side: &str) -> Held<'_> {
        let aws = &self.0["expect"];
        match &self.0[side]["does"] {
            Value::Null => Held { expect: aws, unlike: None },
            other => Held { expect: other, unlike: Some(aws) },
        }
    }
}
