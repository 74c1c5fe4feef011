//! The simulator's own endpoints, for whoever drives it from another process: faults, changes, calls, the state.
//!
//! `GET` and `POST /_sandbox/faults` (a list of faults; posting replaces it), `POST /_sandbox/changes` (a list of
//! changes, made in order), `GET /_sandbox/calls`, `GET /_sandbox/snapshot` (a snapshot file), `POST /_sandbox/reset`.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::simulator::Simulator;
use crate::state::Change;
use crate::wire::{Reply, Request};

pub(crate) fn answer(simulator: &Simulator, endpoint: &str, request: &Request) -> Reply {
    match (request.method.as_str(), endpoint) {
        ("GET", "faults") => show(200, &json!(simulator.faults())),
        ("POST", "faults") => set_faults(simulator, &request.body),
        ("POST", "changes") => change(simulator, &request.body),
        ("GET", "calls") => show(200, &json!({ "counts": simulator.counts(), "calls": simulator.calls() })),
        ("GET", "snapshot") => Reply::of(200, "application/json", optout_core::org::write(&simulator.snapshot())),
        ("POST", "reset") => {
            simulator.reset();
            show(200, &json!({}))
        }
        (_, "faults" | "changes" | "calls" | "snapshot" | "reset") => problem(405, "the method does not fit"),
        _ => problem(404, "there are faults, changes, calls, snapshot and reset"),
    }
}

fn set_faults(simulator: &Simulator, body: &[u8]) -> Reply {
    match read::<Vec<Fault>>(body) {
        Ok(faults) => {
            simulator.set_faults(faults);
            show(200, &json!({}))
        }
        Err(reply) => reply,
    }
}

fn change(simulator: &Simulator, body: &[u8]) -> Reply {
    let changes = match read::<Vec<Change>>(body) {
        Ok(changes) => changes,
        Err(reply) => return reply,
    };
    match changes.into_iter().try_for_each(|change| simulator.change(change)) {
        Ok(()) => show(200, &json!({})),
        Err(error) => problem(400, &error.to_string()),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Reply> {
    serde_json::from_slice(body).map_err(|error| problem(400, &error.to_string()))
}

fn show(status: u16, body: &Value) -> Reply {
    Reply::of(status, "application/json", body.to_string())
}

fn problem(status: u16, message: &str) -> Reply {
    show(status, &json!({ "message": message }))
}
