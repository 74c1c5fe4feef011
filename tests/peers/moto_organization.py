"""Serves one organization with moto, made by boto3, until its standard input ends.

    python moto_organization.py SCENARIO

Prints one line of JSON: the endpoint, and what was made. Scenarios:
    none          no organization at all
    covered       the root opts everything out, locked against children
    contradicted  the root opts everything out, unlocked, and the unit `Production` opts Rekognition in
"""

import json
import logging
import os
import sys

MANAGEMENT = "123456789012"
# Without it moto goes through every account at every request.
os.environ["MOTO_ACCOUNT_ID"] = MANAGEMENT

import boto3
from moto.server import ThreadedMotoServer

AI = "AISERVICES_OPT_OUT_POLICY"
LOCK = {"@@operators_allowed_for_child_policies": ["@@none"]}
UNLOCKED = {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}
LOCKED = {"services": {**LOCK, "default": {**LOCK, "opt_out_policy": {**LOCK, "@@assign": "optOut"}}}}
OPT_IN = {"services": {"rekognition": {"opt_out_policy": {"@@assign": "optIn"}}}}
# More accounts than AWS gives in one page. The last two have what a terminal and a web page must not get as it is.
NAMES = [f"workload {number}" for number in range(1, 23)] + ["red \x1b[31m alert\x07", "<script>alert(1)</script>"]


class Maker:
    """Makes things and remembers them, as the facts that the test compares with."""

    def __init__(self, client):
        self.client = client
        self.facts = {"units": {}, "accounts": {}, "attachments": {}}

    def organization(self):
        organization = self.client.create_organization(FeatureSet="ALL")["Organization"]
        self.root = self.client.list_roots()["Roots"][0]["Id"]
        self.client.enable_policy_type(RootId=self.root, PolicyType=AI)
        self.facts |= {"organization": organization["Id"], "root": self.root, "management": MANAGEMENT}
        self.facts["accounts"][MANAGEMENT] = {"name": "master", "parent": self.root}

    def unit(self, parent, name):
        unit = self.client.create_organizational_unit(ParentId=parent, Name=name)["OrganizationalUnit"]["Id"]
        self.facts["units"][unit] = {"name": name, "parent": parent}
        return unit

    def account(self, parent, name, number):
        status = self.client.create_account(AccountName=name, Email=f"account-{number}@example.com")
        account = status["CreateAccountStatus"]["AccountId"]
        if parent != self.root:
            self.client.move_account(AccountId=account, SourceParentId=self.root, DestinationParentId=parent)
        self.facts["accounts"][account] = {"name": name, "parent": parent}

    def policy(self, target, name, document):
        policy = self.client.create_policy(Content=json.dumps(document), Name=name, Description="", Type=AI)
        policy = policy["Policy"]["PolicySummary"]["Id"]
        self.client.attach_policy(PolicyId=policy, TargetId=target)
        self.facts["attachments"].setdefault(target, []).append(policy)


def make(client, scenario):
    maker = Maker(client)
    if scenario == "none":
        return maker.facts
    maker.organization()
    workloads = maker.unit(maker.root, "Workloads")
    production = maker.unit(workloads, "Production")
    maker.unit(production, "Empty")
    parents = [maker.root, workloads, production]
    for number, name in enumerate(NAMES):
        maker.account(parents[number % len(parents)], name, number)
    if scenario == "covered":
        maker.policy(maker.root, "opt-out", LOCKED)
    else:
        maker.policy(maker.root, "opt-out", UNLOCKED)
        maker.policy(production, "opt-in", OPT_IN)
    return maker.facts | {"production": production}


def main():
    scenario = sys.argv[1]
    if scenario not in ("none", "covered", "contradicted"):
        sys.exit(f"no such scenario: {scenario}")
    # Moto tells every request, and a traceback for each that it does not implement.
    logging.getLogger("werkzeug").disabled = True
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client("organizations", endpoint_url=endpoint)
    print(json.dumps({"endpoint": endpoint} | make(client, scenario)), flush=True)
    sys.stdin.read()
    server.stop()


main()
