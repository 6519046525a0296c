//! What the tests need around the product: servers to talk to and faults to suffer.
//!
//! Every server listens on the loopback only, keeps its files in a directory of its own and is
//! gone when its value is dropped. A program that is missing fails the test and names the remedy.

pub mod command;
pub mod fault_proxy;
pub mod garage_server;
pub mod identity_provider;
pub mod media;
pub mod moto_server;
pub mod mounted_disk;
pub mod post_sink;
pub mod postgres;
pub mod program;
pub mod s3s_server;
pub mod scratch;
pub mod service;
