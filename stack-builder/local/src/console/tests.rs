//! Routes, headers, refusals and limits of the console.
