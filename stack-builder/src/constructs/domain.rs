//! Domains: the name of a site, the zone that holds it, and the certificate for it.

use super::certificate::CertificateRef;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::{IntoValue, Node, Value};
use std::panic::Location;

/// A hosted zone of Route 53 that exists already. It is named by a setting and never looked up.
#[derive(Clone, Debug)]
pub struct HostedZone {
    id: Value<String>,
    name: Value<String>,
}

impl HostedZone {
    /// The public zone `name`, such as `example.org`, whose id is `id`, such as `Z0123456789ABCDEFGHIJ`.
    pub fn existing(id: impl IntoValue<String>, name: impl IntoValue<String>) -> Self {
        Self { id: id.into_value(), name: name.into_value() }
    }

    /// Its id.
    pub fn id(&self) -> Value<String> {
        self.id.clone()
    }

    /// Its name, without a final dot.
    pub fn name(&self) -> Value<String> {
        self.name.clone()
    }
}

/// The name by which a site is reached.
#[derive(Clone, Debug)]
#[must_use = "a domain does nothing until a site is put at it"]
pub struct Domain {
    pub(super) name: Value<String>,
    pub(super) zone: HostedZone,
    pub(super) certificate: CertificateRef,
    pub(super) faults: Vec<Diagnostic>,
}

impl Domain {
    /// The name `name` of `zone`, such as `log.example.org`, for which `certificate` is good.
    #[track_caller]
    pub fn new(name: impl IntoValue<String>, zone: &HostedZone, certificate: &CertificateRef) -> Self {
        let name = name.into_value();
        let here = Location::caller();
        let faults = [outside(&name, &zone.name), elsewhere(certificate)];
        let faults = faults.into_iter().flatten().map(|fault| fault.caused_by(here)).collect();
        Self { name, zone: zone.clone(), certificate: certificate.clone(), faults }
    }
}

/// A name that is not in its zone would be written there all the same, and answer nobody.
fn outside(name: &Value<String>, zone: &Value<String>) -> Option<Diagnostic> {
    let (Node::Text(name), Node::Text(zone)) = (name.node(), zone.node()) else { return None };
    let inside = name == zone || name.strip_suffix(&**zone).is_some_and(|front| front.ends_with('.'));
    (!inside).then(|| {
        let message = format!("the name `{name}` is not in the hosted zone `{zone}`");
        Diagnostic::error("illegal-domain", message).hint("name the zone that ends the site's name")
    })
}

fn elsewhere(certificate: &CertificateRef) -> Option<Diagnostic> {
    let region = certificate.elsewhere.as_ref()?;
    let message = format!("CloudFront takes certificates of us-east-1 only, and this one is in {region}");
    let hint =
        "make it in a stack with `stack.pin_to_region(\"us-east-1\")`, and hand its ARN over as an output";
    Some(Diagnostic::error("certificate-region", message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Certificate;

    #[track_caller]
    fn check(name: &str, zone: &str, arn: &str, expect: &[&str]) {
        let zone = HostedZone::existing("Z1", zone);
        let domain = Domain::new(name, &zone, &Certificate::existing(arn));
        let found: Vec<_> = domain.faults.iter().map(|fault| fault.code.as_str()).collect();
        assert_eq!(found, expect, "{name}");
    }

    #[test]
    fn a_domain_is_in_its_zone_and_its_certificate_in_the_one_region() {
        let good = "arn:aws:acm:us-east-1:123456789012:certificate/a";
        check("example.org", "example.org", good, &[]);
        check("log.example.org", "example.org", good, &[]);
        check("log-example.org", "example.org", good, &["illegal-domain"]);
        check("example.org", "log.example.org", good, &["illegal-domain"]);
        let bad = "arn:aws:acm:eu-west-1:123456789012:certificate/a";
        check("logexample.org", "example.org", bad, &["illegal-domain", "certificate-region"]);
    }
}
