//! The body against AWS's documented structure, which is written here once more from its page.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

fn dashboard() -> Dashboard<'static> {
    Dashboard {
        catalogue: Catalogue::embedded(),
        metrics: MetricCatalogue::embedded(),
        services: None,
        opted_out: Some("2026-10-05".parse().unwrap()),
        monitor: true,
        tool_version: "0.0.0".to_owned(),
    }
}

fn parsed(dashboard: &Dashboard<'_>) -> Value {
    serde_json::from_str(&dashboard.body("eu-central-1")).unwrap()
}

fn number(widget: &Value, name: &str, from: u64, to: u64) -> u64 {
    let number = widget[name].as_u64().unwrap_or_else(|| panic!("no {name} in {widget}"));
    assert!((from..=to).contains(&number), "{name} {number}");
    number
}

/// What the page of the structure says of every widget.
fn check(body: &Value) {
    let widgets = body["widgets"].as_array().unwrap();
    assert!(widgets.len() <= 500);
    let (mut cells, mut total) = (BTreeSet::new(), 0);
    for widget in widgets {
        let (x, y) = (number(widget, "x", 0, 23), number(widget, "y", 0, 100_000));
        let (width, height) = (number(widget, "width", 1, 24), number(widget, "height", 1, 1_000));
        assert!(x + width <= 24);
        for cell in (x..x + width).flat_map(|x| (y..y + height).map(move |y| (x, y))) {
            assert!(cells.insert(cell), "two widgets at {cell:?}");
        }
        let properties = widget["properties"].as_object().unwrap();
        match widget["type"].as_str().unwrap() {
            "text" => assert!(!properties["markdown"].as_str().unwrap().is_empty() && properties.len() == 1),
            "metric" => total += check_graph(properties),
            other => panic!("{other}"),
        }
    }
    assert!(total <= 2_500);
}

fn check_graph(properties: &serde_json::Map<String, Value>) -> usize {
    let known = ["title", "metrics", "region", "view", "stacked", "period", "annotations"];
    assert!(properties.keys().all(|key| known.contains(&key.as_str())), "{properties:?}");
    assert!(properties["period"].as_u64().unwrap().is_multiple_of(60));
    let metrics = properties["metrics"].as_array().unwrap();
    assert!((1..=500).contains(&metrics.len()));
    let mut ids = BTreeSet::new();
    for metric in metrics {
        let [options] = metric.as_array().unwrap().as_slice() else { panic!("{metric}") };
        let id = options["id"].as_str().unwrap();
        assert!(id.starts_with(|first: char| first.is_ascii_lowercase()) && ids.insert(id), "{id}");
        let expression = options["expression"].as_str().unwrap();
        assert!(expression.starts_with("SEARCH('{") && expression.ends_with(", 3600)") && expression.len() <= 1_024);
    }
    for mark in properties.get("annotations").iter().flat_map(|it| it["vertical"].as_array().unwrap()) {
        assert!(mark["value"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    }
    metrics.len()
}

#[test]
fn the_body_is_as_aws_documents_it_within_its_limits() {
    check(&parsed(&dashboard()));
    check(&parsed(&Dashboard { monitor: false, opted_out: None, ..dashboard() }));
    check(&parsed(&Dashboard { services: Some(BTreeSet::from(["lex".to_owned()])), ..dashboard() }));
    check(&parsed(&Dashboard { services: Some(BTreeSet::new()), ..dashboard() }));
}

#[test]
fn every_service_is_a_graph_or_named_as_one_without_metrics() {
    let text = dashboard().body("us-east-1");
    for service in Catalogue::embedded().services() {
        let key = service.key.as_str();
        assert!(text.contains(&format!("({key})")) || text.contains(&format!("(`{key}`)")), "{key}");
    }
}

#[test]
fn only_the_services_that_were_chosen_are_shown() {
    let text = Dashboard { services: Some(BTreeSet::from(["polly".to_owned(), "dms".to_owned()])), ..dashboard() };
    let text = text.body("us-east-1");
    assert!(text.contains("{AWS/Polly,Operation} MetricName=\\\"RequestCharacters\\\"") && text.contains("`AWS/DMS`"));
    assert!(!text.contains("AWS/Lex") && !text.contains("securityhub"));
}

#[test]
fn the_day_of_the_opt_out_is_marked_in_every_graph() {
    let body = parsed(&dashboard());
    let graphs = body["widgets"].as_array().unwrap().iter().filter(|it| it["type"] == "metric");
    assert!(graphs.clone().count() > 10);
    for graph in graphs {
        assert_eq!(graph["properties"]["annotations"]["vertical"][0]["value"], "2026-10-05T00:00:00.000Z");
    }
}

#[test]
fn the_template_replaces_nothing_but_the_region() {
    let template: Value = serde_json::from_str(&dashboard().template("optout")).unwrap();
    let sub = &template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"];
    let text = sub[0].as_str().unwrap();
    assert_eq!(text.matches("${").count(), text.matches("${Region}").count());
    let body: Value = serde_json::from_str(&text.replace("${Region}", "eu-central-1")).unwrap();
    assert_eq!(body, parsed(&dashboard()));
}

#[test]
fn metrics_that_a_known_guide_shows_and_nobody_publishes_are_not_shown() {
    let text = dashboard().body("us-east-1");
    assert!(!text.contains("SuccessfulImageCount") && !text.contains("SuccessfulTranscriptionCount"));
}
