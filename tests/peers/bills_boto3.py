"""Judges recorded requests of GetCostAndUsage by botocore's own model.

Standard input: a JSON object with `requests` (target, content_type, body), as the fake service wrote them down. Prints how many.
"""

import datetime
import json
import sys

import botocore.session
from botocore.validate import ParamValidator

told = json.load(sys.stdin)
model = botocore.session.get_session().get_service_model("ce")
operation = model.operation_model("GetCostAndUsage")
assert told["requests"], "nothing was asked"
for request in told["requests"]:
    assert request["target"] == f"{model.metadata['targetPrefix']}.GetCostAndUsage", request["target"]
    assert request["content_type"] == f"application/x-amz-json-{model.metadata['jsonVersion']}", request
    body = request["body"]
    report = ParamValidator().validate(body, operation.input_shape)
    assert not report.has_errors(), report.generate_report()
    assert body["Granularity"] in model.shape_for("Granularity").enum, body
    assert all(group["Type"] in model.shape_for("GroupDefinitionType").enum for group in body["GroupBy"]), body
    if "Filter" in body:
        assert body["Filter"]["Dimensions"]["Key"] in model.shape_for("Dimension").enum, body
    start, end = (datetime.date.fromisoformat(body["TimePeriod"][end]) for end in ("Start", "End"))
    assert start < end, body
print(len(told["requests"]))
