//! How fast a report of 10,000 accounts × 38 services is written in every format, and how large it is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark that panics fails, which is what it is for"
)]

#[expect(dead_code, reason = "the benchmark of verdicts has a size of its own")]
mod organization;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use optout_core::catalogue::Catalogue;
use optout_core::check::{Question, Severity, assess};
use optout_core::org::Snapshot;
use optout_core::report::{Format, NothingAccepted, Options, Origin, Report};
use organization::{Spread, answered, now, organization};

const ACCOUNTS: usize = 10_000;

fn render(report: &Report<'_>, format: Format) -> String {
    format.render(report, &Options::default()).unwrap().into_text()
}

fn each(criterion: &mut Criterion, name: &str, snapshot: &Snapshot) {
    let catalogue = Catalogue::embedded();
    let question = Question { at: now(), ..Question::plain(snapshot, catalogue) };
    let assessment = assess(&question);
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, Origin::default());
    let mut group = criterion.benchmark_group(format!("reports/{name}"));
    group.sample_size(10).measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    for format in Format::ALL {
        group.throughput(Throughput::Bytes(render(&report, *format).len() as u64));
        group.bench_function(format.as_str(), |bencher| bencher.iter(|| render(black_box(&report), *format)));
    }
    group.throughput(Throughput::Elements(Format::ALL.len() as u64));
    let all = || Format::ALL.iter().map(|format| render(black_box(&report), *format).len()).sum::<usize>();
    group.bench_function("all", |bencher| bencher.iter(all));
    group.finish();
}

fn reports(criterion: &mut Criterion) {
    let usual = organization(ACCOUNTS, Spread::Usual);
    each(criterion, "usual", &usual);
    each(criterion, "every-account-answered", &answered(usual));
    each(criterion, "hostile", &organization(ACCOUNTS, Spread::Hostile));
}

criterion_group!(benches, reports);
criterion_main!(benches);
