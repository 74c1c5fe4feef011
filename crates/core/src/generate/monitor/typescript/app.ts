// The monitor, the rules of accounts that may write, and the role that answers AWS Config: a stack each, of the templates beside this.
import * as cdk from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";

// Name of the file, name of the stack; the parameters are given by `cdk deploy STACK --parameters NAME=VALUE`.
const templates = { monitor: "optout-monitor", writers: "optout-writers", member: "optout-config-member" };

const app = new cdk.App({ analyticsReporting: false });
// An empty parameter stands for what is not wanted: conditions keep it from the properties, which the CDK's check does not see.
const reason = "conditions keep empty parameters away from properties, and what is not there from outputs";
for (const rule of ["F3031", "F3033", "W1001", "W1030", "W3030"]) {
  cdk.Validations.of(app).acknowledge({ id: `CloudFormation-Validate::${rule}`, reason });
}
for (const [name, stackName] of Object.entries(templates)) {
  const stack = new cdk.Stack(app, stackName, {
    // It has no assets, so it needs no bootstrapped account.
    synthesizer: new cdk.BootstraplessSynthesizer(),
    // A request of CloudFormation takes 51,200 bytes of template; indented it would be more.
    suppressTemplateIndentation: true,
    terminationProtection: true,
  });
  new CfnInclude(stack, "Template", { templateFile: `${name}.yaml` });
}
app.synth();
