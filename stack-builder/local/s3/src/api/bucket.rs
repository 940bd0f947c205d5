//! What can be read of buckets themselves.

use super::{Answer, Operations};
use crate::cors::Rule;
use crate::store::Versioning;
use s3s::dto::{
    Bucket, BucketLocationConstraint, BucketVersioningStatus, CORSRule, CreateBucketOutput,
    GetBucketCorsInput, GetBucketCorsOutput, GetBucketLocationInput, GetBucketLocationOutput,
    GetBucketPolicyInput, GetBucketPolicyOutput, GetBucketVersioningInput, GetBucketVersioningOutput,
    HeadBucketInput, HeadBucketOutput, ListBucketsInput, ListBucketsOutput, Owner, Timestamp,
};
use s3s::{S3Request, S3Response, s3_error};

impl Operations {
    pub(super) fn show_bucket(&self, req: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
        let bucket = self.bucket(&req.input.bucket)?;
        let bucket_region = Some(bucket.settings.region.clone());
        let output = HeadBucketOutput {
            bucket_region,
            access_point_alias: Some(false),
            ..HeadBucketOutput::default()
        };
        Ok(S3Response::new(output))
    }

    pub(super) fn all_buckets(&self, req: S3Request<ListBucketsInput>) -> S3Response<ListBucketsOutput> {
        let prefix = req.input.prefix.clone().unwrap_or_default();
        let served = self.0.served();
        let buckets =
            served.values().filter(|bucket| bucket.name.starts_with(&prefix)).map(|bucket| Bucket {
                name: Some(bucket.name.clone()),
                creation_date: bucket.shelf.made().ok().map(Timestamp::from),
                bucket_region: req.input.max_buckets.map(|_| bucket.settings.region.clone()),
            });
        let output = ListBucketsOutput {
            buckets: Some(buckets.collect()),
            owner: Some(Owner { display_name: None, id: Some(self.0.world.account.clone()) }),
            prefix: req.input.prefix,
            ..ListBucketsOutput::default()
        };
        S3Response::new(output)
    }

    /// The first region of all has no name here.
    pub(super) fn location(&self, req: S3Request<GetBucketLocationInput>) -> Answer<GetBucketLocationOutput> {
        let region = self.bucket(&req.input.bucket)?.settings.region.clone();
        let location_constraint = (region != "us-east-1").then(|| BucketLocationConstraint::from(region));
        Ok(S3Response::new(GetBucketLocationOutput { location_constraint }))
    }

    pub(super) fn versioning(
        &self,
        req: S3Request<GetBucketVersioningInput>,
    ) -> Answer<GetBucketVersioningOutput> {
        let status = match self.bucket(&req.input.bucket)?.settings.versioning {
            Versioning::Off => None,
            Versioning::Enabled => Some(BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED)),
            Versioning::Suspended => {
                Some(BucketVersioningStatus::from_static(BucketVersioningStatus::SUSPENDED))
            }
        };
        Ok(S3Response::new(GetBucketVersioningOutput { status, ..GetBucketVersioningOutput::default() }))
    }

    pub(super) fn cors(&self, req: S3Request<GetBucketCorsInput>) -> Answer<GetBucketCorsOutput> {
        let bucket = self.bucket(&req.input.bucket)?;
        let rules: Vec<_> = bucket.settings.cors.iter().map(cors_rule).collect();
        if rules.is_empty() {
            return Err(s3_error!(NoSuchCORSConfiguration, "The CORS configuration does not exist"));
        }
        Ok(S3Response::new(GetBucketCorsOutput { cors_rules: Some(rules) }))
    }

    pub(super) fn policy(&self, req: S3Request<GetBucketPolicyInput>) -> Answer<GetBucketPolicyOutput> {
        let bucket = self.bucket(&req.input.bucket)?;
        let policy = bucket.settings.policy.as_ref().map(ToString::to_string);
        let policy =
            policy.ok_or_else(|| s3_error!(NoSuchBucketPolicy, "The bucket policy does not exist"))?;
        Ok(S3Response::new(GetBucketPolicyOutput { policy: Some(policy) }))
    }

    /// Buckets come from the template alone.
    pub(super) fn no_new_bucket(&self, name: &str) -> Answer<CreateBucketOutput> {
        self.bucket(name)?;
        Err(s3_error!(
            BucketAlreadyOwnedByYou,
            "Your previous request to create the named bucket succeeded and you already own it."
        ))
    }
}

fn cors_rule(rule: &Rule) -> CORSRule {
    let some = |list: &Vec<String>| Some(list.clone()).filter(|list| !list.is_empty());
    CORSRule {
        id: rule.id.clone(),
        allowed_origins: rule.origins.clone(),
        allowed_methods: rule.methods.clone(),
        allowed_headers: some(&rule.headers),
        expose_headers: some(&rule.exposed),
        max_age_seconds: rule.max_age,
    }
}
