//! What `Ref` and `Fn::GetAtt` return, by type.

use super::names::Names;
use serde_json::Value;
use std::collections::BTreeMap;

/// Who a resource is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) physical_id: String,
    pub(crate) attributes: BTreeMap<String, String>,
    /// Whether the type is known here; if not, the values are guesses.
    pub(crate) known: bool,
}

/// What identities are made of.
pub(crate) struct Maker<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    /// Top-level properties that are text once they are resolved; the others are absent.
    pub(crate) texts: &'a dyn Fn(&str) -> Option<String>,
    /// The type.
    pub(crate) kind: &'a str,
    /// The properties as they stand in the template.
    pub(crate) raw: &'a Value,
}

impl Maker<'_> {
    fn text(&self, property: &str) -> Option<String> {
        (self.texts)(property)
    }

    /// A name that the template gives or that AWS would make up.
    fn name(&self, property: &str, longest: usize) -> String {
        self.text(property).unwrap_or_else(|| self.names.generated(longest))
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }

    fn global(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}::{}:{resource}", self.account)
    }

    /// Makes the identity.
    pub(crate) fn identity(&self) -> Identity {
        let service = self.kind.split("::").nth(1).unwrap_or_default();
        let made = match service {
            "S3" | "DynamoDB" | "Logs" | "SecretsManager" | "SQS" | "SNS" | "KMS" | "SSM" | "Events" => {
                self.data()
            }
            "IAM" | "Lambda" | "Cognito" => self.compute(),
            "ApiGateway" | "ApiGatewayV2" | "CloudFront" => self.front(),
            "CertificateManager" | "Route53" => self.names_of_hosts(),
            _ => None,
        };
        made.unwrap_or_else(|| self.guess(service))
    }

    fn data(&self) -> Option<Identity> {
        Some(match self.kind {
            "AWS::S3::Bucket" => self.bucket(),
            "AWS::S3::BucketPolicy" => of(self.text("Bucket")?),
            "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => {
                let name = self.name("TableName", 255);
                let arn = self.arn("dynamodb", &format!("table/{name}"));
                let stream = format!("{arn}/stream/2026-01-01T00:00:00.000");
                of(name).with("Arn", arn).with("StreamArn", stream)
            }
            "AWS::Logs::LogGroup" => {
                let name = self.name("LogGroupName", 512);
                let arn = self.arn("logs", &format!("log-group:{name}:*"));
                of(name).with("Arn", arn)
            }
            "AWS::SecretsManager::Secret" => {
                let name = self.name("Name", 200);
                let suffix = self.names.lower("secret", 6);
                let arn = self.arn("secretsmanager", &format!("secret:{name}-{suffix}"));
                of(arn.clone()).with("Id", arn)
            }
            "AWS::SQS::Queue" => {
                let name = self.name("QueueName", 80);
                let url = format!("https://sqs.{}.amazonaws.com/{}/{name}", self.region, self.account);
                of(url.clone())
                    .with("QueueUrl", url)
                    .with("Arn", self.arn("sqs", &name))
                    .with("QueueName", name)
            }
            "AWS::SNS::Topic" => {
                let name = self.name("TopicName", 256);
                let arn = self.arn("sns", &name);
                of(arn.clone()).with("TopicArn", arn).with("TopicName", name)
            }
            "AWS::KMS::Key" => {
                let id = self.names.uuid("key");
                let arn = self.arn("kms", &format!("key/{id}"));
                of(id.clone()).with("Arn", arn).with("KeyId", id)
            }
            "AWS::SSM::Parameter" => {
                of(self.name("Name", 1011)).with("Value", self.text("Value").unwrap_or_default())
            }
            _ => return None,
        })
    }

    fn bucket(&self) -> Identity {
        let name = self.text("BucketName").unwrap_or_else(|| self.names.generated(63).to_lowercase());
        let regional = format!("{name}.s3.{}.amazonaws.com", self.region);
        let website = format!("http://{name}.s3-website-{}.amazonaws.com", self.region);
        of(name.clone())
            .with("Arn", format!("arn:aws:s3:::{name}"))
            .with("DomainName", format!("{name}.s3.amazonaws.com"))
            .with("RegionalDomainName", regional)
            .with("DualStackDomainName", format!("{name}.s3.dualstack.{}.amazonaws.com", self.region))
            .with("WebsiteURL", website)
    }

    fn compute(&self) -> Option<Identity> {
        Some(match self.kind {
            "AWS::IAM::Role" => {
                let name = self.name("RoleName", 64);
                let path = self.text("Path").unwrap_or_else(|| "/".to_owned());
                let arn = self.global("iam", &format!("role{path}{name}"));
                of(name).with("Arn", arn).with("RoleId", format!("AROA{}", self.names.upper("id", 17)))
            }
            "AWS::IAM::ManagedPolicy" => {
                let arn = self.global("iam", &format!("policy/{}", self.name("ManagedPolicyName", 128)));
                of(arn.clone()).with("PolicyArn", arn)
            }
            "AWS::IAM::Policy" => of(self.name("PolicyName", 128)),
            "AWS::Lambda::Function" => {
                let name = self.name("FunctionName", 64);
                let arn = self.arn("lambda", &format!("function:{name}"));
                of(name).with("Arn", arn)
            }
            "AWS::Lambda::Version" | "AWS::Lambda::Alias" => self.qualified_function()?,
            "AWS::Lambda::Permission" => of(self.names.generated(100)),
            _ => return self.cognito(),
        })
    }

    fn qualified_function(&self) -> Option<Identity> {
        let function = self.text("FunctionName")?;
        let function = match function.strip_prefix("arn:") {
            Some(_) => function,
            None => self.arn("lambda", &format!("function:{function}")),
        };
        let qualifier = self.text("Name").unwrap_or_else(|| "1".to_owned());
        let arn = format!("{function}:{qualifier}");
        Some(match self.kind {
            "AWS::Lambda::Version" => of(arn.clone()).with("FunctionArn", arn).with("Version", qualifier),
            _ => of(arn.clone()).with("AliasArn", arn),
        })
    }

    fn cognito(&self) -> Option<Identity> {
        Some(match self.kind {
            "AWS::Cognito::UserPool" => {
                let id = format!("{}_{}", self.region, self.names.lower("pool", 9));
                let provider = format!("cognito-idp.{}.amazonaws.com/{id}", self.region);
                of(id.clone())
                    .with("Arn", self.arn("cognito-idp", &format!("userpool/{id}")))
                    .with("ProviderName", provider.clone())
                    .with("ProviderURL", format!("https://{provider}"))
                    .with("UserPoolId", id)
            }
            "AWS::Cognito::UserPoolClient" => {
                let id = self.names.lower("client", 26);
                let client = of(id.clone())
                    .with("ClientId", id.clone())
                    .with("Name", self.text("ClientName").unwrap_or(id));
                let has_secret = self.raw["GenerateSecret"] == true || self.raw["GenerateSecret"] == "true";
                let secret = || self.names.lower("secret", 32) + &self.names.lower("more of it", 19);
                if has_secret { client.with("ClientSecret", secret()) } else { client }
            }
            "AWS::Cognito::UserPoolDomain" => {
                let distribution = format!("d{}.cloudfront.net", self.names.lower("domain", 13));
                of(self.text("Domain")?).with("CloudFrontDistribution", distribution)
            }
            "AWS::Cognito::UserPoolGroup" => of(self.text("GroupName")?),
            "AWS::Cognito::UserPoolUser" => of(self.text("Username")?),
            "AWS::Cognito::UserPoolResourceServer" => of(self.text("Identifier")?),
            _ => return None,
        })
    }

    fn front(&self) -> Option<Identity> {
        let id = || self.names.lower("id", 10);
        Some(match self.kind {
            "AWS::ApiGateway::RestApi" => {
                of(id()).with("RestApiId", id()).with("RootResourceId", self.names.lower("root", 10))
            }
            "AWS::ApiGateway::Resource" => {
                of(self.names.lower("id", 6)).with("ResourceId", self.names.lower("id", 6))
            }
            "AWS::ApiGateway::Deployment" => {
                of(self.names.lower("id", 6)).with("DeploymentId", self.names.lower("id", 6))
            }
            "AWS::ApiGateway::Stage" | "AWS::ApiGatewayV2::Stage" => of(self.text("StageName")?),
            "AWS::ApiGateway::Authorizer" | "AWS::ApiGatewayV2::Authorizer" => {
                of(self.names.lower("id", 6)).with("AuthorizerId", self.names.lower("id", 6))
            }
            "AWS::ApiGateway::Model" => of(self.text("Name").unwrap_or_else(id)),
            "AWS::ApiGateway::RequestValidator" => {
                of(self.names.lower("id", 6)).with("RequestValidatorId", self.names.lower("id", 6))
            }
            "AWS::ApiGateway::ApiKey" => of(id()).with("APIKeyId", id()),
            "AWS::ApiGateway::UsagePlan" => {
                of(self.names.lower("id", 6)).with("Id", self.names.lower("id", 6))
            }
            "AWS::ApiGateway::UsagePlanKey"
            | "AWS::ApiGateway::Method"
            | "AWS::ApiGateway::GatewayResponse" => of(id()),
            "AWS::ApiGateway::Account" => of(self.names.generated(64)),
            "AWS::ApiGatewayV2::Api" => {
                let endpoint = format!("https://{}.execute-api.{}.amazonaws.com", id(), self.region);
                of(id()).with("ApiId", id()).with("ApiEndpoint", endpoint)
            }
            "AWS::ApiGatewayV2::Integration" => {
                of(self.names.lower("id", 7)).with("IntegrationId", self.names.lower("id", 7))
            }
            "AWS::ApiGatewayV2::Route" => {
                of(self.names.lower("id", 7)).with("RouteId", self.names.lower("id", 7))
            }
            "AWS::ApiGatewayV2::Deployment" => of(self.names.lower("id", 6)),
            _ => return self.cloudfront(),
        })
    }

    fn cloudfront(&self) -> Option<Identity> {
        Some(match self.kind {
            "AWS::CloudFront::Distribution" => {
                let id = format!("E{}", self.names.upper("id", 13));
                let host = format!("d{}.cloudfront.net", self.names.lower("host", 13));
                let arn = self.global("cloudfront", &format!("distribution/{id}"));
                of(id.clone()).with("Id", id).with("DomainName", host).with("Arn", arn)
            }
            "AWS::CloudFront::Function" => {
                let name = self.name("Name", 64);
                let arn = self.global("cloudfront", &format!("function/{name}"));
                of(arn.clone()).with("FunctionARN", arn).with("Stage", "LIVE".to_owned())
            }
            "AWS::CloudFront::OriginAccessControl" | "AWS::CloudFront::CloudFrontOriginAccessIdentity" => {
                let id = format!("E{}", self.names.upper("id", 13));
                of(id.clone()).with("Id", id)
            }
            "AWS::CloudFront::ResponseHeadersPolicy"
            | "AWS::CloudFront::CachePolicy"
            | "AWS::CloudFront::OriginRequestPolicy"
            | "AWS::CloudFront::KeyGroup"
            | "AWS::CloudFront::PublicKey" => {
                let id = self.names.uuid("id");
                of(id.clone()).with("Id", id)
            }
            "AWS::CloudFront::KeyValueStore" => {
                let id = self.names.uuid("id");
                let arn = self.global("cloudfront", &format!("key-value-store/{id}"));
                of(self.name("Name", 64)).with("Arn", arn).with("Id", id)
            }
            _ => return None,
        })
    }

    fn names_of_hosts(&self) -> Option<Identity> {
        Some(match self.kind {
            "AWS::CertificateManager::Certificate" => {
                of(self.arn("acm", &format!("certificate/{}", self.names.uuid("certificate"))))
            }
            "AWS::Route53::HostedZone" => {
                let id = format!("Z{}", self.names.upper("zone", 19));
                of(id.clone()).with("Id", id)
            }
            "AWS::Route53::RecordSet" => of(self.text("Name")?),
            _ => return None,
        })
    }

    /// For types that do not run here: a name and an ARN of the usual shapes.
    fn guess(&self, service: &str) -> Identity {
        let name = self.names.generated(64);
        let arn = self.arn(&service.to_lowercase(), &name);
        Identity { known: false, ..of(name).with("Arn", arn) }
    }
}

fn of(physical_id: String) -> Identity {
    Identity { physical_id, attributes: BTreeMap::new(), known: true }
}

impl Identity {
    fn with(mut self, attribute: &str, value: String) -> Self {
        self.attributes.insert(attribute.to_owned(), value);
        self
    }
}
