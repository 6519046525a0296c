//! Tests of the ledger files.
