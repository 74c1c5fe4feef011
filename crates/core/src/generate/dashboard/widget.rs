//! Widgets and where they stand: rows of a grid that is 24 wide.

use serde_json::{Map, Value, json};

/// How wide the grid is.
const GRID: u64 = 24;
/// The most metrics of a widget.
pub(super) const METRICS_LIMIT: usize = 500;

/// Widgets, each at its place.
#[derive(Debug, Default)]
pub(super) struct Grid {
    widgets: Vec<Value>,
    x: u64,
    y: u64,
    row: u64,
}

impl Grid {
    /// A text over the whole width.
    pub(super) fn text(&mut self, markdown: &str, height: u64) {
        self.place("text", GRID, height, &json!({ "markdown": markdown }));
    }

    /// A graph of half the width; several where there are more metrics than one may have.
    pub(super) fn graph(
        &mut self,
        title: &str,
        metrics: &[Value],
        region: &str,
        period: u64,
        annotations: Option<&Value>,
    ) {
        for part in metrics.chunks(METRICS_LIMIT) {
            let mut properties = Map::new();
            properties.insert("title".into(), title.into());
            properties.insert("metrics".into(), part.into());
            properties.insert("region".into(), region.into());
            properties.insert("view".into(), "timeSeries".into());
            properties.insert("stacked".into(), false.into());
            properties.insert("period".into(), period.into());
            if let Some(annotations) = annotations {
                properties.insert("annotations".into(), annotations.clone());
            }
            self.place("metric", GRID / 2, 6, &Value::Object(properties));
        }
    }

    fn place(&mut self, kind: &str, width: u64, height: u64, properties: &Value) {
        if self.x + width > GRID {
            (self.x, self.y, self.row) = (0, self.y + self.row, 0);
        }
        let (x, y) = (self.x, self.y);
        self.widgets.push(json!({
            "type": kind, "x": x, "y": y, "width": width, "height": height, "properties": properties,
        }));
        (self.x, self.row) = (self.x + width, self.row.max(height));
    }

    pub(super) fn into_widgets(self) -> Vec<Value> {
        self.widgets
    }
}

/// Everything that is published under a name with exactly these dimensions, as an expression of a graph.
pub(super) fn search(
    namespace: &str,
    dimensions: &[String],
    name: &str,
    statistic: &str,
    period: u64,
    id: usize,
) -> Value {
    let schema: Vec<&str> = std::iter::once(namespace).chain(dimensions.iter().map(String::as_str)).collect();
    let expression = format!("SEARCH('{{{}}} MetricName=\"{name}\"', '{statistic}', {period})", schema.join(","));
    json!([{ "expression": expression, "id": format!("e{id}"), "label": name }])
}
