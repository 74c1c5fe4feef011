"""What CloudFormation would create of a template: reads the rendered file, prints the policies in their order as JSON.

Usage: cloudformation_resources.py TEMPLATE ROOT_ID
"""

import json
import sys

import yaml

template = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
parameters = {name: entry.get("Default") for name, entry in template["Parameters"].items()}
assert parameters["RootId"] in (None, sys.argv[2]), parameters
parameters["RootId"] = sys.argv[2]


def condition(value):
    [(function, arguments)] = value.items()
    if function == "Fn::Not":
        return not condition(arguments[0])
    assert function == "Fn::Equals", value
    return resolved(arguments[0]) == resolved(arguments[1])


def resolved(value):
    if isinstance(value, list):
        return [resolved(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return parameters[value["Ref"]]
    if set(value) == {"Fn::If"}:
        name, yes, no = value["Fn::If"]
        return resolved(yes if condition(template["Conditions"][name]) else no)
    assert not any(key == "Ref" or key.startswith("Fn::") for key in value), value
    return {key: resolved(entry) for key, entry in value.items()}


def exists(resource):
    return "Condition" not in resource or condition(template["Conditions"][resource["Condition"]])


waiting = {name: entry for name, entry in template["Resources"].items() if exists(entry)}
made, policies = set(), []
while waiting:
    depends = lambda entry: [entry["DependsOn"]] if isinstance(entry.get("DependsOn"), str) else entry.get("DependsOn", [])
    ready = [name for name, entry in waiting.items() if set(depends(entry)) <= made]
    assert ready, "the resources wait for each other"
    for name in ready:
        resource = waiting.pop(name)
        made.add(name)
        assert resource["Type"] == "AWS::Organizations::Policy", resource
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", resource
        properties = resolved(resource["Properties"])
        assert isinstance(properties["Content"], dict), "a text cannot be checked for drift"
        policies.append(
            {
                "name": properties["Name"],
                "description": properties["Description"],
                "type": properties["Type"],
                "content": properties["Content"],
                "tags": {tag["Key"]: tag["Value"] for tag in properties["Tags"]},
                "targets": properties["TargetIds"],
            }
        )
print(json.dumps(policies))
