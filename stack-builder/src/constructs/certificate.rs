//! Certificates of AWS Certificate Manager, validated by a DNS record.

use super::domain::HostedZone;
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_cfn::certificatemanager::{self as l1, certificate as nested};
use stack_builder_cfn::{IntoValue, Node, Value};

/// The only region whose certificates CloudFront takes.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html>
pub(super) const CLOUDFRONT_REGION: &str = "us-east-1";

/// A certificate of AWS Certificate Manager. The stack waits until the record that proves the domain's ownership is
/// seen, and renewals need nobody.
///
/// For a site it must be in a stack of us-east-1.
#[must_use = "a construct does nothing until it is added"]
pub struct Certificate {
    l1: l1::Certificate,
    names: Vec<Value<String>>,
    zone: HostedZone,
}

impl Certificate {
    /// A certificate for `name`, such as `log.example.org` or `*.example.org`, whose record goes into `zone`.
    #[track_caller]
    pub fn of(name: impl IntoValue<String>, zone: &HostedZone) -> Self {
        let name = name.into_value();
        let l1 = l1::Certificate::new().domain_name(&name).validation_method(nested::ValidationMethod::Dns);
        Self { l1, names: vec![name], zone: zone.clone() }
    }

    /// For this name too, of the same zone.
    #[track_caller]
    pub fn also(mut self, name: impl IntoValue<String>) -> Self {
        self.names.push(name.into_value());
        self.l1 = self.l1.subject_alternative_names(self.names[1..].to_vec());
        self
    }

    /// The certificate that something else made, by its ARN; one for `*.example.org` does for every name below.
    pub fn existing(arn: impl IntoValue<String>) -> CertificateRef {
        let arn = arn.into_value();
        let elsewhere = match arn.node() {
            Node::Text(text) => text.split(':').nth(3).filter(|region| *region != CLOUDFRONT_REGION),
            _ => None,
        };
        CertificateRef { elsewhere: elsewhere.map(|region| format!("`{region}`")), arn }
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(l1::Certificate) -> l1::Certificate) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Construct for Certificate {
    type Handle = CertificateRef;

    fn build(self, scope: &mut Scope) -> CertificateRef {
        let zone = self.zone.id();
        let l1 = self.names.iter().fold(self.l1, |l1, name| {
            l1.add_domain_validation_options(|option| option.domain_name(name).hosted_zone_id(&zone))
        });
        let elsewhere = match scope.region() {
            Some(CLOUDFRONT_REGION) => None,
            Some(region) => Some(format!("`{region}`")),
            None => Some("whatever region its stack goes to".to_owned()),
        };
        CertificateRef { arn: scope.resource(l1).reference(), elsewhere }
    }
}

/// A handle on a certificate.
#[derive(Clone, Debug)]
pub struct CertificateRef {
    arn: Value<String>,
    /// Where it is, when that is known not to be where CloudFront wants it.
    pub(super) elsewhere: Option<String>,
}

impl CertificateRef {
    /// Its ARN.
    pub fn arn(&self) -> Value<String> {
        self.arn.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arn: &str, elsewhere: Option<&str>) {
        assert_eq!(Certificate::existing(arn).elsewhere.as_deref(), elsewhere);
    }

    #[test]
    fn the_region_of_an_existing_certificate_is_read_from_its_arn() {
        check("arn:aws:acm:us-east-1:123456789012:certificate/a", None);
        check("arn:aws:acm:eu-west-1:123456789012:certificate/a", Some("`eu-west-1`"));
    }
}
