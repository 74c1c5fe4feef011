"""boto3 reads what `optout apply` left behind and says whether every account is opted out.

Usage: applied_boto3.py --endpoint URL. Tested with boto3 1.44.5.
"""

import argparse
import json

import boto3

AI = "AISERVICES_OPT_OUT_POLICY"


def pages(client, operation, key, **arguments):
    """Every item of a list, to its last page."""
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    endpoint = parser.parse_args().endpoint
    client = boto3.client("organizations", endpoint_url=endpoint, region_name="us-east-1")
    root = client.list_roots()["Roots"][0]
    assert {"Type": AI, "Status": "ENABLED"} in root["PolicyTypes"], root
    policies = list(pages(client, "list_policies", "Policies", Filter=AI))
    named = [policy for policy in policies if policy["Name"] == "ai-services-opt-out"]
    assert len(named) == 1, policies
    tags = {tag["Key"]: tag["Value"] for tag in pages(client, "list_tags_for_resource", "Tags", ResourceId=named[0]["Id"])}
    assert tags["optout:managed"] == "true", tags
    targets = [target["TargetId"] for target in pages(client, "list_targets_for_policy", "Targets", PolicyId=named[0]["Id"])]
    assert targets == [root["Id"]], targets
    active = [it for it in pages(client, "list_accounts", "Accounts") if it.get("State", it.get("Status")) == "ACTIVE"]
    assert active
    for account in active:
        answer = client.describe_effective_policy(PolicyType=AI, TargetId=account["Id"])
        services = json.loads(answer["EffectivePolicy"]["PolicyContent"])["services"]
        values = {key: entry.get("opt_out_policy") for key, entry in services.items()}
        assert values["default"] == "optOut" and set(values.values()) == {"optOut"}, (account["Id"], values)


if __name__ == "__main__":
    main()
