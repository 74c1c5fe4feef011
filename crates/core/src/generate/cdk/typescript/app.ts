// The stack: deploy it in the management account, once, after before.sh.
import * as cdk from "aws-cdk-lib";

import { AiOptOut, type Design } from "./ai-opt-out";
import file from "./policies.json";

const design: Design = file;
const app = new cdk.App({ analyticsReporting: false });
const stack = new cdk.Stack(app, "AiOptOut", {
  description: design.description,
  // It has no assets, so it needs no bootstrapped account.
  synthesizer: new cdk.BootstraplessSynthesizer(),
  terminationProtection: true,
});
stack.templateOptions.metadata = design.metadata;
new AiOptOut(stack, "AiOptOut", design);
app.synth();
