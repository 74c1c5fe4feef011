"""Judges findings as botocore does before it sends them with BatchImportFindings, and by what its model says beside.

Reads a JSON array of findings from the file named first. botocore's validator looks at names, types and what is required;
closed sets, patterns and the lengths that the model has in its prose are looked at here. Ends with 1 and says why.
"""

import json
import re
import sys

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

BATCH = 100
LENGTH = re.compile(r"Length Constraints:\s*(?:Minimum (?:length )?of (\d+)(?: length)?\.\s*Maximum (?:length )?of (\d+)|(\d+))")


def problems_of(shape, value, path):
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from length(member, value[name], f"{path}.{name}")
                yield from problems_of(member, value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        yield from size(shape, value, path)
        for at, element in enumerate(value):
            yield from problems_of(shape.member, element, f"{path}[{at}]")
    elif shape.type_name == "map":
        for key, element in value.items():
            yield from problems_of(shape.key, key, f"{path} (key)")
            yield from problems_of(shape.value, element, f"{path}.{key}")
    elif shape.type_name == "string":
        yield from text(shape, value, path)


def size(shape, value, path):
    most = shape.metadata.get("max")
    if most is not None and len(value) > most:
        yield f"{path} has {len(value)} elements, at most {most} are allowed"


def text(shape, value, path):
    if shape.enum and value not in shape.enum:
        yield f"{path} is {value!r}, not one of {shape.enum}"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value, re.DOTALL):
        yield f"{path} is {value!r}, which does not match {pattern}"


def length(member, value, path):
    found = LENGTH.search(re.sub(r"<[^>]+>", " ", member.documentation or ""))
    if not found or not isinstance(value, str):
        return
    least, most, exact = found.groups()
    least, most = (int(exact), int(exact)) if exact else (int(least), int(most))
    if not least <= len(value) <= most:
        yield f"{path} has {len(value)} characters, {least} to {most} are allowed"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        findings = json.load(file)
    description = Loader().load_service_model("securityhub", "service-2")
    request = ServiceModel(description, "securityhub").operation_model("BatchImportFindings").input_shape
    for at in range(0, len(findings), BATCH):
        batch = {"Findings": findings[at : at + BATCH]}
        report = ParamValidator().validate(batch, request)
        if report.has_errors():
            sys.exit(report.generate_report())
        found = list(problems_of(request, batch, "request"))
        if found:
            sys.exit("\n".join(found))
    print(len(findings))


main()
