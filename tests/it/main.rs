//! Tests over the whole product. Each file says what it holds the product to.

mod backends;
