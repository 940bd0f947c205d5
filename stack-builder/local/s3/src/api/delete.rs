//! `DeleteObject` and `DeleteObjects`.

use super::condition::failed;
use super::{Answer, Operations};
use crate::buckets::Bucket;
use crate::store::shelf::Deleted;
use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, Error,
    ObjectIdentifier,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

/// Keys that one request may name.
const MOST_KEYS: usize = 1000;

impl Operations {
    pub(super) fn delete(&self, req: S3Request<DeleteObjectInput>) -> Answer<DeleteObjectOutput> {
        let input = &req.input;
        let bucket = self.bucket(&input.bucket)?;
        if let Some(condition) = &input.if_match {
            let there = bucket.shelf.find(&input.key, None).map_err(|_| failed())?;
            super::condition::check_write(Some(condition), None, Some(&there))?;
        }
        let deleted = self.delete_key(&bucket, &input.key, input.version_id.as_deref())?;
        let output = DeleteObjectOutput {
            delete_marker: deleted.marker.then_some(true),
            version_id: deleted.version,
            ..DeleteObjectOutput::default()
        };
        Ok(S3Response::new(output))
    }

    pub(super) fn delete_many(&self, req: S3Request<DeleteObjectsInput>) -> Answer<DeleteObjectsOutput> {
        let bucket = self.bucket(&req.input.bucket)?;
        let wanted = &req.input.delete;
        if wanted.objects.is_empty() || wanted.objects.len() > MOST_KEYS {
            return Err(s3_error!(
                MalformedXML,
                "The XML you provided was not well-formed or did not validate against our published schema"
            ));
        }
        let quiet = wanted.quiet == Some(true);
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for object in &wanted.objects {
            match self.delete_one(&bucket, object, &req) {
                Ok(one) if !quiet => deleted.push(one),
                Ok(_) => {}
                Err(error) => errors.push(Error {
                    code: Some(error.code().as_str().to_owned()),
                    key: Some(object.key.clone()),
                    message: error.message().map(str::to_owned),
                    version_id: object.version_id.clone(),
                }),
            }
        }
        let output = DeleteObjectsOutput {
            deleted: Some(deleted),
            errors: Some(errors),
            ..DeleteObjectsOutput::default()
        };
        Ok(S3Response::new(output))
    }

    fn delete_one<T>(
        &self,
        bucket: &Bucket,
        object: &ObjectIdentifier,
        req: &S3Request<T>,
    ) -> S3Result<DeletedObject> {
        let of_version = object.version_id.as_deref().is_some_and(|id| !id.is_empty());
        let action = crate::actions::action("DeleteObject", of_version);
        self.judge(bucket, Some(&object.key), &action, req)?;
        let deleted = self.delete_key(bucket, &object.key, object.version_id.as_deref())?;
        Ok(DeletedObject {
            key: Some(object.key.clone()),
            version_id: object.version_id.clone(),
            delete_marker: deleted.marker.then_some(true),
            delete_marker_version_id: deleted.version.filter(|_| deleted.marker),
        })
    }

    fn delete_key(&self, bucket: &Bucket, key: &str, version: Option<&str>) -> S3Result<Deleted> {
        match version.filter(|id| !id.is_empty()) {
            Some(id) => Ok(bucket.shelf.delete_version(key, id)),
            None => bucket.shelf.delete(key, bucket.settings.versioning, self.now()),
        }
    }
}
