//! People who mean harm: what is no HTTP, crowds and idlers, forged tokens and signatures, and load that stays.

mod crowd;
mod forged;
mod load;
mod malformed;
mod raw;
