//! CloudFront on this machine: behaviours, cache, policies and functions at the edge.
