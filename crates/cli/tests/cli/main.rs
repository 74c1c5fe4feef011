//! The program as people run it: a few tests a command to prove the wiring, and every kind of bad input.

#![expect(clippy::unwrap_used, reason = "a test ends where its own set-up is wrong")]

mod advise;
mod apply;
mod audit;
mod bundle;
mod controls;
mod doctor;
mod evidence;
mod examples;
mod fleet;
mod generate;
mod harness;
mod hostile;
mod hostile_settings;
mod lint;
#[cfg(unix)]
mod meanwhile;
mod own_files;
mod pages;
mod plan;
mod program;
mod reach;
mod reports;
mod resolve;
mod sandbox;
mod secrets;
mod services;
mod trail;
mod usage;
mod verify;
mod website;
mod workstation;
