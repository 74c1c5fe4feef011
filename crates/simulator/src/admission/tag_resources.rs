//! Which resource types a tag policy may enforce: the few whose acceptance is documented or recorded, as dated data.
//!
//! AWS's own table (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_supported-resources-enforcement.html>)
//! could not be read: the stored copies leave its cells out. A type that is missing here is refused although AWS may
//! accept it.

/// A service: whether `service:*` and `service:ALL_SUPPORTED` are accepted, and single types that are.
#[derive(Debug)]
struct Service {
    name: &'static str,
    wildcard: bool,
    all_supported: bool,
    types: &'static [&'static str],
}

/// Read 2026-11-24. `redshift:*`, `dynamodb:table`: user guide, inheritance-examples.html. `secretsmanager:*`: user guide,
/// tag-policies-syntax.html. `ecs:*` refused, `ecs:ALL_SUPPORTED` and `sqs:queue` accepted: recorded answers
/// (radkawar/stackd at 9dc356f5, 2026-09-13).
const SERVICES: &[Service] = &[
    Service { name: "dynamodb", wildcard: false, all_supported: false, types: &["table"] },
    Service { name: "ecs", wildcard: false, all_supported: true, types: &[] },
    Service { name: "redshift", wildcard: true, all_supported: false, types: &[] },
    Service { name: "secretsmanager", wildcard: true, all_supported: false, types: &[] },
    Service { name: "sqs", wildcard: false, all_supported: false, types: &["queue"] },
];

/// Whether `service:type` may stand in `enforced_for`.
pub(super) fn is_enforceable(text: &str) -> bool {
    let Some((service, kind)) = text.split_once(':') else { return false };
    SERVICES.iter().filter(|it| it.name == service).any(|it| match kind {
        "*" => it.wildcard,
        "ALL_SUPPORTED" => it.all_supported,
        kind => it.types.contains(&kind),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_types_are_enforceable() {
        for yes in ["redshift:*", "dynamodb:table", "ecs:ALL_SUPPORTED", "sqs:queue"] {
            assert!(is_enforceable(yes), "{yes}");
        }
        for no in ["ecs:*", "imaginary:thing", "sqs", "", ":"] {
            assert!(!is_enforceable(no), "{no}");
        }
    }
}
