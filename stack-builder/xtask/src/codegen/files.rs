//! The facts as files: one a service, one line a resource type, the same bytes for the same facts.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// The lower-case service of a type: `AWS::S3::Bucket` belongs to `s3`. It names the file and the cargo feature.
pub(crate) fn service(type_name: &str) -> String {
    type_name.split("::").nth(1).unwrap_or(type_name).to_lowercase()
}

/// The content of every facts file, by file name.
pub(crate) fn render(facts: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (type_name, entry) in facts {
        let file = files.entry(service(type_name) + ".json").or_insert_with(|| "{".to_owned());
        let separator = if file.len() == 1 { "" } else { "," };
        let mut entry = entry.clone();
        entry.sort_all_objects();
        // Writing to a string cannot fail.
        let _ = write!(file, "{separator}\n{}:{entry}", Value::from(type_name.as_str()));
    }
    for file in files.values_mut() {
        file.push_str("\n}\n");
    }
    files
}

/// The facts files that are checked in, by file name; none when the folder does not exist yet.
pub(crate) fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(BTreeMap::new());
    };
    let mut files = BTreeMap::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|end| end == "json") {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            files.insert(name.to_owned(), text);
        }
    }
    Ok(files)
}

/// The types in files of facts; a file that cannot be parsed counts as empty, for it will be rewritten.
pub(crate) fn parse(files: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let maps = files.values().filter_map(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
    maps.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_file_a_service_and_one_sorted_line_a_type() {
        let facts = BTreeMap::from([
            (
                "AWS::SQS::Queue".to_owned(),
                json!({ "p": { "B": { "t": "s", "r": 1 }, "A": { "t": "i" } }, "id": ["B"] }),
            ),
            ("AWS::SQS::Another".to_owned(), json!({ "p": {} })),
            ("AWS::S3::Bucket".to_owned(), json!({ "p": {} })),
        ]);
        let files = render(&facts);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["s3.json", "sqs.json"]);
        let expect = "{\n\"AWS::SQS::Another\":{\"p\":{}},\n\
            \"AWS::SQS::Queue\":{\"id\":[\"B\"],\"p\":{\"A\":{\"t\":\"i\"},\"B\":{\"r\":1,\"t\":\"s\"}}}\n}\n";
        assert_eq!(files["sqs.json"], expect);
        assert_eq!(parse(&files).len(), 3);
    }
}
