//! Bytes under their digest, written once, never changed.
pub mod backend;
