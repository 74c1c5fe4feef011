"""What CloudFormation would make of a generated template: conditions decided, references replaced, sections that are wanted written as files.

Reads the rendered file. Every policy document goes to OUT/policy-RESOURCE-N.json, every state machine to OUT/machine-RESOURCE.json, the
resources that are there, with their properties, to standard output as JSON.
Usage: monitor_template.py TEMPLATE OUT [NAME=VALUE...]
"""

import json
import re
import sys
from pathlib import Path

import yaml

template = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
out = Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)
PSEUDO = {
    "AWS::AccountId": "111111111111",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::StackName": "optout-monitor",
}
given = dict(word.split("=", 1) for word in sys.argv[3:])
values = {**{name: entry.get("Default") for name, entry in template["Parameters"].items()}, **given, **PSEUDO}
lists = {name for name, entry in template["Parameters"].items() if entry["Type"] == "CommaDelimitedList"}
values.update({name: str(values[name] or "").split(",") for name in lists})
missing = [name for name, value in values.items() if value is None]
assert not missing, f"no value for {missing}"
for name, entry in template["Parameters"].items():
    if "AllowedPattern" in entry and name not in lists:
        assert re.fullmatch(entry["AllowedPattern"], str(values[name])), f"{name} may not be {values[name]}"
    assert values[name] in entry.get("AllowedValues", [values[name]]), name
resources = template["Resources"]
NOTHING = object()
# What an ARN or a name looks like, for those that read it.
ARNS = {
    "AWS::Lambda::Function": "arn:aws:lambda:eu-central-1:111111111111:function:{0}",
    "AWS::IAM::Role": "arn:aws:iam::111111111111:role/{0}",
    "AWS::S3::Bucket": "arn:aws:s3:::{1}",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-central-1:111111111111:{0}",
    "AWS::SNS::Topic": "arn:aws:sns:eu-central-1:111111111111:{0}",
    "AWS::KMS::Key": "arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000",
    "AWS::Events::EventBus": "arn:aws:events:eu-central-1:111111111111:event-bus/{0}",
    "AWS::Events::Rule": "arn:aws:events:eu-central-1:111111111111:rule/{0}",
    "AWS::Logs::LogGroup": "arn:aws:logs:eu-central-1:111111111111:log-group:{0}:*",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:eu-central-1:111111111111:stateMachine:{0}",
}
BY_ARN = ("AWS::SNS::Topic", "AWS::StepFunctions::StateMachine")


def holds(value):
    [(function, arguments)] = value.items()
    if function == "Fn::Not":
        return not holds(arguments[0])
    assert function == "Fn::Equals", value
    return resolved(arguments[0]) == resolved(arguments[1])


conditions = {}
for name, condition in template.get("Conditions", {}).items():
    conditions[name] = None


def condition(name):
    if conditions[name] is None:
        conditions[name] = holds(template["Conditions"][name])
    return conditions[name]


def exists(name):
    return "Condition" not in resources[name] or condition(resources[name]["Condition"])


def named(resource, attribute=None):
    assert resource in resources, f"there is no {resource}"
    assert exists(resource), f"{resource} is not there under these parameters, and something refers to it"
    kind = resources[resource]["Type"]
    name = f"optout-monitor-{resource}-1A2B3C"
    if attribute == "Arn" or (attribute is None and kind in BY_ARN):
        return ARNS[kind].format(name, name.lower())
    return name.lower() if kind == "AWS::S3::Bucket" else name


def substituted(text, extra):
    def value(match):
        name = match.group(1)
        if name in extra:
            return extra[name]
        if name in values:
            return str(values[name])
        resource, _, attribute = name.partition(".")
        return named(resource, attribute or None)

    return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", value, text)


def resolved(value):
    if isinstance(value, list):
        return [entry for entry in map(resolved, value) if entry is not NOTHING]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(function, argument)] = value.items()
        if function == "Ref":
            if argument == "AWS::NoValue":
                return NOTHING
            return values[argument] if argument in values else named(argument)
        if function == "Fn::GetAtt":
            return named(*argument)
        if function == "Fn::Sub":
            text, extra = argument if isinstance(argument, list) else (argument, {})
            return substituted(text, {name: resolved(entry) for name, entry in extra.items()})
        if function == "Fn::If":
            return resolved(argument[1] if condition(argument[0]) else argument[2])
        if function == "Fn::Join":
            return argument[0].join(resolved(argument[1]))
        if function == "Fn::Select":
            return resolved(argument[1])[argument[0]]
        if function == "Fn::Split":
            return resolved(argument[1]).split(argument[0])
        assert not function.startswith("Fn::"), value
    entries = {key: resolved(entry) for key, entry in value.items()}
    return {key: entry for key, entry in entries.items() if entry is not NOTHING}


def documents(name, properties):
    """The policies that an identity has; what trusts and resources say is not for linters of identities."""
    for policy in properties.get("Policies", []):
        yield policy["PolicyDocument"]
    if resources[name]["Type"] == "AWS::IAM::RolePolicy":
        yield properties["PolicyDocument"]


there = {}
for name in filter(exists, resources):
    properties = resolved(resources[name]["Properties"])
    there[name] = {"Type": resources[name]["Type"], "Properties": properties}
    for number, document in enumerate(documents(name, properties)):
        (out / f"policy-{name}-{number}.json").write_text(json.dumps(document))
    if "Definition" in properties:
        text = json.dumps(properties["Definition"])
        for key, value in properties["DefinitionSubstitutions"].items():
            text = text.replace("${" + key + "}", value)
        assert "${" not in text, text
        (out / f"machine-{name}.json").write_text(text)
for output in template.get("Outputs", {}).values():
    resolved(output["Value"])
print(json.dumps(there))
