# What a person types; `just` alone lists it. CI doesn't use this file: see .ci/run.

_default:
    @just --list --unsorted

# Mend what a machine can mend: formatting and clippy's suggestions
fix:
    cargo clippy --fix --allow-dirty --allow-staged --all-targets
    cargo fmt

# Check everything that CI checks, installing nothing
check:
    cargo fmt --check
    ALOQA_TEST_REQUIRE=postgres,browser scripts/with-postgres cargo test
    cargo clippy --all-targets -- -D warnings

# Run the tests that need nothing but Rust, or only those named
test *NAMES:
    cargo test {{ NAMES }}

# Serve two demo tenants from a throw-away database
demo:
    cargo run --release -- demo
