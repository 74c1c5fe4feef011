"""Reads a YAML file, checks it against a JSON Schema, and prints it as JSON; dates become `date:YYYY-MM-DD`.

Usage: configuration.py SCHEMA FILE
"""

import datetime
import json
import sys

import jsonschema
from ruamel.yaml import YAML


def plain(value):
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    return f"date:{value}" if isinstance(value, datetime.date) else value


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    value = plain(YAML(typ="safe", pure=True).load(file))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(value, schema)
print(json.dumps(value))
