//! API Gateway on this machine: REST and HTTP APIs.
