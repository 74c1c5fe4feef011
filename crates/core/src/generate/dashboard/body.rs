//! The body: a text that says what it shows, the monitor, a graph a service, the services without metrics.

use serde_json::{Value, json};

use super::widget::{Grid, search};
use super::{Dashboard, monitor};
use crate::source::markdown::{escaped, prose};
use crate::usage::{Publisher, Silence, Silent};

/// Usage is shown by the hour.
const PERIOD: u64 = 3_600;

pub(super) fn body(dashboard: &Dashboard<'_>, region: &str) -> Value {
    let mut grid = Grid::default();
    grid.text(&introduction(dashboard), 4);
    if dashboard.monitor {
        grid.text("## The opt-out, as the monitor reads it", 1);
        for (title, metrics) in monitor::graphs() {
            grid.graph(title, &metrics, region, monitor::period(), dashboard.annotations().as_ref());
        }
    }
    grid.text("## Usage of services", 1);
    for publisher in dashboard.metrics.publishers().filter(|it| dashboard.wants(&it.key)) {
        let title = format!("{} ({})", name(dashboard, &publisher.key), publisher.key);
        grid.graph(&title, &metrics(publisher), region, PERIOD, dashboard.annotations().as_ref());
    }
    let silent: Vec<&Silent> = dashboard.metrics.silent().filter(|it| dashboard.wants(&it.key)).collect();
    if !silent.is_empty() {
        let height = 3 + u64::try_from(silent.len()).unwrap_or_default();
        grid.text(&without_metrics(dashboard, &silent), height.min(1_000));
    }
    // The day of the opt-out is not always within the last hours, which graphs show otherwise.
    json!({ "start": "-P28D", "widgets": grid.into_widgets() })
}

fn name<'d>(dashboard: &'d Dashboard<'_>, key: &'d str) -> &'d str {
    dashboard.catalogue.get(key).map_or(key, |service| service.name.as_str())
}

fn metrics(publisher: &Publisher) -> Vec<Value> {
    let metric = |(at, it): (usize, &crate::usage::Metric)| {
        search(&publisher.namespace, &it.dimensions, &it.name, it.statistic.as_str(), PERIOD, at)
    };
    publisher.metrics.iter().enumerate().map(metric).collect()
}

fn introduction(dashboard: &Dashboard<'_>) -> String {
    let day = match dashboard.opted_out {
        Some(day) => format!("The line marks {day}, the day of the opt-out."),
        None => "No day of an opt-out is marked.".to_owned(),
    };
    format!(
        "# AI services opt-out\n\nUsage goes on after opting out: AWS stops using content, not serving requests. A graph that drops says that \
         something was called less, not why; that it goes on says nothing of what AWS does. {day}\n\nMetric names are those of AWS's \
         documentation of {}. A graph finds what was published within the last two weeks, in this account and, in a monitoring account, \
         in those that are linked.",
        dashboard.metrics.date()
    )
}

fn without_metrics(dashboard: &Dashboard<'_>, silent: &[&Silent]) -> String {
    let mut text = "## Services without metrics here\n\n".to_owned();
    for it in silent {
        let why = match (it.why, &it.namespace) {
            (Silence::NotListed, _) => "not in AWS's list of services that publish metrics".to_owned(),
            (Silence::NotRead, Some(namespace)) => {
                format!("publishes in `{namespace}`; the metrics are not known here")
            }
            (Silence::NotRead, None) => "publishes metrics that are not known here".to_owned(),
        };
        let note = it.note.as_deref().map(|note| format!(" {}", prose(note))).unwrap_or_default();
        text.push_str(&format!("- {} (`{}`): {why}.{note}\n", escaped(name(dashboard, &it.key)), it.key));
    }
    text
}
