//! Lists and maps go on coming from arrays, vectors and values, and mix literals with intrinsics by `into_value`.

use stack_builder_cfn::{IntoValue, Parameter, Template, cognito, dynamodb, intrinsic, lambda, pseudo, s3};
use std::collections::BTreeMap;

fn main() {
    let mut template = Template::new();
    let layers = template.parameter("Layers", Parameter::list());
    let _ = lambda::Function::new().layers(["a", "b"]);
    let _ = lambda::Function::new().layers(vec![String::from("a")]);
    let _ = lambda::Function::new().layers(&layers);
    let _ = lambda::Function::new().layers([pseudo::region(), pseudo::stack_id()]);
    let _ = lambda::Function::new().layers(["a".into_value(), intrinsic::select(0, layers)]);
    let _ = lambda::Function::new().layers(Vec::<&str>::new());
    let _ = lambda::Function::new().architectures([lambda::function::Architecture::Arm64]);

    let _ = cognito::UserPool::new().user_pool_tags([("team", "web")]);
    let _ = cognito::UserPool::new().user_pool_tags(vec![(String::from("team"), pseudo::region())]);
    let _ = cognito::UserPool::new().user_pool_tags(BTreeMap::from([("team", "web")]));

    let tag = s3::bucket::Tag::new().value("web").key("team");
    let _ = s3::Bucket::new().tags([tag]).add_tags(|tag| tag.key("stage").value(pseudo::stack_name()));
    let _ = s3::Bucket::new().tags([s3::bucket::Tag::new().key("a").value("b").into_value()]);
    let _ = dynamodb::Table::new()
        .add_key_schema(|key| key.attribute_name("id").key_type(dynamodb::table::KeyType::Hash));
}
