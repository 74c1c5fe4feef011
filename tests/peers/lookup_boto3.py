"""Judges recorded requests of LookupEvents by botocore's own model, then reads the same history with boto3.

Standard input: a JSON object with `endpoint` and `requests` (target, content_type, body), as the fake service wrote them down.
Prints the ids of the events that boto3 reads, newest first.
"""

import json
import sys

import boto3
import botocore.session
from botocore.validate import ParamValidator

told = json.load(sys.stdin)
model = botocore.session.get_session().get_service_model("cloudtrail")
operation = model.operation_model("LookupEvents")

assert told["requests"], "nothing was asked"
# AWS's newer SDKs name the service without the package that botocore's older model has before it.
service = model.metadata["targetPrefix"].rsplit(".", 1)[-1]
for request in told["requests"]:
    assert request["target"] == f"{service}.LookupEvents", request["target"]
    assert request["content_type"] == f"application/x-amz-json-{model.metadata['jsonVersion']}", request
    report = ParamValidator().validate(request["body"], operation.input_shape)
    assert not report.has_errors(), report.generate_report()
    attributes = request["body"]["LookupAttributes"]
    keys = model.shape_for("LookupAttributeKey").enum
    assert len(attributes) == 1 and attributes[0]["AttributeKey"] in keys, attributes
    assert 1 <= request["body"]["MaxResults"] <= 50, request
    assert request["body"]["StartTime"] <= request["body"]["EndTime"], request

client = boto3.client("cloudtrail", endpoint_url=told["endpoint"], region_name="us-east-1")
first, last = told["requests"][-1]["body"]["StartTime"], told["requests"][0]["body"]["EndTime"]
pages = client.get_paginator("lookup_events").paginate(
    LookupAttributes=[{"AttributeKey": "EventSource", "AttributeValue": "organizations.amazonaws.com"}],
    StartTime=first,
    EndTime=last,
)
events = [json.loads(event["CloudTrailEvent"])["eventID"] for page in pages for event in page["Events"]]
json.dump(events, sys.stdout)
