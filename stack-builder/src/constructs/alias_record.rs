//! Alias records: a name of one's own for a distribution.

use super::domain::Domain;
use crate::scope::Scope;
use stack_builder_cfn::{Value, route53};

/// The hosted zone that all distributions are in.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-route53-recordset-aliastarget.html>
const DISTRIBUTIONS: &str = "Z2FDTNDATAQYW2";

/// Adds the records for IPv4 and IPv6 that lead from `domain` to the distribution called `target`.
pub(super) fn add(scope: &mut Scope, domain: &Domain, target: &Value<String>) {
    use route53::record_set::Type;
    for (name, of) in [("Ipv4Record", Type::A), ("Ipv6Record", Type::Aaaa)] {
        let record = route53::RecordSet::new()
            .hosted_zone_id(domain.zone.id())
            .name(&domain.name)
            .type_(of)
            .alias_target_with(|alias| alias.dns_name(target).hosted_zone_id(DISTRIBUTIONS));
        scope.add(name, record);
    }
}
