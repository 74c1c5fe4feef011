"""boto3 drives the simulator through every operation it has.

Usage: simulator_boto3.py --endpoint URL, where URL serves tests/peers/organization.json freshly loaded.
Every answer is parsed by botocore and, before that, held against botocore's own model: a member the model does not
know, a value of another type, outside its enumeration or pattern, or a missing required member ends the run.
Tested with boto3 1.44.5.
"""

import argparse
import json
import re
import sys
import urllib.request

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

MANAGEMENT, SHOP, PLAY, OLD = "111111111111", "222222222222", "333333333333", "444444444444"
ROOT, WORKLOADS, SANDBOX = "r-exam", "ou-exam-workload", "ou-exam-sandbox1"
AI = "AISERVICES_OPT_OUT_POLICY"
OPT_OUT = {"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}}

OPERATIONS = """
AcceptHandshake AttachPolicy CloseAccount CreateAccount CreateOrganization CreateOrganizationalUnit CreatePolicy
DeleteOrganization DeletePolicy DeleteResourcePolicy DeregisterDelegatedAdministrator DescribeAccount
DescribeCreateAccountStatus DescribeEffectivePolicy DescribeOrganization DescribeOrganizationalUnit DescribePolicy
DescribeResourcePolicy DetachPolicy DisablePolicyType EnableAWSServiceAccess EnableAllFeatures EnablePolicyType
ListAWSServiceAccessForOrganization ListAccounts ListAccountsForParent ListAccountsWithInvalidEffectivePolicy
ListChildren ListDelegatedAdministrators ListDelegatedServicesForAccount ListEffectivePolicyValidationErrors
ListOrganizationalUnitsForParent ListParents ListPolicies ListPoliciesForTarget ListRoots ListTagsForResource
ListTargetsForPolicy MoveAccount PutResourcePolicy RegisterDelegatedAdministrator RemoveAccountFromOrganization
TagResource UntagResource UpdatePolicy
""".split()


class ShapeError(Exception):
    """An answer that the model does not allow."""


def check(shape, value, where):
    """Holds a JSON value against a shape of the model."""
    kinds = {
        "structure": dict, "list": list, "string": str, "integer": int, "boolean": bool, "timestamp": (int, float),
    }
    if not isinstance(value, kinds[shape.type_name]) or (shape.type_name == "integer" and isinstance(value, bool)):
        raise ShapeError(f"{where}: {value!r} is not a {shape.type_name}")
    if shape.type_name == "structure":
        check_structure(shape, value, where)
    elif shape.type_name == "list":
        for position, item in enumerate(value):
            check(shape.member, item, f"{where}[{position}]")
    elif shape.type_name == "string":
        check_string(shape, value, where)


def check_structure(shape, value, where):
    unknown = set(value) - set(shape.members)
    missing = set(shape.required_members) - set(value)
    if unknown or missing:
        raise ShapeError(f"{where}: unknown members {sorted(unknown)}, missing members {sorted(missing)}")
    for name, member in value.items():
        check(shape.members[name], member, f"{where}.{name}")


def check_string(shape, value, where):
    if shape.enum and value not in shape.enum:
        raise ShapeError(f"{where}: {value!r} is none of {shape.enum}")
    pattern = shape.metadata.get("pattern")
    if pattern and not re.search(pattern.replace(r"\p{L}\p{Z}\p{N}", r"\w\s"), value):
        raise ShapeError(f"{where}: {value!r} does not match {pattern}")
    if not shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", 10**9):
        raise ShapeError(f"{where}: {value!r} is too short or too long")


class Peer:
    """boto3 clients of one endpoint, and which operations were driven."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.driven = set()

    def client(self, service, key, unsigned=False):
        config = Config(retries={"max_attempts": 1}, signature_version=UNSIGNED if unsigned else None)
        client = boto3.client(
            service, endpoint_url=self.endpoint, region_name="us-east-1", config=config,
            aws_access_key_id=key, aws_secret_access_key="simulated", aws_session_token=None,
        )
        if service == "organizations":
            client.meta.events.register("before-parse.organizations", self.before_parse)
        return client

    def before_parse(self, operation_model, response_dict, **_):
        name = operation_model.name
        self.driven.add(name)
        body = json.loads(response_dict["body"])
        if "x-amzn-requestid" not in response_dict["headers"]:
            raise ShapeError(f"{name}: no request id")
        if response_dict["status_code"] == 200:
            if operation_model.output_shape is not None:
                check(operation_model.output_shape, body, name)
            elif body:
                raise ShapeError(f"{name}: has no output, got {body}")
        else:
            self.check_error(operation_model, body)

    @staticmethod
    def check_error(operation_model, body):
        code = body.pop("__type")
        shapes = [shape for shape in operation_model.error_shapes if shape.name == code]
        if not shapes:
            raise ShapeError(f"{operation_model.name}: {code} is none of its errors")
        unknown = set(body) - set(shapes[0].members)
        if unknown or not isinstance(body["Message"], str):
            raise ShapeError(f"{operation_model.name}: {code} has {body}")


def refused(code, call, reason=None, **arguments):
    """Fails unless the call is refused with this code and reason."""
    try:
        call(**arguments)
    except ClientError as error:
        got = (error.response["Error"]["Code"], error.response.get("Reason"))
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 400:
            raise AssertionError(f"{code}: not HTTP 400") from error
        if got[0] != code or (reason and got[1] != reason):
            raise AssertionError(f"expected {code} {reason}, got {got}") from error
        return
    raise AssertionError(f"expected {code}, got a success")


def everything(client, operation, key, **arguments):
    """All items of a list, page by page through botocore's own paginator."""
    pages = client.get_paginator(operation).paginate(**arguments)
    return [item for page in pages for item in page[key]]


def organization_and_tree(peer):
    aws = peer.client("organizations", MANAGEMENT)
    organization = aws.describe_organization()["Organization"]
    assert organization["FeatureSet"] == "ALL" and organization["MasterAccountId"] == MANAGEMENT
    refused("AlreadyInOrganizationException", aws.create_organization, FeatureSet="ALL")
    refused("OrganizationNotEmptyException", aws.delete_organization)
    refused("HandshakeConstraintViolationException", aws.enable_all_features, "ORGANIZATION_ALREADY_HAS_ALL_FEATURES")
    refused("HandshakeNotFoundException", aws.accept_handshake, HandshakeId="h-examplehandshake")
    assert [root["Id"] for root in everything(aws, "list_roots", "Roots")] == [ROOT]
    units = everything(aws, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=ROOT)
    assert {unit["Name"] for unit in units} == {"Workloads", "Sandbox"}
    assert units[0]["Path"].startswith("o-exampleorgid/r-exam/ou-exam-")
    assert len(everything(aws, "list_children", "Children", ParentId=ROOT, ChildType="ORGANIZATIONAL_UNIT")) == 2
    assert everything(aws, "list_children", "Children", ParentId=WORKLOADS, ChildType="ACCOUNT")[0]["Id"] == SHOP
    assert everything(aws, "list_parents", "Parents", ChildId=SHOP) == [{"Id": WORKLOADS, "Type": "ORGANIZATIONAL_UNIT"}]
    assert aws.describe_organizational_unit(OrganizationalUnitId=WORKLOADS)["OrganizationalUnit"]["Name"] == "Workloads"
    refused("ParentNotFoundException", aws.list_children, ParentId="r-none", ChildType="ACCOUNT")
    refused("ChildNotFoundException", aws.list_parents, ChildId="999999999999")
    missing = "ou-exam-00000000"
    refused("OrganizationalUnitNotFoundException", aws.describe_organizational_unit, OrganizationalUnitId=missing)
    parent = WORKLOADS
    for level in "two", "three", "four", "five":
        unit = aws.create_organizational_unit(ParentId=parent, Name=level, Tags=[{"Key": "level", "Value": level}])
        parent = unit["OrganizationalUnit"]["Id"]
    refused("ConstraintViolationException", aws.create_organizational_unit, "OU_DEPTH_LIMIT_EXCEEDED", ParentId=parent, Name="six")
    refused("DuplicateOrganizationalUnitException", aws.create_organizational_unit, ParentId=ROOT, Name="Sandbox")


def accounts(peer):
    aws = peer.client("organizations", MANAGEMENT)
    shown = {account["Id"]: account for account in everything(aws, "list_accounts", "Accounts")}
    assert set(shown) == {MANAGEMENT, SHOP, PLAY, OLD}
    assert shown[SHOP]["Paths"] == [f"o-exampleorgid/{ROOT}/{WORKLOADS}/{SHOP}/"]
    assert (shown[OLD]["State"], shown[OLD]["Status"]) == ("CLOSED", "SUSPENDED")
    small = aws.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 1})
    assert [len(page["Accounts"]) for page in small] == [1, 1, 1, 1]
    assert aws.describe_account(AccountId=SHOP)["Account"]["JoinedTimestamp"].year == 2020
    refused("AccountNotFoundException", aws.describe_account, AccountId="999999999999")
    held = everything(aws, "list_accounts_for_parent", "Accounts", ParentId=SANDBOX)
    assert {account["Id"] for account in held} == {PLAY, OLD}
    there = {"AccountId": SHOP, "SourceParentId": WORKLOADS, "DestinationParentId": SANDBOX}
    aws.move_account(**there)
    refused("SourceParentNotFoundException", aws.move_account, **there)
    refused("DestinationParentNotFoundException", aws.move_account, **{**there, "SourceParentId": SANDBOX, "DestinationParentId": "r-none"})
    refused("DuplicateAccountException", aws.move_account, **{**there, "SourceParentId": SANDBOX})
    aws.move_account(AccountId=SHOP, SourceParentId=SANDBOX, DestinationParentId=WORKLOADS)
    request = aws.create_account(Email="new@example.com", AccountName="New")["CreateAccountStatus"]
    created = aws.describe_create_account_status(CreateAccountRequestId=request["Id"])["CreateAccountStatus"]
    assert (request["State"], created["State"]) == ("IN_PROGRESS", "SUCCEEDED")
    request = aws.create_account(Email="new@example.com", AccountName="Twin")["CreateAccountStatus"]
    twin = aws.describe_create_account_status(CreateAccountRequestId=request["Id"])["CreateAccountStatus"]
    assert twin["FailureReason"] == "EMAIL_ALREADY_EXISTS"
    refused("CreateAccountStatusNotFoundException", aws.describe_create_account_status, CreateAccountRequestId="car-00000000")
    aws.close_account(AccountId=created["AccountId"])
    refused("AccountAlreadyClosedException", aws.close_account, AccountId=created["AccountId"])
    refused("ConstraintViolationException", aws.close_account, "CANNOT_CLOSE_MANAGEMENT_ACCOUNT", AccountId=MANAGEMENT)
    aws.remove_account_from_organization(AccountId=created["AccountId"])
    refused("MasterCannotLeaveOrganizationException", aws.remove_account_from_organization, AccountId=MANAGEMENT)


