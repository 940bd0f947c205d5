//! S3 on this machine: buckets of a template, one file an object.
