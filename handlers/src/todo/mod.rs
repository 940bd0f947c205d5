//! The to-do application: each user's items in DynamoDB.
//!
//! | handler | route | the one right it needs on the table |
//! |---|---|---|
//! | [`ListItems`] | `GET /item` | `dynamodb:Query` |
//! | [`AddItem`] | `POST /item` | `dynamodb:PutItem` |
//! | [`GetItem`] | `GET /item/{id}` | `dynamodb:GetItem` |
//! | [`UpdateItem`] | `PUT /item/{id}` | `dynamodb:UpdateItem` |
//! | [`CompleteItem`] | `POST /item/{id}/done` | `dynamodb:UpdateItem` |
//! | [`DeleteItem`] | `DELETE /item/{id}` | `dynamodb:DeleteItem` |
//!
//! Setting: `TABLE_NAME` (keyed `cognito-username` + `id`). The user is the `cognito:username` of the verified token,
//! always; another user's item is as unknown as one that never was. Fields of a body that a handler does not read are
//! ignored, so that a client may send an item back as it got it. Each handler counts `Success` and `Error` in the
//! CloudWatch namespace `TodoApp`.

mod add_item;
mod complete_item;
mod delete_item;
mod dynamo_items;
mod get_item;
mod item;
mod item_id;
mod item_table;
mod item_text;
mod list_items;
mod update_item;

pub use add_item::AddItem;
pub use complete_item::CompleteItem;
pub use delete_item::DeleteItem;
pub use dynamo_items::DynamoItems;
pub use get_item::GetItem;
pub use item::Item;
pub use item_id::ItemId;
pub use item_table::{Change, ItemTable};
pub use list_items::ListItems;
pub use update_item::UpdateItem;

use crate::Failure;

/// Where the handlers' counts go.
const NAMESPACE: &str = "TodoApp";

/// What is answered for an item that is not there, or is somebody else's.
const UNKNOWN: Failure = Failure::NotFound("you have no item with this id");