def policies(peer):
    aws = peer.client("organizations", MANAGEMENT)
    new = {"Type": AI, "Name": "opt-out", "Description": "", "Content": json.dumps(OPT_OUT)}
    policy = aws.create_policy(**new, Tags=[{"Key": "owner", "Value": "platform"}])["Policy"]["PolicySummary"]["Id"]
    refused("DuplicatePolicyException", aws.create_policy, **new)
    refused("MalformedPolicyDocumentException", aws.create_policy, **{**new, "Name": "x", "Content": "{}"})
    long = json.dumps({**OPT_OUT, "x": "y" * 2500})
    refused("ConstraintViolationException", aws.create_policy, "POLICY_CONTENT_LIMIT_EXCEEDED", **{**new, "Name": "x", "Content": long})
    refused("InvalidInputException", aws.create_policy, "INVALID_ENUM:TYPE", **{**new, "Type": "X"})
    assert json.loads(aws.describe_policy(PolicyId=policy)["Policy"]["Content"]) == OPT_OUT
    refused("PolicyNotFoundException", aws.describe_policy, PolicyId="p-00000000")
    refused("PolicyTypeNotEnabledException", aws.attach_policy, PolicyId=policy, TargetId=ROOT)
    types = aws.enable_policy_type(RootId=ROOT, PolicyType=AI)["Root"]["PolicyTypes"]
    assert [it["Type"] for it in types] == [AI, "SERVICE_CONTROL_POLICY"]
    refused("PolicyTypeAlreadyEnabledException", aws.enable_policy_type, RootId=ROOT, PolicyType=AI)
    refused("RootNotFoundException", aws.enable_policy_type, RootId="r-none", PolicyType=AI)
    for target in ROOT, WORKLOADS, SHOP:
        aws.attach_policy(PolicyId=policy, TargetId=target)
    refused("DuplicatePolicyAttachmentException", aws.attach_policy, PolicyId=policy, TargetId=ROOT)
    refused("TargetNotFoundException", aws.attach_policy, PolicyId=policy, TargetId="999999999999")
    targets = everything(aws, "list_targets_for_policy", "Targets", PolicyId=policy)
    assert {target["Type"] for target in targets} == {"ROOT", "ORGANIZATIONAL_UNIT", "ACCOUNT"}
    assert [it["Id"] for it in everything(aws, "list_policies", "Policies", Filter=AI)] == [policy]
    assert everything(aws, "list_policies", "Policies", Filter="SERVICE_CONTROL_POLICY")[0]["AwsManaged"] is True
    assert everything(aws, "list_policies_for_target", "Policies", TargetId=SHOP, Filter=AI)[0]["Id"] == policy
    effective(peer, policy)
    refused("PolicyInUseException", aws.delete_policy, PolicyId=policy)
    for target in WORKLOADS, SHOP:
        aws.detach_policy(PolicyId=policy, TargetId=target)
    refused("PolicyNotAttachedException", aws.detach_policy, PolicyId=policy, TargetId=SHOP)
    refused("ConstraintViolationException", aws.detach_policy, "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", PolicyId="p-FullAWSAccess", TargetId=SHOP)
    tags(peer, policy)
    aws.disable_policy_type(RootId=ROOT, PolicyType=AI)
    refused("PolicyTypeNotEnabledException", aws.disable_policy_type, RootId=ROOT, PolicyType=AI)
    assert everything(aws, "list_targets_for_policy", "Targets", PolicyId=policy) == []
    aws.delete_policy(PolicyId=policy)
    attachments_are_limited(peer)


