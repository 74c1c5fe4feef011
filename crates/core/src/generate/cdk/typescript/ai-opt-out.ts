// AI services opt-out policies of an organization that exists: nothing here creates, owns or deletes it.
import * as cdk from "aws-cdk-lib";
import * as organizations from "aws-cdk-lib/aws-organizations";
import { Construct } from "constructs";

interface Parameter {
  readonly Type: string;
  readonly Default?: string;
  readonly Description: string;
  readonly AllowedPattern: string;
  readonly ConstraintDescription: string;
}

interface Properties {
  readonly Name: string;
  readonly Description: string;
  readonly Content: object;
  /** The root stands there as a reference, everything else as its id. */
  readonly TargetIds: ReadonlyArray<string | object>;
  readonly Tags: ReadonlyArray<{ readonly Key: string; readonly Value: string }>;
}

/** What policies.json holds. */
export interface Design {
  readonly description: string;
  readonly metadata: { [key: string]: unknown };
  readonly parameters: { readonly RootId: Parameter; readonly EnablerArn: Parameter };
  readonly policies: ReadonlyArray<{ readonly id: string; readonly resource: { readonly Properties: Properties } }>;
}

/** The policies of policies.json, attached one after the other. */
export class AiOptOut extends Construct {
  private readonly root: cdk.CfnParameter;

  constructor(scope: Construct, id: string, design: Design) {
    super(scope, id);
    this.root = this.parameter("RootId", design.parameters.RootId);
    const enabler = this.parameter("EnablerArn", design.parameters.EnablerArn);
    // The first policy, and with it the others, waits until the type is on.
    const enabled = this.policyType(enabler).getAtt("PolicyType");
    const first = cdk.Fn.conditionIf("EnablesType", enabled, "AISERVICES_OPT_OUT_POLICY").toString();
    let before: organizations.CfnPolicy | undefined;
    for (const { id: name, resource } of design.policies) {
      const policy = this.policy(name, resource.Properties, before ? "AISERVICES_OPT_OUT_POLICY" : first);
      if (before) {
        policy.addResourceDependency(before);
      }
      before = policy;
    }
  }

  private parameter(name: string, entry: Parameter): cdk.CfnParameter {
    const parameter = new cdk.CfnParameter(this, name, {
      type: entry.Type,
      default: entry.Default,
      description: entry.Description,
      allowedPattern: entry.AllowedPattern,
      constraintDescription: entry.ConstraintDescription,
    });
    parameter.overrideLogicalId(name);
    return parameter;
  }

  private policyType(enabler: cdk.CfnParameter): cdk.CfnResource {
    const wanted = new cdk.CfnCondition(this, "EnablesType", {
      expression: cdk.Fn.conditionNot(cdk.Fn.conditionEquals(enabler.valueAsString, "")),
    });
    wanted.overrideLogicalId("EnablesType");
    const resource = new cdk.CfnResource(this, "PolicyType", {
      type: "Custom::AiOptOutPolicyType",
      properties: {
        ServiceToken: enabler.valueAsString,
        RootId: this.root.valueAsString,
        PolicyType: "AISERVICES_OPT_OUT_POLICY",
      },
    });
    resource.overrideLogicalId("PolicyType");
    resource.cfnOptions.condition = wanted;
    resource.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);
    return resource;
  }

  private policy(name: string, properties: Properties, type: string): organizations.CfnPolicy {
    const policy = new organizations.CfnPolicy(this, name, {
      name: properties.Name,
      description: properties.Description,
      type,
      content: properties.Content,
      targetIds: properties.TargetIds.map((it) => (typeof it === "string" ? it : this.root.valueAsString)),
      tags: properties.Tags.map((it) => ({ key: it.Key, value: it.Value })),
    });
    policy.overrideLogicalId(name);
    policy.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);
    const output = new cdk.CfnOutput(this, `${name}Id`, { description: "The id of the policy", value: policy.ref });
    output.overrideLogicalId(`${name}Id`);
    return policy;
  }
}
