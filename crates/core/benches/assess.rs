//! How fast an organization as large as AWS allows is judged, and a snapshot of it read.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark that panics fails, which is what it is for"
)]

mod organization;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use optout_core::catalogue::Catalogue;
use optout_core::check::{Question, assess, findings};
use optout_core::org::{Snapshot, read, write};
use optout_core::source::Source;
use organization::{ACCOUNTS, Spread, answered, now, organization};

/// Verdicts, locks and findings: how many findings there are.
fn judge(snapshot: &Snapshot) -> usize {
    let catalogue = Catalogue::embedded();
    let question = Question { at: now(), ..Question::plain(snapshot, catalogue) };
    let assessment = assess(&question);
    findings(&assessment).iter().map(|(_, outcome)| outcome.findings.len()).sum()
}

fn at_the_limits(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("at-the-limits");
    group.sample_size(20).measurement_time(Duration::from_secs(10));
    for (name, snapshot) in [
        ("usual", organization(ACCOUNTS, Spread::Usual)),
        ("usual-every-account-answered", answered(organization(ACCOUNTS, Spread::Usual))),
        ("hostile", organization(ACCOUNTS, Spread::Hostile)),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| judge(black_box(&snapshot))));
    }
    group.finish();
}

fn by_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("by-size");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for accounts in [10_000, 50_000, 500_000] {
        let snapshot = organization(accounts, Spread::Usual);
        group.throughput(Throughput::Elements(accounts as u64));
        group.bench_function(BenchmarkId::from_parameter(accounts), |it| it.iter(|| judge(black_box(&snapshot))));
    }
    group.finish();
}

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("loading");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (name, snapshot) in [
        ("usual", organization(ACCOUNTS, Spread::Usual)),
        ("every-account-answered", answered(organization(ACCOUNTS, Spread::Usual))),
    ] {
        let source = Source::new("snapshot.json", write(&snapshot));
        group.throughput(Throughput::Bytes(source.text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| read(black_box(&source)).unwrap()));
    }
    group.finish();
}

criterion_group!(benches, at_the_limits, by_size, loading);
criterion_main!(benches);
