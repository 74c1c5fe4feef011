"""Makes the calls by which a tool would create policies, one by one.

Usage: replay_boto3.py --endpoint URL --policies FILE, a JSON list as the other scripts here print it.
"""

import argparse
import json

import boto3
from botocore.config import Config

arguments = argparse.ArgumentParser()
arguments.add_argument("--endpoint", required=True)
arguments.add_argument("--policies", required=True)
arguments = arguments.parse_args()
client = boto3.client("organizations", endpoint_url=arguments.endpoint, config=Config(retries={"max_attempts": 1}))
for policy in json.load(open(arguments.policies, encoding="utf-8")):
    created = client.create_policy(
        Type=policy["type"],
        Name=policy["name"],
        Description=policy["description"],
        Content=json.dumps(policy["content"], separators=(",", ":")),
        Tags=[{"Key": key, "Value": value} for key, value in policy["tags"].items()],
    )
    for target in policy["targets"]:
        client.attach_policy(PolicyId=created["Policy"]["PolicySummary"]["Id"], TargetId=target)
