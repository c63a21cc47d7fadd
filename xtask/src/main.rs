//! `cargo xtask`: see [`xtask::run`].

fn main() -> std::process::ExitCode {
    xtask::run(std::env::args().skip(1))
}
