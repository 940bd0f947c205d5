//! Uploads: signed-in users put files into a bucket, and a table remembers what each of them has.

use stack_builder::cfn::s3::bucket::AllowedMethod;
use stack_builder::{
    Bucket, Cors, Function, HttpApi, RemovalPolicy, SignIn, Stack, Stage, Table, UserPool, get, post,
};

/// What differs from stage to stage.
struct Settings {
    /// Where the page is served from, without a final slash.
    page: &'static str,
    /// Days for which logs are kept.
    log_retention: u32,
    /// What becomes of files, metadata and users when the stack goes.
    removal: RemovalPolicy,
}

impl Settings {
    fn of(stage: &Stage) -> Self {
        if stage.is_production() {
            // Yours, once the page has an address: browsers elsewhere are turned away.
            Self {
                page: "https://uploads.example.com",
                log_retention: 90,
                removal: RemovalPolicy::RetainExceptOnCreate,
            }
        } else {
            Self { page: "http://localhost:8080", log_retention: 14, removal: RemovalPolicy::Delete }
        }
    }
}

pub(crate) fn describe(stack: &mut Stack) {
    let settings = Settings::of(stack.stage());
    stack.describe("Signed-in users upload files and list what they have");

    let files = stack.add(
        "Files",
        Bucket::new()
            .allow_cross_origin([settings.page], [AllowedMethod::Put])
            .removal_policy(settings.removal),
    );
    let metadata =
        stack.add("Metadata", Table::keyed_by("UserId").sorted_by("FileId").removal_policy(settings.removal));
    let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email).removal_policy(settings.removal));
    let browser = stack.add("Browser", users.client().hosted_sign_in([settings.page], [settings.page]));
    let login = stack.add("Login", users.domain());

    let get_upload_url = stack.add(
        "GetUploadUrl",
        Function::rust("uploads-get-upload-url")
            .description("Presigns the upload of one file")
            .log_retention(settings.log_retention)
            .env("BUCKET_NAME", files.name())
            .grant(files.write_objects()),
    );
    let save_metadata = stack.add(
        "SaveMetadata",
        Function::rust("uploads-save-metadata")
            .description("Remembers an uploaded file")
            .log_retention(settings.log_retention)
            .env("TABLE_NAME", metadata.name())
            .grant(metadata.allow(["dynamodb:PutItem"])),
    );
    let list_files = stack.add(
        "ListFiles",
        Function::rust("uploads-list-files")
            .description("Lists the caller's files with presigned downloads")
            .log_retention(settings.log_retention)
            .env("BUCKET_NAME", files.name())
            .env("TABLE_NAME", metadata.name())
            .grant(metadata.allow(["dynamodb:Query"]))
            .grant(files.read_objects()),
    );
    let api = stack.add(
        "Api",
        HttpApi::new()
            .authorizer(users.authorizer(&browser))
            .cors(Cors::origins([settings.page]))
            .log_retention(settings.log_retention)
            .route("/getUploadUrl", post(&get_upload_url))
            .route("/saveMetadata", post(&save_metadata))
            .route("/files", get(&list_files)),
    );

    stack.output("ApiUrl", api.url());
    stack.output("BucketName", files.name());
    stack.output("TableName", metadata.name());
    stack.output("UserPoolId", users.id());
    stack.output("ClientId", browser.id());
    stack.output("LoginUrl", login.login_url(&browser, settings.page));
}
