//! The audit of the example organization, as people see it.

use optout_core::audit::{Profile, text};

use crate::bench::{Bench, acme, attestation};

#[test]
fn the_example_in_words() {
    let mut bench = Bench::of(acme()).attested(&[
        attestation("disclosure-updated", "2026-10-01", "2027-10-01"),
        attestation("team-informed", "2025-10-01", "2026-10-01"),
    ]);
    bench.profiles = vec![Profile::General];
    insta::assert_snapshot!(text::render(&bench.run(), false));
}

#[test]
fn everything_of_one_profile_in_words() {
    let mut bench = Bench::of(acme());
    bench.profiles = vec![Profile::DataResidency];
    insta::assert_snapshot!(text::render(&bench.run(), true));
}
