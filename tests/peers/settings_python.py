"""Reads settings files before and after a fix by the parsers of Python's own library, and compares all they say.

The file named second has one JSON object a line: before, after and what was to change. The first argument is the format:
`xml` (an option of a JetBrains component) or `json`. Ends with 1 and says why.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree


def tree(text):
    return ElementTree.fromstring(text.encode())


def values(element, path=()):
    """Every value by the names that lead to it; elements without a name count by their tag."""
    here = path + (element.get("name") or element.get("key") or element.tag,)
    if "value" in element.attrib:
        yield here, element.get("value")
    if (element.text or "").strip():
        yield here, element.text.strip()
    for child in element:
        yield from values(child, here)


def check_xml(case):
    before = dict(values(tree(case["before"]))) if case["before"].strip() else {}
    after = dict(values(tree(case["after"])))
    changed = {path: value for path, value in after.items() if before.get(path) != value}
    lost = [path for path in before if path not in after]
    if lost:
        sys.exit(f"lost {lost}: {case['before']}\n{case['after']}")
    if any(path[-1] != case["key"] or value != "false" for path, value in changed.items()) or len(changed) > 1:
        sys.exit(f"changed {changed}: {case['before']}\n{case['after']}")
    if not any(path[-1] == case["key"] and value == "false" for path, value in after.items()):
        sys.exit(f"it is not set: {case['after']}")


def check_json(case):
    before = json.loads(case["before"]) if case["before"].strip() else {}
    after = json.loads(case["after"])
    before[case["key"]] = case["value"]
    if before != after:
        sys.exit(f"it says something else: {case['before']}\n{case['after']}")


checks = {"xml": check_xml, "json": check_json}
with open(sys.argv[2], encoding="utf-8") as file:
    cases = [json.loads(line) for line in file]
for case in cases:
    checks[sys.argv[1]](case)
print(len(cases))
