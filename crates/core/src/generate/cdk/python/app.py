"""The stack: deploy it in the management account, once, after before.sh."""

import json
from pathlib import Path

import aws_cdk as cdk

from ai_opt_out import AiOptOut

design = json.loads(Path(__file__).with_name("policies.json").read_text(encoding="utf-8"))
app = cdk.App(analytics_reporting=False)
# It has no assets, so it needs no bootstrapped account.
stack = cdk.Stack(
    app,
    "AiOptOut",
    description=design["description"],
    synthesizer=cdk.BootstraplessSynthesizer(),
    termination_protection=True,
)
stack.template_options.metadata = design["metadata"]
AiOptOut(stack, "AiOptOut", design)
app.synth()
