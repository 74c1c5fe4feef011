"""What Terraform would create of the generated configuration, by a second parser than Terraform's own.

Checks that every reference names something, and prints the policies in the order of their attachment as JSON.
Usage: terraform_resources.py FOLDER ROOT_ID
"""

import json
import re
import sys
from pathlib import Path

import hcl2

folder, root = Path(sys.argv[1]), sys.argv[2]


def text(value):
    """A string as Terraform reads it."""
    assert value[0] == value[-1] == '"', value
    escapes = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
    one = lambda it: escapes[it[1]] if it[1] in escapes else chr(int(it[2:], 16))
    return re.sub(r"\\(?:u[0-9a-f]{4}|U[0-9a-f]{8}|.)", lambda found: one(found.group()), value[1:-1])


def plain(value):
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {text(key) if key.startswith('"') else key: plain(entry) for key, entry in value.items()}
    return value


def blocks(path, kind):
    return hcl2.load(open(path, encoding="utf-8")).get(kind, [])


def only(entries):
    [entry] = entries
    return entry


def inner(block):
    """The labels and the body of a resource."""
    [(kind, named)] = [(k, v) for k, v in block.items() if not k.startswith("__")]
    [(name, body)] = [(k, v) for k, v in named.items() if not k.startswith("__")]
    return kind.strip('"'), name.strip('"'), body


module = folder / "ai_opt_out"
assert only(blocks(folder / "main.tf", "module")), "the module is called"
assert not blocks(folder / "owned-organization.tf", "resource"), "a page of comments"
values = only(blocks(module / "policies.tf", "locals"))
policies, tags = plain(values["policies"]), plain(values["tags"])
resources = [inner(block) for block in blocks(module / "main.tf", "resource")]
kinds = {kind for kind, _, _ in resources} - {"aws_lambda_invocation"}
assert kinds == {"aws_organizations_policy", "aws_organizations_policy_attachment"}
calls = [(name, body) for kind, name, body in resources if kind == "aws_lambda_invocation"]
sources = {name: body for kind, name, body in map(inner, blocks(module / "main.tf", "data"))}
# What the conditions look at is read after the function was called, and the root before.
assert set(sources) == ({"before", "current"} if calls else {"current"}), set(sources)
for name, body in calls:
    assert sources["current"]["depends_on"] == [f"${{aws_lambda_invocation.{name}}}"], sources
    assert "data.aws_organizations_organization.before.roots[0].id" in body["input"], body
created = {name: body for kind, name, body in resources if kind == "aws_organizations_policy"}
attached = {name: body for kind, name, body in resources if kind == "aws_organizations_policy_attachment"}
assert set(created) == set(policies), (set(created), set(policies))

code = lambda value: value[2:-1] if value.startswith("${") else value
result = []
for name, body in created.items():
    assert code(body["content"]) == f"jsonencode(local.policies.{name}.document)", body
    assert code(body["description"]) == f"local.policies.{name}.description", body
    assert f"local.policies.{name}.name" in code(body["name"]), body
    assert code(body["tags"]) == "merge(local.tags, var.tags)", body
    lifecycle = only(body["lifecycle"])
    says_out = "optOut" in json.dumps(policies[name]["document"])
    assert lifecycle.get("prevent_destroy", False) == says_out, body
    assert "enabled_policy_types" in only(lifecycle["precondition"])["condition"], body
    of_this = [it for it in attached.values() if code(it["policy_id"]) == f"aws_organizations_policy.{name}.id"]
    target = lambda value: root if code(value) == "local.root_id" else text(value)
    for entry in of_this:
        for before in entry.get("depends_on", []):
            label = code(before).removeprefix("aws_organizations_policy_attachment.")
            assert label in attached, f"{before} is nowhere"
    result.append(
        {
            "name": policies[name]["name"],
            "description": policies[name]["description"],
            "type": text(body["type"]),
            "content": policies[name]["document"],
            "tags": tags,
            "targets": [target(entry["target_id"]) for entry in of_this],
            "waits_for": sorted({code(it).removeprefix("aws_organizations_policy_attachment.") for e in of_this for it in e.get("depends_on", [])}),
            "attachments": [label for label, it in attached.items() if it in of_this],
        }
    )
# Each waits for attachments that come before it.
seen = set()
for policy in result:
    assert set(policy.pop("waits_for")) <= seen, policy
    seen |= set(policy.pop("attachments"))
print(json.dumps(result))
