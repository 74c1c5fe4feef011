"""The organization that `ci/measure-function` and `ci/beside-others` measure with, and its simulator."""

import json
import subprocess
import threading
from urllib.parse import urlsplit

OWN = "111111111111"
ROOT = "r-meas"
AI = "AISERVICES_OPT_OUT_POLICY"


def units(accounts):
    """A unit for fifty accounts, two at least."""
    return [f"ou-meas-unit{number:04}" for number in range(1, max(2, accounts // 50) + 1)]


def organization(accounts, policies, attachments):
    """A saved organization (`optout.snapshot/1`) with documents by the id of their policy, and ids of policies by target."""
    places = units(accounts)
    account = lambda id, parent: {"id": id, "name": f"Account {id}", "state": "ACTIVE", "parent": parent}
    members = [account(f"{222_000_000_000 + number:012}", places[number % len(places)]) for number in range(accounts - 1)]
    policy = lambda id, content: {"id": id, "name": id, "description": "", "aws_managed": False, "type": AI, "content": json.dumps(content)}
    return {
        "format": "optout.snapshot/1", "taken": "2026-11-24T00:00:00Z", "tool_version": "0.1.0", "partition": "aws",
        "scope": "organization", "evidence": "none", "in_organization": True,
        "organization": {"id": "o-measuring1", "management_account": OWN, "all_features": True},
        "root": {"id": ROOT, "name": "Root", "policy_types": {AI: "ENABLED"}},
        "units": [{"id": unit, "name": unit, "parent": ROOT} for unit in places],
        "accounts": [account(OWN, ROOT), *members],
        "policies": [policy(id, content) for id, content in policies.items()],
        "attachments": {target: [{"policy": id} for id in ids] for target, ids in attachments.items()},
        "answers": {}, "invalid": {}, "delegates": [], "resource_policy": None,
    }


def credentials():
    """The environment of who asks AWS for this organization's account."""
    return {
        "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": OWN,
        "AWS_SECRET_ACCESS_KEY": "a secret of the tests", "AWS_EC2_METADATA_DISABLED": "true",
    }


def serving(command, environment=None):
    """A server that says where it listens: its process, and host and port."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        if "http://" in line:
            # It is read on, so that the server never waits for a reader.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return process, urlsplit("http://" + line.split("http://")[1].split()[0].strip("'\"/,;")).netloc
    raise SystemExit(f"{command[0]} did not start")


def simulated(optout, path, saved, environment=None):
    """`optout sandbox` of a saved organization, which is written to `path`."""
    with open(path, "w") as file:
        json.dump(saved, file)
    return serving([optout, "sandbox", "--organization", path], environment)