def effective(peer, policy):
    aws = peer.client("organizations", MANAGEMENT)
    answer = aws.describe_effective_policy(PolicyType=AI, TargetId=SHOP)["EffectivePolicy"]
    assert json.loads(answer["PolicyContent"]) == {"services": {"default": {"opt_out_policy": "optOut"}}}
    updated = {"services": {"default": {"opt_out_policy": {"@@assign": "optIn"}}}}
    aws.update_policy(PolicyId=policy, Content=json.dumps(updated), Description="changed")
    answer = aws.describe_effective_policy(PolicyType=AI)["EffectivePolicy"]
    assert answer["TargetId"] == MANAGEMENT and "optIn" in answer["PolicyContent"]
    refused("InvalidInputException", aws.describe_effective_policy, "TARGET_NOT_SUPPORTED", PolicyType=AI, TargetId=ROOT)
    refused("TargetNotFoundException", aws.describe_effective_policy, PolicyType=AI, TargetId="999999999999")
    refused("EffectivePolicyNotFoundException", aws.describe_effective_policy, PolicyType="TAG_POLICY")
    invalid = aws.list_accounts_with_invalid_effective_policy(PolicyType=AI)
    assert invalid["Accounts"] == [] and invalid["PolicyType"] == AI
    assert aws.list_effective_policy_validation_errors(AccountId=SHOP, PolicyType=AI)["EffectivePolicyValidationErrors"] == []
    error = {"code": "ELEMENTS_TOO_MANY", "message": "too many", "path": "services", "policies": [policy]}
    change = {"change": "set-invalid", "account": SHOP, "policy_type": AI, "errors": [error], "last_valid": "{}"}
    sandbox(peer, "changes", [change])
    assert aws.list_accounts_with_invalid_effective_policy(PolicyType=AI)["Accounts"][0]["Id"] == SHOP
    errors = aws.list_effective_policy_validation_errors(AccountId=SHOP, PolicyType=AI)
    assert errors["EffectivePolicyValidationErrors"][0]["ErrorCode"] == "ELEMENTS_TOO_MANY"
    assert errors["Path"].endswith(f"/{SHOP}/") and "EvaluationTimestamp" in errors
    assert aws.describe_effective_policy(PolicyType=AI, TargetId=SHOP)["EffectivePolicy"]["PolicyContent"] == "{}"
    sandbox(peer, "changes", [{**change, "errors": []}])


