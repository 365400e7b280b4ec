//! Rebuilds when the interface was built anew: its files are embedded in the binary.

fn main() {
    println!("cargo:rerun-if-changed=../frontend/dist");
}
