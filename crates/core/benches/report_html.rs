//! How fast the HTML report of ten thousand accounts is written, and how large it is.
//!
//! With `REPORT_HTML=FILE` the document is kept, for measuring in a browser.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark that panics fails, which is what it is for"
)]

mod enterprise;
mod organization;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use enterprise::{ENTERPRISE_INTENT, enterprise};
use optout_core::catalogue::Catalogue;
use optout_core::check::{Exceptions, Question, Severity, assess};
use optout_core::intent::{Intent, Known, ResolvedIntent};
use optout_core::org::Snapshot;
use optout_core::report::{NothingAccepted, Origin, Report, html};
use optout_core::source::Source;
use organization::{ACCOUNTS, Spread, answered, now, organization};

const MANY: usize = 10_000;
/// The document of so many must stay below this, where nobody set out to make it large.
const LARGEST: usize = 6_000_000;

fn origin() -> Origin {
    Origin { organization: "AWS Organizations".into(), tool_version: "0.1.0".into(), ..Origin::default() }
}

fn with_report<T>(snapshot: &Snapshot, intent: Option<&ResolvedIntent>, run: impl FnOnce(&Report<'_>) -> T) -> T {
    let today = "2026-11-24".parse().unwrap();
    let exceptions = intent.map_or_else(Exceptions::none, |intent| {
        Exceptions::new(move |_, path, service| match intent.excepted(path, service, today) {
            Some(_) => optout_core::check::Standing::Allowed,
            None => optout_core::check::Standing::Undeclared,
        })
    });
    let catalogue = Catalogue::embedded();
    let assessment = assess(&Question { snapshot, catalogue, exceptions, at: now(), evidence: None, only: None });
    run(&Report::new(&assessment, Severity::High, &NothingAccepted, origin()).with_intent(intent))
}

fn intent(snapshot: &Snapshot) -> ResolvedIntent {
    let text = ENTERPRISE_INTENT;
    let services: Vec<&str> = Catalogue::embedded().services().iter().map(|it| it.key.as_str()).collect();
    let known = Known::new(services, ["locked-against-children"]);
    Intent::parse(&Source::new("optout.toml", text), &known).unwrap().resolve(snapshot).unwrap()
}

fn ten_thousand_accounts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("report-html");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    let real = enterprise(MANY);
    let declared = intent(&real);
    let all = [
        ("enterprise", real, Some(declared), true),
        ("usual-every-account-answered", answered(organization(MANY, Spread::Usual)), None, true),
        ("hostile", organization(MANY, Spread::Hostile), None, false),
        ("at-the-limits", organization(ACCOUNTS, Spread::Usual), None, false),
    ];
    for (name, snapshot, intent, holds) in &all {
        with_report(snapshot, intent.as_ref(), |report| {
            let document = html::render(report);
            assert!(document.len() < LARGEST || !holds, "{name}: {} bytes", document.len());
            keep(name, &document);
            group.throughput(Throughput::Bytes(document.len() as u64));
            group.bench_function(*name, |bencher| bencher.iter(|| html::render(black_box(report))));
        });
    }
    group.finish();
}

fn keep(name: &str, document: &str) {
    if let Some(folder) = std::env::var_os("REPORT_HTML") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), document).unwrap();
    }
}

criterion_group!(benches, ten_thousand_accounts);
criterion_main!(benches);