def tags(peer, policy):
    aws = peer.client("organizations", MANAGEMENT)
    for resource in policy, SHOP, WORKLOADS, ROOT:
        aws.tag_resource(ResourceId=resource, Tags=[{"Key": "stage", "Value": "test"}])
        assert {"Key": "stage", "Value": "test"} in everything(aws, "list_tags_for_resource", "Tags", ResourceId=resource)
        aws.untag_resource(ResourceId=resource, TagKeys=["stage"])
    assert everything(aws, "list_tags_for_resource", "Tags", ResourceId=policy) == [{"Key": "owner", "Value": "platform"}]
    refused("TargetNotFoundException", aws.list_tags_for_resource, ResourceId="p-00000000")
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    refused("InvalidInputException", aws.tag_resource, "DUPLICATE_TAG_KEY", ResourceId=policy, Tags=twice)
    many = [{"Key": str(number), "Value": ""} for number in range(51)]
    refused("ConstraintViolationException", aws.tag_resource, "MAX_TAG_LIMIT_EXCEEDED", ResourceId=policy, Tags=many)


def attachments_are_limited(peer):
    aws = peer.client("organizations", MANAGEMENT)
    aws.enable_policy_type(RootId=ROOT, PolicyType=AI)
    ids = []
    for number in range(6):
        new = {"Type": AI, "Name": f"policy-{number}", "Description": "", "Content": json.dumps(OPT_OUT)}
        ids.append(aws.create_policy(**new)["Policy"]["PolicySummary"]["Id"])
    for policy in ids[:5]:
        aws.attach_policy(PolicyId=policy, TargetId=PLAY)
    reason = "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"
    refused("ConstraintViolationException", aws.attach_policy, reason, PolicyId=ids[5], TargetId=PLAY)
    aws.disable_policy_type(RootId=ROOT, PolicyType=AI)
    for policy in ids:
        aws.delete_policy(PolicyId=policy)


