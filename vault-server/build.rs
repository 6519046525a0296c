//! Has the program built again when the pages were: they are taken into it.

fn main() {
    println!("cargo::rerun-if-changed=web/dist");
}
