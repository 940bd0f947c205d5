//! Secrets Manager on this machine: secrets of a template.
