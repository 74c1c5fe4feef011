"""AI services opt-out policies of an organization that exists: nothing here creates, owns or deletes it."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_organizations as organizations
from constructs import Construct


class AiOptOut(Construct):
    """The policies of policies.json, attached one after the other."""

    def __init__(self, scope: Construct, construct_id: str, design: dict[str, Any]) -> None:
        super().__init__(scope, construct_id)
        self._root = self._parameter("RootId", design["parameters"]["RootId"])
        enabler = self._parameter("EnablerArn", design["parameters"]["EnablerArn"])
        # The first policy, and with it the others, waits until the type is on.
        first = cdk.Fn.condition_if(
            "EnablesType", self._policy_type(enabler).get_att("PolicyType"), "AISERVICES_OPT_OUT_POLICY"
        ).to_string()
        before: organizations.CfnPolicy | None = None
        for entry in design["policies"]:
            properties = entry["resource"]["Properties"]
            policy = self._policy(entry["id"], properties, first if before is None else "AISERVICES_OPT_OUT_POLICY")
            if before is not None:
                policy.add_resource_dependency(before)
            before = policy

    def _parameter(self, name: str, entry: dict[str, Any]) -> cdk.CfnParameter:
        parameter = cdk.CfnParameter(
            self,
            name,
            type=entry["Type"],
            default=entry.get("Default"),
            description=entry["Description"],
            allowed_pattern=entry["AllowedPattern"],
            constraint_description=entry["ConstraintDescription"],
        )
        parameter.override_logical_id(name)
        return parameter

    def _policy_type(self, enabler: cdk.CfnParameter) -> cdk.CfnResource:
        wanted = cdk.CfnCondition(
            self,
            "EnablesType",
            expression=cdk.Fn.condition_not(cdk.Fn.condition_equals(enabler.value_as_string, "")),
        )
        wanted.override_logical_id("EnablesType")
        resource = cdk.CfnResource(
            self,
            "PolicyType",
            type="Custom::AiOptOutPolicyType",
            properties={
                "ServiceToken": enabler.value_as_string,
                "RootId": self._root.value_as_string,
                "PolicyType": "AISERVICES_OPT_OUT_POLICY",
            },
        )
        resource.override_logical_id("PolicyType")
        resource.cfn_options.condition = wanted
        resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return resource

    def _policy(self, name: str, properties: dict[str, Any], policy_type: str) -> organizations.CfnPolicy:
        policy = organizations.CfnPolicy(
            self,
            name,
            name=properties["Name"],
            description=properties["Description"],
            type=policy_type,
            content=properties["Content"],
            # The root stands there as a reference, everything else as its id.
            target_ids=[it if isinstance(it, str) else self._root.value_as_string for it in properties["TargetIds"]],
            tags=[cdk.CfnTag(key=it["Key"], value=it["Value"]) for it in properties["Tags"]],
        )
        policy.override_logical_id(name)
        policy.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        output = cdk.CfnOutput(self, f"{name}Id", description="The id of the policy", value=policy.ref)
        output.override_logical_id(f"{name}Id")
        return policy
