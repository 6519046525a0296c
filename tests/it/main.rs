//! The one test program over the whole product.

mod catalog;
