//! Sites where the emulator has nothing to say: it has no Amplify, and its CloudFront refuses nothing.

mod amplify;
mod bucket;
mod check;

use crate::answer;
use crate::notes;
use crate::server::Answer;
use stack_builder_assembly::{
    AssetManifest, CloudAssembly, Manifest, PackagedAsset, Site, SiteTarget, StackArtifact,
};
use stack_builder_deploy::{Environment, Error, Outputs, SitePlan, plan_site};
use std::io::{Cursor, Write as _};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const FILES: [(&str, &str); 3] =
    [("app.js", "import './config.js'"), ("config.js.hbs", "'{{Url}}'"), ("index.html", "<p>Notes")];

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        archive.start_file(*path, SimpleFileOptions::DEFAULT).expect("a file");
        archive.write_all(content.as_bytes()).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

/// The assembly of a stack with one packaged site of these files.
fn assembly(folder: &TempDir, target: SiteTarget, files: &[(&str, &str)]) -> (CloudAssembly, StackArtifact) {
    let stack = StackArtifact { sites: vec![Site { asset: "site".to_owned(), target }], ..notes() };
    let mut manifest = Manifest::new("notes", "dev");
    manifest.stacks.push(stack.clone());
    manifest.write(folder.path()).expect("a manifest");
    let assembly = CloudAssembly::open(folder.path()).expect("an assembly");
    let hash = "0".repeat(64);
    let path = format!("assets/{hash}.zip");
    let asset = PackagedAsset { hash, path: path.clone(), size: 1, sha256: String::new() };
    let assets = AssetManifest { assets: [("site".to_owned(), asset)].into(), ..AssetManifest::default() };
    assembly.write_assets(&assets).expect("assets");
    std::fs::create_dir(folder.path().join("assets")).expect("a folder");
    std::fs::write(folder.path().join(path), archive(files)).expect("an archive");
    (assembly, stack)
}

async fn plan(environment: &Environment, target: SiteTarget) -> Result<SitePlan, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let (assembly, stack) = assembly(&folder, target, &FILES);
    let outputs: Outputs = [("Url".to_owned(), "https://a.example".to_owned())].into();
    plan_site(environment, &assembly, &stack, &stack.sites[0], &outputs).await
}

fn resource(physical: &str) -> Answer {
    let detail = format!(
        "<StackResourceDetail><StackId>{}</StackId><LogicalResourceId>R</LogicalResourceId>\
         <PhysicalResourceId>{physical}</PhysicalResourceId><ResourceType>T</ResourceType>\
         <LastUpdatedTimestamp>2026-11-20T10:00:00Z</LastUpdatedTimestamp>\
         <ResourceStatus>CREATE_COMPLETE</ResourceStatus></StackResourceDetail>",
        answer::STACK_ID
    );
    answer::result("DescribeStackResource", &detail)
}
