"""The monitor, the rules of accounts that may write, and the role that answers AWS Config: a stack each, of the templates beside this."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import cloudformation_include

# Name of the file, name of the stack; the parameters are given by `cdk deploy STACK --parameters NAME=VALUE`.
TEMPLATES = {"monitor": "optout-monitor", "writers": "optout-writers", "member": "optout-config-member"}

app = cdk.App(analytics_reporting=False)
# An empty parameter stands for what is not wanted: conditions keep it from the properties, which the CDK's check does not see.
OPTIONAL = "conditions keep empty parameters away from properties, and what is not there from outputs"
for rule in ("F3031", "F3033", "W1001", "W1030", "W3030"):
    cdk.Validations.of(app).acknowledge(cdk.Acknowledgment(id=f"CloudFormation-Validate::{rule}", reason=OPTIONAL))
for name, stack_name in TEMPLATES.items():
    stack = cdk.Stack(
        app,
        stack_name,
        # It has no assets, so it needs no bootstrapped account.
        synthesizer=cdk.BootstraplessSynthesizer(),
        # A request of CloudFormation takes 51,200 bytes of template; indented it would be more.
        suppress_template_indentation=True,
        termination_protection=True,
    )
    template = Path(__file__).with_name(f"{name}.yaml")
    cloudformation_include.CfnInclude(stack, "Template", template_file=str(template))
app.synth()
