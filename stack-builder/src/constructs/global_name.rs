//! Names of what CloudFront keeps once for all regions.

use crate::scope::Scope;
use stack_builder_cfn::{Value, intrinsic};

/// Characters that the name of an origin access control or of a function may have.
const NAME: usize = 64;
/// Characters of the longest region name, with room for a longer one.
const REGION: usize = 16;

/// A name for the resource that is being built, the same at each synthesis and unique in the account: stacks of one
/// name may stand in several regions.
///
/// It tells stack, region and place where these fit, and is a digest of them where they do not.
pub(super) fn global_name(scope: &Scope) -> Value<String> {
    let id = scope.logical_id();
    let stack = format!("{}-{}", scope.stack_name(), scope.stage());
    if stack.len() + REGION + id.as_str().len() + 2 <= NAME {
        return intrinsic::sub(&format!("${{AWS::StackName}}-${{AWS::Region}}-{id}"), []);
    }
    let digest = digest(format!("{stack} {id}").as_bytes());
    intrinsic::sub(&format!("{digest:016x}-${{AWS::Region}}"), [])
}

/// FNV-1a with 64 bits: the standard library's hashers may give other values in another release.
///
/// It tells settings of one's own apart and guards nothing.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Stage;

    #[test]
    fn digests_are_those_of_the_published_algorithm() {
        assert_eq!(digest(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(digest(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(digest(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[track_caller]
    fn check(stack: &str, expect: &str) {
        let scope = Scope::new(stack, &Stage::new("dev"));
        let name = serde_json::to_value(global_name(&scope).node()).unwrap();
        assert!(name["Fn::Sub"].as_str().unwrap().ends_with(expect), "{name}");
    }

    #[test]
    fn a_long_name_becomes_a_digest() {
        check("notes", "${AWS::StackName}-${AWS::Region}-");
        check(&"n".repeat(60), "-${AWS::Region}");
        let names = ["n", "m"].map(|c| {
            let scope = Scope::new(&c.repeat(60), &Stage::new("dev"));
            serde_json::to_string(global_name(&scope).node()).unwrap()
        });
        assert_ne!(names[0], names[1]);
    }
}