def delegation(peer):
    aws, shop = peer.client("organizations", MANAGEMENT), peer.client("organizations", SHOP)
    service = "account.amazonaws.com"
    one = {"AccountId": SHOP, "ServicePrincipal": service}
    refused("ConstraintViolationException", aws.register_delegated_administrator, "SERVICE_ACCESS_NOT_ENABLED", **one)
    aws.enable_aws_service_access(ServicePrincipal=service)
    enabled = everything(aws, "list_aws_service_access_for_organization", "EnabledServicePrincipals")
    assert [it["ServicePrincipal"] for it in enabled] == [service]
    assert shop.describe_organization()["Organization"]["Id"] == "o-exampleorgid"
    refused("AccessDeniedException", shop.list_accounts)
    refused("AccountNotRegisteredException", aws.list_delegated_services_for_account, AccountId=SHOP)
    aws.register_delegated_administrator(**one)
    refused("AccountAlreadyRegisteredException", aws.register_delegated_administrator, **one)
    refused("ConstraintViolationException", aws.register_delegated_administrator, "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", AccountId=MANAGEMENT, ServicePrincipal=service)
    refused("ConstraintViolationException", aws.remove_account_from_organization, "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", AccountId=SHOP)
    assert everything(aws, "list_delegated_administrators", "DelegatedAdministrators")[0]["Id"] == SHOP
    services = everything(aws, "list_delegated_services_for_account", "DelegatedServices", AccountId=SHOP)
    assert services[0]["ServicePrincipal"] == service
    assert len(everything(shop, "list_accounts", "Accounts")) == 4
    refused("AccessDeniedException", shop.create_policy, Type=AI, Name="n", Description="", Content=json.dumps(OPT_OUT))
    resource_policy(peer, aws, shop)
    aws.deregister_delegated_administrator(**one)
    refused("AccountNotRegisteredException", aws.deregister_delegated_administrator, **one)


