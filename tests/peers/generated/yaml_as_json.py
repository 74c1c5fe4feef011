"""A YAML document as JSON.

Usage: yaml_as_json.py FILE
"""

import json
import sys

import yaml

print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding="utf-8"))))
