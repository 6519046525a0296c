//! The one test program over the whole product. Each file says what it holds the product to.

mod access;
mod backends;
mod catalog;
mod clients;
mod collect;
mod contract;
mod damage;
mod excerpts;
mod forms;
mod hostile;
mod interfaces;
mod keeping;
mod kill;
mod media;
mod media_worker;
mod memory;
mod office;
mod package;
mod pages;
mod papers;
mod power_cut;
mod process;
mod programs;
mod reminders;
#[path = "../requirements/mod.rs"]
mod requirements;
mod s3_vault;
mod second_reader;
mod server;
mod sheets;
mod sign_in;
mod sources;
mod story;
mod tidy;
