//! To-do: signed-in users keep a list of what they mean to do.

use crate::durability::Durability;
use crate::page;
use serde_json::{Value as Json, json};
use stack_builder::cfn::intrinsic;
use stack_builder::{
    AmplifyApp, Cors, Function, RestApi, RouteTable, Secret, SignIn, Stack, Stage, StaticSite, Table,
    TableRef, UsagePlan, UserPool, UserPoolRef, Value, get, post,
};

/// What differs from stage to stage.
struct Settings {
    durability: Durability,
    hosting: Hosting,
    /// Requests a second that the API takes, and how many may come at once.
    throttle: (u32, u32),
    /// Requests a day that the page may make, of all its users together.
    daily: u32,
    /// Where developers look at the page before it is published.
    also_from: Option<&'static str>,
}

/// What serves the page.
enum Hosting {
    /// A bucket behind CloudFront, which forwards `/api/*`: page and API are of one origin.
    CloudFront,
    /// AWS Amplify; the page calls the API across origins.
    Amplify,
}

impl Settings {
    fn of(stage: &Stage) -> Self {
        Self {
            durability: Durability::of(stage),
            hosting: if stage.name() == "amplify" { Hosting::Amplify } else { Hosting::CloudFront },
            throttle: if stage.is_production() { (200, 400) } else { (20, 40) },
            daily: if stage.is_production() { 10_000_000 } else { 100_000 },
            also_from: (!stage.is_production()).then_some("http://localhost:8080"),
        }
    }
}

pub(crate) fn describe(stack: &mut Stack) {
    let settings = Settings::of(stack.stage());
    let durability = settings.durability;
    stack.describe("Signed-in users keep a list of what they mean to do");
    let table = stack.add("TodoTable", durability.table(Table::keyed_by("cognito-username").sorted_by("id")));
    let users = stack.add("TodoUserPool", durability.users(UserPool::sign_in_with(SignIn::Email)));
    let front = match settings.hosting {
        Hosting::CloudFront => behind_cloudfront(stack, &settings, &table, &users),
        Hosting::Amplify => on_amplify(stack, &settings, &table, &users),
    };
    let pages = page::addresses(&front.site_url, settings.also_from);
    let browser = stack.add("TodoUserPoolTokenClient", users.client().hosted_sign_in(pages.clone(), pages));
    let login = stack.add("TodoDomain", users.domain());

    stack.output("SiteUrl", front.site_url);
    stack.output("ApiUrl", front.api_url);
    stack.output("TableName", table.name());
    stack.output("UserPoolId", users.id());
    stack.output("ClientId", browser.id());
    stack.output("SignInDomain", login.url());
}

/// Where the page and its API are.
struct Front {
    site_url: Value<String>,
    api_url: Value<String>,
}

/// Only CloudFront knows the key that the API wants, so nobody gets around it, and the usage plan limits what the page
/// as a whole may ask for.
fn behind_cloudfront(stack: &mut Stack, settings: &Settings, table: &TableRef, users: &UserPoolRef) -> Front {
    let key = stack.add("FrontDoorKey", Secret::generated().description("Lets CloudFront call the API"));
    let (rate, burst) = settings.throttle;
    let plan = UsagePlan::new().rate(rate).burst(burst).per_day(settings.daily);
    let api = api(stack, settings, table, users, &[]);
    let api = stack.add("TodoApi", api.require_key(key.value()).usage_plan(plan));
    let site = stack.add(
        "Site",
        StaticSite::from_dir("site/todo")
            .forward("/api/*", api.origin().header("x-api-key", key.value()))
            .connect_to(page::services())
            .routes(RouteTable::new().not_found(include_str!("../../site/todo/error.html"))),
    );
    let api_url = intrinsic::sub("${site}/api", [("site", site.url())]);
    Front { site_url: site.url(), api_url }
}

/// Amplify serves the page alone, so the API is called across origins and its keys would be no secret.
fn on_amplify(stack: &mut Stack, settings: &Settings, table: &TableRef, users: &UserPoolRef) -> Front {
    let site = stack.add("AmplifyApp", AmplifyApp::from_dir("site/todo").connect_to(page::services()));
    let origins = page::origins(&site.url(), settings.also_from);
    let api = api(stack, settings, table, users, &origins);
    let api = stack.add("TodoApi", api.cors(Cors::origins(origins)));
    Front { site_url: site.url(), api_url: api.url() }
}

/// The REST API and its six functions; pages of `origins` may call it, beside its own.
fn api(
    stack: &mut Stack,
    settings: &Settings,
    table: &TableRef,
    users: &UserPoolRef,
    origins: &[Value<String>],
) -> RestApi {
    let mut function = |name, bin, does, action| {
        let function = Function::rust(bin)
            .description(does)
            .log_retention(settings.durability.log_retention)
            .trace()
            .env("TABLE_NAME", table.name())
            .grant(table.allow([action]));
        let function = match origins {
            [] => function,
            origins => function.env("ALLOWED_ORIGINS", intrinsic::join(",", origins.to_vec())),
        };
        stack.add(name, function)
    };
    let list =
        function("GetAllTodoFunction", "todo-list-items", "Lists the caller's items", "dynamodb:Query");
    let add = function("AddTodoFunction", "todo-add-item", "Adds an item", "dynamodb:PutItem");
    let item = function("GetTodoFunction", "todo-get-item", "Shows an item", "dynamodb:GetItem");
    let update =
        function("UpdateTodoFunction", "todo-update-item", "Rewrites an item", "dynamodb:UpdateItem");
    let complete = function(
        "CompleteTodoFunction",
        "todo-complete-item",
        "Marks an item as done",
        "dynamodb:UpdateItem",
    );
    let remove = function("DeleteTodoFunction", "todo-delete-item", "Deletes an item", "dynamodb:DeleteItem");

    let (rate, burst) = settings.throttle;
    RestApi::new()
        .stage_name("api")
        .authorizer(users.cognito_authorizer())
        .throttle(rate, burst)
        .trace()
        .log_retention(settings.durability.log_retention)
        .access_log_format(&access_log_format())
        .route("/item", get(&list).post(&add).body(item_schema(&["item"])))
        .route(
            "/item/{id}",
            get(&item).put(&update).body(item_schema(&["item", "completed"])).delete(&remove),
        )
        .route("/item/{id}/done", post(&complete))
}

/// What a new or rewritten item says. Whatever else it holds is passed over, so that a page may send back what it got.
fn item_schema(required: &[&str]) -> Json {
    json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Item",
        "type": "object",
        "required": required,
        "properties": {
            "item": {"type": "string", "minLength": 1, "maxLength": 1_000},
            "completed": {"type": "boolean"},
        },
    })
}

/// The fields of the log that the application has always written, one JSON object a request.
fn access_log_format() -> String {
    let fields = [
        ("requestId", "requestId"),
        ("ip", "identity.sourceIp"),
        ("caller", "identity.caller"),
        ("user", "identity.user"),
        ("requestTime", "requestTime"),
        ("xrayTraceId", "xrayTraceId"),
        ("httpMethod", "httpMethod"),
        ("resourcePath", "resourcePath"),
        ("status", "status"),
        ("protocol", "protocol"),
        ("responseLength", "responseLength"),
    ];
    let pairs = fields.map(|(name, variable)| format!("\"{name}\":\"$context.{variable}\""));
    format!("{{{}}}", pairs.join(","))
}
