//! Options that several commands have, as groups to be flattened into their arguments.

mod catalogue;
mod fleet;
mod format;
mod moment;
mod organization;
mod output;
mod planning;
mod reach;
mod recording;
mod reports;
mod severity;

pub(crate) use catalogue::CatalogueOptions;
pub(crate) use fleet::FleetOptions;
pub(crate) use format::{AnswerOptions, Format};
pub(crate) use moment::{Moment, day, duration};
pub(crate) use organization::{AwsOptions, Evidence, OrganizationOptions, SelectionOptions, argument, read_options};
pub(crate) use output::OutputOptions;
pub(crate) use planning::{Planning, PlanningOptions, known, planning_read};
pub(crate) use reach::ReachOptions;
pub(crate) use recording::{RecordOptions, StoreOptions};
pub(crate) use reports::ReportOptions;
pub(crate) use severity::Line;
