//! What others use a REST API by.

use crate::constructs::origin::Origin;
use crate::constructs::route_path;
use stack_builder_cfn::{IntoValue, Value, intrinsic, pseudo};

/// A handle on a REST API.
#[derive(Clone, Debug)]
pub struct RestApiRef {
    pub(super) id: Value<String>,
    pub(super) stage: Value<String>,
}

impl RestApiRef {
    /// Its id.
    pub fn id(&self) -> Value<String> {
        self.id.clone()
    }

    /// The name of its stage, with which the path of every request begins.
    pub fn stage_name(&self) -> Value<String> {
        self.stage.clone()
    }

    /// Its host: `<id>.execute-api.<region>.amazonaws.com`.
    pub fn domain(&self) -> Value<String> {
        intrinsic::sub(
            "${api}.execute-api.${region}.${suffix}",
            [("api", self.id()), ("region", pseudo::region()), ("suffix", pseudo::url_suffix())],
        )
    }

    /// Its address with the stage, without a final slash: `https://<id>.execute-api.<region>.amazonaws.com/<stage>`.
    pub fn url(&self) -> Value<String> {
        let parts = [("domain", self.domain()), ("stage", self.stage_name())];
        intrinsic::sub("https://${domain}/${stage}", parts)
    }

    /// The API as an origin of a distribution that forwards the stage's own paths: `/api/*` for a stage called `api`.
    ///
    /// To forward others, put the stage before them: `api.origin().path("/dev")`.
    pub fn origin(&self) -> Origin {
        Origin::https(self.domain())
    }

    /// The ARN by which a permission names one method of a path, such as `GET` and `/items/{id}`.
    pub fn execution_arn(&self, method: &str, path: &str) -> Value<String> {
        execution_arn(&self.id, self.stage_name(), method, path)
    }
}

pub(super) fn execution_arn(
    api: &Value<String>,
    stage: Value<String>,
    method: &str,
    path: &str,
) -> Value<String> {
    let route = format!("{method}{}", route_path::pattern(path)).into_value();
    intrinsic::sub(
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/${stage}/${route}",
        [("api", api.clone()), ("stage", stage), ("route", route)],
    )
}
