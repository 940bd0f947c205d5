//! Uploads: signed-in users put files into a bucket, and a table remembers what each of them has.

use crate::durability::Durability;
use crate::page;
use stack_builder::cfn::intrinsic;
use stack_builder::cfn::s3::bucket::AllowedMethod;
use stack_builder::{
    Bucket, Cors, Function, HttpApi, RestApi, RouteTable, SignIn, Stack, Stage, StaticSite, Table, UserPool,
    get, post,
};

/// What differs from stage to stage.
struct Settings {
    durability: Durability,
    /// Which kind of API answers; the functions are the same.
    api: ApiKind,
    /// Where developers look at the page before it is published.
    also_from: Option<&'static str>,
}

/// A kind of API of API Gateway. Changing it makes another API, at another address.
enum ApiKind {
    /// Cheaper and faster; tokens are checked by a JWT authorizer.
    Http,
    /// Checks tokens by a Cognito authorizer, and could do more.
    Rest,
}

impl Settings {
    fn of(stage: &Stage) -> Self {
        Self {
            durability: Durability::of(stage),
            api: if stage.name() == "rest" { ApiKind::Rest } else { ApiKind::Http },
            also_from: (!stage.is_production()).then_some("http://localhost:8080"),
        }
    }
}

pub(crate) fn describe(stack: &mut Stack) {
    let settings = Settings::of(stack.stage());
    let Settings { durability, .. } = settings;
    stack.describe("Signed-in users upload files and list what they have");

    let page = include_str!("../../site/uploads/error.html");
    let site = stack.add(
        "Site",
        StaticSite::from_dir("site/uploads")
            .connect_to(page::services())
            .routes(RouteTable::new().not_found(page)),
    );
    let origins = page::origins(&site.url(), settings.also_from);
    let pages = page::addresses(&site.url(), settings.also_from);

    let files = stack.add(
        "Files",
        Bucket::new()
            .allow_cross_origin(origins.clone(), [AllowedMethod::Put])
            .removal_policy(durability.removal),
    );
    let metadata = stack.add("Metadata", durability.table(Table::keyed_by("UserId").sorted_by("FileId")));
    let users = stack.add("Users", durability.users(UserPool::sign_in_with(SignIn::Email)));
    let browser = stack.add("Browser", users.client().hosted_sign_in(pages.clone(), pages));
    let login = stack.add("Login", users.domain());

    let function = |bin, does| {
        let function = Function::rust(bin).description(does).log_retention(durability.log_retention);
        match settings.api {
            ApiKind::Http => function,
            // Behind a REST API, answers say themselves which pages may read them.
            ApiKind::Rest => function.env("ALLOWED_ORIGINS", intrinsic::join(",", origins.clone())),
        }
    };
    let get_upload_url = stack.add(
        "GetUploadUrl",
        function("uploads-get-upload-url", "Presigns the upload of one file")
            .env("BUCKET_NAME", files.name())
            .grant(files.write_objects()),
    );
    let save_metadata = stack.add(
        "SaveMetadata",
        function("uploads-save-metadata", "Remembers an uploaded file")
            .env("TABLE_NAME", metadata.name())
            .grant(metadata.allow(["dynamodb:PutItem"])),
    );
    let list_files = stack.add(
        "ListFiles",
        function("uploads-list-files", "Lists the caller's files with presigned downloads")
            .env("BUCKET_NAME", files.name())
            .env("TABLE_NAME", metadata.name())
            .grant(metadata.allow(["dynamodb:Query"]))
            .grant(files.read_objects()),
    );
    let routes = [
        ("/getUploadUrl", post(&get_upload_url)),
        ("/saveMetadata", post(&save_metadata)),
        ("/files", get(&list_files)),
    ];
    let api_url = match settings.api {
        ApiKind::Http => stack
            .add(
                "Api",
                HttpApi::new()
                    .authorizer(users.authorizer(&browser))
                    .cors(Cors::origins(origins))
                    .log_retention(durability.log_retention)
                    .routes(routes),
            )
            .url(),
        ApiKind::Rest => stack
            .add(
                "RestApi",
                RestApi::new()
                    .stage_name("dev")
                    .authorizer(users.cognito_authorizer())
                    .cors(Cors::origins(origins))
                    .log_retention(durability.log_retention)
                    .routes(routes),
            )
            .url(),
    };

    stack.output("SiteUrl", site.url());
    stack.output("ApiUrl", api_url);
    stack.output("BucketName", files.name());
    stack.output("TableName", metadata.name());
    stack.output("UserPoolId", users.id());
    stack.output("ClientId", browser.id());
    stack.output("SignInDomain", login.url());
}
