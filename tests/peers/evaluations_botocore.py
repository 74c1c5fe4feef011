"""Judges recorded requests of PutEvaluations by botocore's own model: form, lengths and words.

Standard input: a JSON list of requests (target, content_type, body), as the recording server wrote them down.
Prints how many evaluations there were.
"""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

requests = json.load(sys.stdin)
model = botocore.session.get_session().get_service_model("config")
operation = model.operation_model("PutEvaluations")
evaluation_shape = model.shape_for("Evaluation")


def check(shape, value, where):
    """Lengths and words, which botocore leaves to the service."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if isinstance(value, (str, list)):
        assert least is None or len(value) >= least, f"{where}: {len(value)} is less than {least}"
        assert most is None or len(value) <= most, f"{where}: {len(value)} is more than {most}"
    if shape.type_name == "string" and shape.enum:
        assert value in shape.enum, f"{where}: {value}"


assert requests, "nothing was answered"
count = 0
for request in requests:
    assert request["target"] == f"{model.metadata['targetPrefix']}.PutEvaluations", request["target"]
    assert request["content_type"] == f"application/x-amz-json-{model.metadata['jsonVersion']}", request
    body = request["body"]
    report = ParamValidator().validate(body, operation.input_shape)
    assert not report.has_errors(), report.generate_report()
    assert set(body) <= set(operation.input_shape.members), sorted(body)
    check(operation.input_shape.members["Evaluations"], body["Evaluations"], "Evaluations")
    for evaluation in body["Evaluations"]:
        assert set(evaluation) <= set(evaluation_shape.members), sorted(evaluation)
        # AWS Config does not take this word from a rule.
        assert evaluation["ComplianceType"] != "INSUFFICIENT_DATA", evaluation
        for name, value in evaluation.items():
            check(evaluation_shape.members[name], value, name)
        count += 1
json.dump(count, sys.stdout)
