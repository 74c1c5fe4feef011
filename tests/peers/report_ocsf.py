"""Judges events by two OCSF libraries: the models of py-ocsf-models, and the schema itself by ocsf-json-schema.

Reads a JSON array of events from the file named first. Ends with 1 and says why.
"""

import json
import sys

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

with open(sys.argv[1], encoding="utf-8") as file:
    events = json.load(file)
validators = {}
for at, event in enumerate(events):
    try:
        # The model's device must have an address and a Region; the schema's need not, and a machine has no Region.
        ComplianceFinding(**{name: value for name, value in event.items() if name != "device"})
    except ValueError as error:
        sys.exit(f"event {at}: {error}")
    metadata = event["metadata"]
    key = (metadata["version"], event["class_uid"], tuple(metadata.get("profiles", [])))
    if key not in validators:
        schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=key[0]))
        name = schema.lookup_class_name_from_uid(class_uid=key[1])
        if name != "compliance_finding":
            sys.exit(f"event {at} is a {name}")
        validators[key] = Draft202012Validator(schema.get_class_schema(class_name=name, profiles=list(key[2])))
    error = next(validators[key].iter_errors(event), None)
    if error:
        sys.exit(f"event {at}: {error.json_path}: {error.message}")
print(len(events))
