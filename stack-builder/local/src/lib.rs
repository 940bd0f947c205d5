//! The whole application of an assembly, running in one process.