def resource_policy(peer, aws, shop):
    refused("ResourcePolicyNotFoundException", shop.describe_resource_policy)
    refused("ResourcePolicyNotFoundException", aws.delete_resource_policy)
    statement = {"Effect": "Allow", "Principal": {"AWS": SHOP}, "Action": "organizations:CreatePolicy", "Resource": "*"}
    statement["Condition"] = {"StringEquals": {"organizations:PolicyType": AI}}
    content = {"Version": "2012-10-17", "Statement": [statement]}
    put = aws.put_resource_policy(Content=json.dumps(content), Tags=[{"Key": "a", "Value": "b"}])
    assert f"arn:aws:iam::{SHOP}:root" in put["ResourcePolicy"]["Content"]
    assert aws.describe_resource_policy()["ResourcePolicy"] == put["ResourcePolicy"]
    new = {"Name": "delegated", "Description": "", "Content": json.dumps(OPT_OUT)}
    refused("AccessDeniedException", shop.create_policy, Type="BACKUP_POLICY", **new)
    policy = shop.create_policy(Type=AI, **new)["Policy"]["PolicySummary"]["Id"]
    refused("AccessDeniedException", shop.delete_policy, PolicyId=policy)
    aws.delete_policy(PolicyId=policy)
    refused("InvalidInputException", aws.put_resource_policy, "INVALID_RESOURCE_POLICY_JSON", Content="{}")
    broad = json.dumps({"Statement": [{**statement, "Action": "organizations:*"}]})
    refused("InvalidInputException", aws.put_resource_policy, "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", Content=broad)
    aws.delete_resource_policy()


def who_calls(peer):
    identity = peer.client("sts", SHOP).get_caller_identity()
    assert (identity["Account"], identity["Arn"].split(":")[4]) == (SHOP, SHOP)
    role = f"arn:aws:iam::{PLAY}:role/path/Reader"
    assumed = peer.client("sts", MANAGEMENT).assume_role(RoleArn=role, RoleSessionName="test")
    credentials = assumed["Credentials"]
    assert assumed["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{PLAY}:assumed-role/Reader/test"
    assert credentials["Expiration"].tzinfo is not None
    key = credentials["AccessKeyId"]
    assert peer.client("sts", key).get_caller_identity()["Arn"] == assumed["AssumedRoleUser"]["Arn"]
    refused("AccessDeniedException", peer.client("organizations", key).list_accounts)
    web = peer.client("sts", "none", unsigned=True).assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{MANAGEMENT}:role/Reader", RoleSessionName="test", WebIdentityToken="token")
    assert len(peer.client("organizations", web["Credentials"]["AccessKeyId"]).list_roots()["Roots"]) == 1
    refused("AWSOrganizationsNotInUseException", peer.client("organizations", "999999999999").describe_organization)


def sandbox(peer, endpoint, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{peer.endpoint}/_sandbox/{endpoint}", data=data)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def own_endpoints(peer):
    aws = peer.client("organizations", MANAGEMENT)
    sandbox(peer, "faults", [{"operations": ["ListRoots"], "effect": {"kind": "throttle"}}])
    refused("TooManyRequestsException", aws.list_roots)
    sandbox(peer, "faults", [])
    aws.list_roots()
    calls = sandbox(peer, "calls")
    assert calls["counts"]["ListRoots"] >= 2 and calls["calls"][-1]["caller"] == MANAGEMENT
    assert sandbox(peer, "snapshot")["format"] == "optout.snapshot/1"
    sandbox(peer, "reset", {})
    assert len(everything(aws, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=WORKLOADS)) == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    peer = Peer(parser.parse_args().endpoint)
    for part in organization_and_tree, accounts, policies, delegation, who_calls, own_endpoints:
        part(peer)
    missed = sorted(set(OPERATIONS) - peer.driven)
    if missed:
        sys.exit(f"not driven: {missed}")
    print(f"{len(peer.driven)} operations driven, every answer as in the model")


if __name__ == "__main__":
    main()
