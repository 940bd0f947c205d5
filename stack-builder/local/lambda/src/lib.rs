//! Lambda on this machine: handlers as child processes over the Runtime API.
