//! Uploads in parts: beginning, completing, giving up.

use super::condition::check_write;
use super::read::shown_version;
use super::write::{checksum_type, encoding, metadata};
use super::{Answer, Operations, encryption, strong, tags};
use crate::store::spool::{blocking, copy, hex};
use crate::store::sum::{composite, show_sum};
use crate::store::uploads::{Begun, Parts};
use crate::store::{Algorithm, Described, Meta, Shelf, Sum};
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, ChecksumType, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CompletedPart, CreateMultipartUploadInput, CreateMultipartUploadOutput,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// Every part but the last has 5 MB
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
const LEAST_PART: u64 = 5 << 20;

impl Operations {
    pub(super) fn begin_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> Answer<CreateMultipartUploadOutput> {
        let input = req.input;
        let bucket = self.bucket(&input.bucket)?;
        let asked = input.checksum_algorithm.as_ref().and_then(|asked| Algorithm::named(asked.as_str()));
        let algorithm = asked.unwrap_or_default();
        let whole =
            input.checksum_type.as_ref().is_some_and(|kind| kind.as_str() == ChecksumType::FULL_OBJECT);
        let begun = Begun {
            key: input.key.clone(),
            at: self.now() / 1000,
            tags: tags::of_header(input.tagging.as_deref())?,
            algorithm,
            asked: asked.is_some(),
            composite: algorithm != Algorithm::Crc64nvme && !whole,
            described: Described {
                content_type: input.content_type,
                cache_control: input.cache_control,
                content_disposition: input.content_disposition,
                content_encoding: encoding(input.content_encoding),
                content_language: input.content_language,
                expires: input.expires,
                redirect: input.website_redirect_location,
                metadata: metadata(input.metadata)?,
            },
        };
        let upload_id = bucket.shelf.uploads.begin(begun, self.now())?;
        let output = CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(upload_id),
            checksum_algorithm: input.checksum_algorithm,
            checksum_type: input.checksum_type,
            server_side_encryption: Some(encryption()),
            ..CreateMultipartUploadOutput::default()
        };
        Ok(S3Response::new(output))
    }

    pub(super) async fn complete_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> Answer<CompleteMultipartUploadOutput> {
        let input = req.input;
        let bucket = self.bucket(&input.bucket)?;
        let uploads = &bucket.shelf.uploads;
        let (begun, parts) = uploads.find(&input.key, &input.upload_id)?;
        let wanted = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
        let chosen = choose(&wanted, &parts)?;
        let whole = Joined {
            shelf: bucket.shelf.clone(),
            upload: input.upload_id.clone(),
            left: numbers(&chosen),
            at: None,
        };
        let spooled = copy(bucket.shelf.temporary(), whole, begun.algorithm).await?;
        if input.mpu_object_size.is_some_and(|size| size != super::size(spooled.size)) {
            return Err(s3_error!(
                InvalidRequest,
                "The provided 'x-amz-mp-object-size' header does not match what was computed."
            ));
        }
        let meta = Meta {
            key: input.key.clone(),
            etag: etag(&chosen),
            sum: Some(sum(&begun, &chosen, &spooled.sum)),
            parts: chosen.iter().map(|(_, part)| part.size).collect(),
            described: begun.described.clone(),
            tags: begun.tags.clone(),
            ..Meta::default()
        };
        let allow =
            |there: Option<&Meta>| check_write(input.if_match.as_ref(), input.if_none_match.as_ref(), there);
        let meta = bucket.shelf.commit(spooled, meta, bucket.settings.versioning, self.now(), allow)?;
        end(&bucket.shelf, &input.upload_id).await?;
        let mut output = CompleteMultipartUploadOutput {
            location: Some(format!("/{}/{}", input.bucket, input.key)),
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(strong(&meta.etag)),
            version_id: shown_version(&bucket, &meta),
            server_side_encryption: Some(encryption()),
            checksum_type: meta.sum.as_ref().map(checksum_type),
            ..CompleteMultipartUploadOutput::default()
        };
        show_sum!(output, &meta.sum);
        Ok(S3Response::new(output))
    }

    pub(super) async fn abort_upload(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> Answer<AbortMultipartUploadOutput> {
        let bucket = self.bucket(&req.input.bucket)?;
        bucket.shelf.uploads.find(&req.input.key, &req.input.upload_id)?;
        end(&bucket.shelf, &req.input.upload_id).await?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

async fn end(shelf: &Arc<Shelf>, id: &str) -> S3Result<()> {
    shelf.uploads.end(id);
    let folder = shelf.uploads.folder(id);
    blocking(move || match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    })
    .await
}

type Chosen = Vec<(i32, Arc<Meta>)>;

/// The parts that the client wants, when they are there and in order.
fn choose(wanted: &[CompletedPart], parts: &Parts) -> S3Result<Chosen> {
    let mut chosen: Chosen = Vec::with_capacity(wanted.len());
    for part in wanted {
        let number = part.part_number.unwrap_or(0);
        if chosen.last().is_some_and(|(last, _)| *last >= number) {
            return Err(s3_error!(
                InvalidPartOrder,
                "The list of parts was not in ascending order. The parts list must be specified in order by part number."
            ));
        }
        let there = parts
            .get(&number)
            .filter(|there| part.e_tag.as_ref().is_none_or(|etag| etag.value() == there.etag));
        let there = there.ok_or_else(|| {
            s3_error!(
                InvalidPart,
                "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."
            )
        })?;
        chosen.push((number, there.clone()));
    }
    let (_, all_but_last) =
        chosen.split_last().ok_or_else(|| s3_error!(MalformedXML, "You must specify at least one part"))?;
    if all_but_last.iter().any(|(_, part)| part.size < LEAST_PART) {
        return Err(s3_error!(
            EntityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size"
        ));
    }
    Ok(chosen)
}

fn numbers(chosen: &Chosen) -> std::vec::IntoIter<(i32, u64)> {
    chosen.iter().map(|(number, part)| (*number, part.size)).collect::<Vec<_>>().into_iter()
}

/// The MD5 of the parts' MD5s, and how many they were.
fn etag(chosen: &Chosen) -> String {
    let mut md5 = Md5::new();
    for (_, part) in chosen {
        md5.update(&unhex(&part.etag));
    }
    format!("{}-{}", hex(&md5.finalize()), chosen.len())
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks_exact(2);
    digits.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn sum(begun: &Begun, chosen: &Chosen, whole: &Sum) -> Sum {
    if !begun.composite {
        return whole.clone();
    }
    let sums: Vec<_> =
        chosen.iter().filter_map(|(_, part)| Some(part.sum.as_ref()?.value.as_str())).collect();
    composite(begun.algorithm, &sums)
}

/// The parts of an upload, one after the other.
struct Joined {
    shelf: Arc<Shelf>,
    upload: String,
    left: std::vec::IntoIter<(i32, u64)>,
    at: Option<io::Take<File>>,
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(part) = &mut self.at {
                match part.read(buffer)? {
                    0 => self.at = None,
                    read => return Ok(read),
                }
            }
            let Some((number, size)) = self.left.next() else { return Ok(0) };
            self.at = Some(self.shelf.uploads.part(&self.upload, number)?.take(size));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use s3s::dto::ETag;

    fn part(number: i32, etag: &str) -> CompletedPart {
        CompletedPart {
            part_number: Some(number),
            e_tag: Some(ETag::Strong(etag.into())),
            ..CompletedPart::default()
        }
    }

    #[test]
    fn parts_are_there_in_order_and_large_enough() {
        let meta = |size| Arc::new(Meta { etag: "e".into(), size, ..Meta::default() });
        let parts = Parts::from([(1, meta(LEAST_PART)), (2, meta(1)), (7, meta(1))]);
        assert_eq!(choose(&[part(1, "e"), part(7, "e")], &parts).unwrap().len(), 2);
        let code = |wanted: &[CompletedPart]| choose(wanted, &parts).unwrap_err().code().as_str().to_owned();
        assert_eq!(code(&[part(7, "e"), part(1, "e")]), "InvalidPartOrder");
        assert_eq!(code(&[part(1, "f")]), "InvalidPart");
        assert_eq!(code(&[part(3, "e")]), "InvalidPart");
        assert_eq!(code(&[part(1, "e"), part(2, "e"), part(7, "e")]), "EntityTooSmall");
        assert_eq!(code(&[]), "MalformedXML");
    }
}
