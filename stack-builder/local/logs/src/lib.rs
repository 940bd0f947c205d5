//! `CloudWatch` Logs on this machine: groups, streams and lines.
