//! The one test program over the whole product. Each file says what it holds the product to.

mod access;
mod backends;
mod catalog;
mod collect;
mod damage;
mod forms;
mod inspection;
mod interfaces;
mod keeping;
mod kill;
mod media;
mod media_worker;
mod memory;
mod office;
mod oversight;
mod package;
mod pages;
mod power_cut;
mod programs;
mod registers;
mod s3_vault;
mod second_reader;
mod server;
mod sources;
mod story;
mod tidy;
