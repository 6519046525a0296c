//! Everything the vault knows: no HTTP, no terminal, no environment variables, no FFmpeg.
//!
//! Layers, from low to high; nothing looks up: foundations, keeping, flows, the vault itself.

// Foundations.
pub mod articles;
pub mod calendar;
pub mod clock;
pub mod disposal;
pub mod fault;
pub mod limits;
pub mod policy;
pub mod stop;
pub mod volume;
pub mod wording;

// Keeping.
pub mod catalog;
pub mod jobs;
pub mod keys;
pub mod ledger;
pub mod store;

// Flows, in the regulation's order.
pub mod access;
pub mod casefile;
pub mod intake;
pub mod media;
pub mod oversight;
pub mod people;
pub mod preservation;
pub mod retention;
pub mod search;
pub mod transcript;

// The whole.
pub mod backup;
pub mod figures;
pub mod holdings;
pub mod inspection;
pub mod reminders;
pub mod settings;
pub mod tables;
pub mod vault;
pub mod work;
