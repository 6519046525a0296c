//! The vault as a service: HTTP in front of `vault_core`, and the pages.
//!
//! Seams are plain: parse, one act of the core, answer. Knows no SQL, no path of a blob, and
//! compares no roles: the policy table does. Everything that comes in has a limit (`limits`).

pub mod attempts;
pub mod config;
pub mod desk;
pub mod extract;
pub mod forms;
pub mod limits;
pub mod metrics;
pub mod pages;
pub mod problem;
pub mod provider;
pub mod range;
pub mod readings;
pub mod repeats;
pub mod routes;
pub mod serve;
pub mod session;
mod sheets;
pub mod state;
pub mod tls;
pub mod views;
pub mod worker;
