//! Cognito on this machine: user pools, sign-in and tokens.
