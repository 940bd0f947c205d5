//! Routes of an API: which function answers which method of a path.

use super::function::FunctionRef;

/// What answers the methods of one path: `get(&list).post(&add)`.
#[derive(Clone, Debug)]
pub struct Route {
    pub(super) methods: Vec<(&'static str, FunctionRef)>,
    pub(super) public: bool,
}

macro_rules! methods {
    ($($function:ident $method:literal)*) => {
        $(
            #[doc = concat!("`function` answers `", $method, "`.")]
            pub fn $function(function: &FunctionRef) -> Route {
                Route { methods: vec![($method, function.clone())], public: false }
            }
        )*

        impl Route {
            $(
                #[doc = concat!("`function` answers `", $method, "` too.")]
                pub fn $function(mut self, function: &FunctionRef) -> Self {
                    self.methods.push(($method, function.clone()));
                    self
                }
            )*
        }
    };
}
methods!(get "GET" post "POST" put "PUT" patch "PATCH" delete "DELETE");

impl Route {
    /// Lets anyone call it, whatever the API's authorizer says.
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }
}
