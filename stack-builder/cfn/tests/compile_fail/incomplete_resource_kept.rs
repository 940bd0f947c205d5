//! An incomplete resource can no longer be kept where a complete one is declared.
//!
//! Says: expected `Table`, found `Table<Missing<key_schema>>`

use stack_builder_cfn::dynamodb;

fn main() {
    let _table: dynamodb::Table = dynamodb::Table::new();
}
