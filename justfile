# Commands for contributors; `just` alone lists them.

_default:
    @just --list --unsorted

# Apply what tools can correct: clippy's suggestions and formatting
fix:
    cargo clippy --fix --allow-dirty --allow-staged --all-targets
    cargo fmt

# Run everything that CI runs, without installing packages
check:
    scripts/check

# Run the tests that need nothing but Rust, or only those named
test *NAMES:
    cargo test {{ NAMES }}

# Serve two demo workspaces from a temporary database
demo:
    cargo run --release -- demo
