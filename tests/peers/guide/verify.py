"""The guide's way to verify, for comparison: how many calls it makes, how long it takes, what it says.

original      looks at the first page of accounts, reads DescribeOrganization for the policy type, and takes any
              effective policy for an opt-out.
corrected-N   follows every page, reads ListRoots, asks for every active account's effective policy and reads its content,
              with N threads.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

TYPE = "AISERVICES_OPT_OUT_POLICY"


def original(client):
    types = client.describe_organization()["Organization"].get("AvailablePolicyTypes", [])
    if not any(entry["Type"] == TYPE and entry["Status"] == "ENABLED" for entry in types):
        return "policy type is NOT enabled"
    for policy in client.list_policies(Filter=TYPE)["Policies"]:
        client.describe_policy(PolicyId=policy["Id"])
    covered = 0
    for account in client.list_accounts()["Accounts"]:
        answer = client.describe_effective_policy(PolicyType=TYPE, TargetId=account["Id"])
        covered += bool(answer["EffectivePolicy"])
    return f"{covered} accounts covered"


def opted_out(client, account):
    answer = client.describe_effective_policy(PolicyType=TYPE, TargetId=account)
    services = json.loads(answer["EffectivePolicy"]["PolicyContent"]).get("services", {})
    return services.get("default", {}).get("opt_out_policy") == "optOut"


def corrected(client, threads):
    root = client.list_roots()["Roots"][0]
    if not any(entry["Type"] == TYPE and entry["Status"] == "ENABLED" for entry in root["PolicyTypes"]):
        return "policy type is not enabled"
    pages = client.get_paginator("list_accounts").paginate()
    accounts = [account["Id"] for page in pages for account in page["Accounts"] if account["State"] == "ACTIVE"]
    with ThreadPoolExecutor(threads) as pool:
        answers = list(pool.map(lambda account: opted_out(client, account), accounts))
    return f"{sum(answers)} of {len(answers)} accounts opted out"


def main():
    method = sys.argv[1]
    retries = {"mode": "adaptive" if method != "original" else "legacy", "max_attempts": 20}
    client = boto3.client("organizations", config=Config(retries=retries, max_pool_connections=32))
    print(original(client) if method == "original" else corrected(client, int(method.rsplit("-", 1)[1])))


main()
