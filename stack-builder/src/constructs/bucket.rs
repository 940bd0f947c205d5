//! Buckets: private, encrypted, versioned.

use crate::construct::Construct;
use crate::grant::Grant;
use crate::scope::Scope;
use stack_builder_cfn::s3::{self, bucket as nested};
use stack_builder_cfn::{
    Attributes, IntoValue, List, PolicyDocument, RemovalPolicy, Statement, Value, intrinsic, pseudo,
};

/// Days after which a replaced or deleted object's old version goes.
const NONCURRENT_DAYS: u32 = 30;
/// Days after which the parts of an upload that nobody finished go.
const UNFINISHED_UPLOAD_DAYS: u32 = 7;

/// An S3 bucket: no public access, owner-enforced objects, encrypted by S3, versioned, and closed to plain HTTP.
///
/// Old versions go after 30 days and unfinished uploads after 7. The bucket stays when it leaves the stack unless
/// [`removal_policy`](Self::removal_policy) says otherwise.
#[must_use = "a construct does nothing until it is added"]
pub struct Bucket {
    l1: s3::Bucket,
    receives_access_logs: bool,
    /// ARNs of the distributions that read it.
    distributions: Vec<Value<String>>,
}

impl Bucket {
    /// A private bucket.
    #[track_caller]
    pub fn new() -> Self {
        let l1 = s3::Bucket::new()
            .public_access_block_configuration_with(|access| {
                access
                    .block_public_acls(true)
                    .block_public_policy(true)
                    .ignore_public_acls(true)
                    .restrict_public_buckets(true)
            })
            .ownership_controls_with(|controls| {
                controls.add_rules(|rule| rule.object_ownership(nested::ObjectOwnership::BucketOwnerEnforced))
            })
            .bucket_encryption_with(|encryption| {
                encryption.add_server_side_encryption_configuration(|rule| {
                    rule.server_side_encryption_by_default_with(|default| {
                        default.sse_algorithm(nested::SSEAlgorithm::Aes256)
                    })
                })
            })
            .versioning_configuration_with(|versioning| {
                versioning.status(nested::VersioningConfigurationStatus::Enabled)
            })
            .removal_policy(RemovalPolicy::RetainExceptOnCreate);
        Self {
            l1: with_lifecycle(l1, NONCURRENT_DAYS),
            receives_access_logs: false,
            distributions: Vec::new(),
        }
    }

    /// What becomes of the bucket when it leaves the stack: it stays, unless said otherwise or its very creation
    /// fails.
    #[track_caller]
    pub fn removal_policy(mut self, policy: RemovalPolicy) -> Self {
        self.l1 = self.l1.removal_policy(policy);
        self
    }

    /// Keeps old versions of an object for `days` instead of 30.
    #[track_caller]
    pub fn noncurrent_versions_expire_after(mut self, days: u32) -> Self {
        self.l1 = with_lifecycle(self.l1, days);
        self
    }

    /// Lets pages of `origins` send `methods` from a browser, with any header.
    #[track_caller]
    pub fn allow_cross_origin<const N: usize>(
        mut self,
        origins: impl IntoValue<List<String>>,
        methods: [nested::AllowedMethod; N],
    ) -> Self {
        self.l1 = self.l1.cors_configuration_with(|cors| {
            cors.add_cors_rules(|rule| {
                rule.allowed_origins(origins)
                    .allowed_methods(methods)
                    .allowed_headers(["*"])
                    .exposed_headers(["ETag"])
                    .max_age(3_600)
            })
        });
        self
    }

    /// Lets the S3 logging service of this account write access logs into it.
    pub fn receiving_access_logs(mut self) -> Self {
        self.receives_access_logs = true;
        self
    }

    /// Writes a log of every access into `logs`, a bucket that is [receiving](Self::receiving_access_logs) them.
    #[track_caller]
    pub fn log_access_to(mut self, logs: &BucketRef) -> Self {
        self.l1 = self.l1.logging_configuration_with(|logging| logging.destination_bucket_name(logs.name()));
        self
    }

