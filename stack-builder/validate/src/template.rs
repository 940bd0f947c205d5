//! A document becomes the template that `cfn` judges.

use crate::document::{Data, Place};
use stack_builder_cfn::{Call, Node, Object};

/// The tree of `cfn`: functions are calls, all other maps are structures.
pub(crate) fn node(place: Place<'_>) -> Node {
    if let Some((function, argument)) = place.function() {
        let function = function.to_owned().into();
        return Node::Call(Box::new(Call { function, argument: node(argument) }));
    }
    match place.data() {
        Data::Null => Node::Null,
        Data::Bool(value) => Node::Bool(*value),
        Data::Int(value) => Node::Int(*value),
        Data::Float(value) => Node::Float(*value),
        Data::Text(text) => Node::text(text.to_string()),
        Data::List(_) => Node::List(place.items().map(node).collect()),
        Data::Map(_) => {
            Node::Object(Object::of(place.entries().map(|(key, value)| (key.to_owned(), node(value)))))
        }
    }
}
