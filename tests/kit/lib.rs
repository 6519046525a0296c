//! What tests share: servers to run against.

pub mod postgres;