    /// Lets the distribution with this ARN read objects, and tell those that are absent from those it may not read.
    pub(super) fn readable_through(mut self, distribution: Value<String>) -> Self {
        self.distributions.push(distribution);
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(s3::Bucket) -> s3::Bucket) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Default for Bucket {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl Construct for Bucket {
    type Handle = BucketRef;

    fn build(self, scope: &mut Scope) -> BucketRef {
        let l1 = scope.resource(self.l1);
        let bucket = BucketRef { name: l1.reference(), arn: l1.arn() };
        let mut statements = vec![bucket.deny_plain_http()];
        if self.receives_access_logs {
            statements.push(bucket.allow_log_delivery());
        }
        statements.extend(self.distributions.iter().flat_map(|arn| bucket.allow_distribution(arn)));
        let policy =
            s3::BucketPolicy::new().bucket(bucket.name()).policy_document(PolicyDocument::new(statements));
        scope.add("Policy", policy);
        bucket
    }
}

/// Removes old versions after `days`, and what is left of uploads that nobody finished.
#[track_caller]
fn with_lifecycle(bucket: s3::Bucket, days: u32) -> s3::Bucket {
    bucket.lifecycle_configuration_with(|lifecycle| {
        lifecycle
            .add_rules(|rule| {
                rule.id("NoncurrentVersions")
                    .status(nested::RuleStatus::Enabled)
                    .noncurrent_version_expiration_with(|expiration| expiration.noncurrent_days(days))
            })
            .add_rules(|rule| {
                rule.id("UnfinishedUploads")
                    .status(nested::RuleStatus::Enabled)
                    .abort_incomplete_multipart_upload_with(|abort| {
                        abort.days_after_initiation(UNFINISHED_UPLOAD_DAYS)
                    })
            })
    })
}

/// A handle on a bucket, of this stack or of elsewhere.
#[derive(Clone, Debug)]
pub struct BucketRef {
    name: Value<String>,
    arn: Value<String>,
}

impl BucketRef {
    /// A bucket that something else made.
    pub fn from_name(name: impl IntoValue<String>) -> Self {
        let name = name.into_value();
        let arn = intrinsic::sub(
            "arn:${partition}:s3:::${name}",
            [("partition", pseudo::partition()), ("name", name.clone())],
        );
        Self { name, arn }
    }

    /// Its name.
    pub fn name(&self) -> Value<String> {
        self.name.clone()
    }

    /// The ARN of the bucket itself.
    pub fn arn(&self) -> Value<String> {
        self.arn.clone()
    }

    /// The ARN of all its objects, `<bucket>/*`.
    pub fn objects_arn(&self) -> Value<String> {
        intrinsic::sub("${arn}/*", [("arn", self.arn())])
    }

    /// Permission to read objects whose key is known.
    pub fn read_objects(&self) -> Grant {
        Grant::allow(["s3:GetObject"], self.objects_arn())
    }

    /// Permission to write objects.
    pub fn write_objects(&self) -> Grant {
        Grant::allow(["s3:PutObject"], self.objects_arn())
    }

    /// Permission to delete objects.
    pub fn delete_objects(&self) -> Grant {
        Grant::allow(["s3:DeleteObject"], self.objects_arn())
    }

    /// Permission to list the keys.
    pub fn list_objects(&self) -> Grant {
        Grant::allow(["s3:ListBucket"], self.arn())
    }

    fn deny_plain_http(&self) -> Statement {
        Statement::deny(["s3:*"])
            .sid("DenyPlainHttp")
            .on(self.arn())
            .on(self.objects_arn())
            .principal("AWS", "*")
            .when("Bool", "aws:SecureTransport", "false")
    }

    fn allow_log_delivery(&self) -> Statement {
        Statement::allow(["s3:PutObject"])
            .sid("AllowAccessLogs")
            .on(self.objects_arn())
            .principal("Service", "logging.s3.amazonaws.com")
            .when("StringEquals", "aws:SourceAccount", pseudo::account_id())
    }

    fn allow_distribution(&self, distribution: &Value<String>) -> [Statement; 2] {
        // Without the right to list, S3 answers 403 for what is absent.
        [("s3:GetObject", self.objects_arn()), ("s3:ListBucket", self.arn())].map(|(action, resource)| {
            Statement::allow([action]).on(resource).principal("Service", "cloudfront.amazonaws.com").when(
                "StringEquals",
                "AWS:SourceArn",
                distribution,
            )
        })
    }
}
