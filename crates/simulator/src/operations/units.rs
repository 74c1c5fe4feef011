//! The tree: organizational units, children, parents.

use std::collections::BTreeMap;
use std::ops::Bound;

use optout_core::org::{AccountId, TargetId, UnitId};
use serde_json::{Value, json};

use crate::caller::{self, Resource};
use crate::dispatch::Context;
use crate::error::{self, ApiError, constraint};
use crate::operations::tags;
use crate::show;
use crate::state::Unit;

/// The deepest unit is five below the root; an organization has at most 2,000 units
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>, read 2026-11-23).
const DEEPEST: usize = 5;
const MOST: usize = 2_000;

pub(crate) fn list_for_parent(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let parent = parent(context, "ParentId")?;
    let from = page.start::<UnitId>()?;
    let units = context.state.children.get(&parent).map(|children| &children.units);
    let units = units.into_iter().flat_map(|units| units.range((from.clone(), Bound::Unbounded)));
    let page = page.cut(units, |id| id.to_string());
    Ok(page.answer("OrganizationalUnits", |id| show::unit(context.state, id, context.options.fields)))
}

pub(crate) fn list_children(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let kind = context.input.required("ChildType")?.to_owned();
    if kind != "ACCOUNT" && kind != "ORGANIZATIONAL_UNIT" {
        return Err(error::invalid_enum("ChildType"));
    }
    let parent = parent(context, "ParentId")?;
    let children = context.state.children.get(&parent);
    let show = |id: String| json!({ "Id": id, "Type": kind });
    if kind == "ACCOUNT" {
        let from = page.start::<AccountId>()?;
        let ids = children.into_iter().flat_map(|it| it.accounts.range((from, Bound::Unbounded)));
        return Ok(page.cut(ids.map(AccountId::to_string), String::clone).answer("Children", show));
    }
    let from = page.start::<UnitId>()?;
    let ids = children.into_iter().flat_map(|it| it.units.range((from.clone(), Bound::Unbounded)));
    Ok(page.cut(ids.map(UnitId::to_string), String::clone).answer("Children", show))
}

pub(crate) fn list_parents(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let child: TargetId = context.input.id("ChildId")?;
    context.authorize(&[Resource::target(context.state, &child, None)])?;
    let parent = match &child {
        TargetId::Root(_) => return Err(error::invalid_pattern("ChildId")),
        TargetId::Unit(id) => context.state.units.get(id).map(|unit| &unit.parent),
        TargetId::Account(id) => context.state.parents.get(id),
    };
    let not_found = || ApiError::new("ChildNotFoundException", "You specified a child that doesn't exist.");
    let parent = parent.cloned().ok_or_else(not_found)?;
    let kind = if matches!(parent, TargetId::Root(_)) { "ROOT" } else { "ORGANIZATIONAL_UNIT" };
    Ok(page.cut_list(vec![parent])?.answer("Parents", |id| json!({ "Id": id, "Type": kind })))
}

pub(crate) fn describe(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let id: UnitId = context.input.id("OrganizationalUnitId")?;
    context.authorize(&[Resource::target(context.state, &TargetId::Unit(id.clone()), None)])?;
    if !context.state.units.contains_key(&id) {
        let message = "You specified an organizational unit that doesn't exist.";
        return Err(ApiError::new("OrganizationalUnitNotFoundException", message));
    }
    Ok(json!({ "OrganizationalUnit": show::unit(context.state, &id, context.fields()) }))
}

pub(crate) fn create(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let name = context.input.required_sized("Name", 1, 128)?.to_owned();
    let tags = tags::read(context.input)?;
    let parent = parent(context, "ParentId")?;
    if !tags.is_empty() {
        caller::authorize(context.state, context.caller, "TagResource", &[Resource::any()])?;
    }
    check_limits(context, &parent)?;
    if is_taken(context, &parent, &name) {
        let message = "An organizational unit with the same name already exists.";
        return Err(ApiError::new("DuplicateOrganizationalUnitException", message));
    }
    let id = add(context, parent, name, tags)?;
    Ok(json!({ "OrganizationalUnit": show::unit(context.state, &id, context.fields()) }))
}

fn add(
    context: &mut Context<'_>,
    parent: TargetId,
    name: String,
    tags: BTreeMap<String, String>,
) -> Result<UnitId, ApiError> {
    let state = &mut *context.state;
    let id = state.mint.unit(&state.root.id, |id| state.units.contains_key(id));
    let id = id.ok_or_else(|| ApiError::new("ServiceException", "An internal error occurred."))?;
    state.place_unit(id.clone(), &parent);
    state.units.insert(id.clone(), Unit { name, parent, tags });
    state.attach_managed_to(&TargetId::Unit(id.clone()), context.now);
    Ok(id)
}

fn check_limits(context: &Context<'_>, parent: &TargetId) -> Result<(), ApiError> {
    if context.state.units.len() >= MOST {
        return Err(constraint("OU_NUMBER_LIMIT_EXCEEDED", "The organization has as many units as it may."));
    }
    if context.state.depth(parent) >= DEEPEST {
        return Err(constraint("OU_DEPTH_LIMIT_EXCEEDED", "The unit would be deeper than units may be."));
    }
    Ok(())
}

fn is_taken(context: &Context<'_>, parent: &TargetId, name: &str) -> bool {
    let siblings = context.state.children.get(parent).into_iter().flat_map(|children| &children.units);
    siblings.filter_map(|id| context.state.units.get(id)).any(|unit| unit.name == name)
}

/// The root or unit a request names, by a caller who may ask.
pub(crate) fn parent(context: &Context<'_>, field: &str) -> Result<TargetId, ApiError> {
    let parent: TargetId = context.input.id(field)?;
    if matches!(parent, TargetId::Account(_)) {
        return Err(error::invalid_pattern(field));
    }
    context.authorize(&[Resource::target(context.state, &parent, None)])?;
    if context.state.has_target(&parent) { Ok(parent) } else { Err(error::parent_not_found()) }
}
