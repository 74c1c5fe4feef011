"""Judges recorded requests by botocore's own models: what the model calls required is there, and nothing that it does not know; types,
lengths, patterns and words fit.

Standard input: a JSON list of requests (service, operation, method, uri, headers, body), as the recording server wrote them down.
Prints how many there were of each operation.
"""

import collections
import json
import re
import sys
import urllib.parse

import botocore.session

session = botocore.session.get_session()


def members(shape, get):
    return {name: value for name, member in shape.members.items() if (value := get(name, member)) is not None}


def of_rest(operation, request, body):
    """Members from path, query, headers, and what is left from the body."""
    uri, _, query = request["uri"].partition("?")
    query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    pattern = operation.http["requestUri"].partition("?")[0]
    # Bucket and key are in the path, where an endpoint has no names for buckets.
    names = re.findall(r"\{(\w+)\+?\}", pattern)
    expression = re.sub(r"\\\{(\w+)(\\\+)?\\\}", lambda it: f"(?P<{it[1]}>{'.+' if it[2] else '[^/]+'})", re.escape(pattern))
    found = re.fullmatch(expression, uri)
    assert found, f"{uri} does not fit {pattern}"
    assert request["method"] == operation.http["method"], request["method"]
    payload = operation.input_shape.serialization.get("payload")

    def get(name, member):
        location, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if location == "uri":
            assert wire in names, wire
            return urllib.parse.unquote(found[wire])
        if location == "querystring":
            return query.get(wire)
        if location == "header":
            return request["headers"].get(wire.lower())
        if location == "headers":
            prefix = wire.lower()
            return {key: it for key, it in request["headers"].items() if prefix and key.startswith(prefix)} or None
        if name == payload:
            return body
        return json.loads(body).get(wire) if payload is None and body else None

    if payload is None and body:
        known = {member.serialization.get("name", name) for name, member in operation.input_shape.members.items()}
        assert set(json.loads(body)) <= known, sorted(set(json.loads(body)) - known)
    return members(operation.input_shape, get)


def of_query(operation, fields, shape, prefix=""):
    """Members from a form; lists and maps of forms are not used by this project."""
    known = {"Action", "Version", *shape.members}
    assert set(fields) <= known, sorted(set(fields) - known)
    assert fields["Action"] == operation.name and fields["Version"] == operation.service_model.api_version, fields
    return members(shape, lambda name, _: fields.get(name))


def check(shape, value, where):
    kind = shape.type_name
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if kind == "structure":
        assert isinstance(value, dict), f"{where}: {value}"
        assert set(value) <= set(shape.members), f"{where}: {sorted(set(value) - set(shape.members))}"
        missing = set(shape.required_members) - set(value)
        assert not missing, f"{where} lacks {sorted(missing)}"
        for name, member in value.items():
            check(shape.members[name], member, f"{where}.{name}")
    elif kind == "list":
        assert isinstance(value, list), f"{where}: {value}"
        size(len(value), least, most, where)
        for number, member in enumerate(value):
            check(shape.member, member, f"{where}[{number}]")
    elif kind == "map":
        assert isinstance(value, dict), f"{where}: {value}"
        for key, member in value.items():
            check(shape.key, key, f"{where} key")
            check(shape.value, member, f"{where}.{key}")
    elif kind == "string":
        assert isinstance(value, str), f"{where}: {value}"
        size(len(value), least, most, where)
        assert not shape.enum or value in shape.enum, f"{where}: {value}"
        pattern = shape.metadata.get("pattern")
        # The models' patterns are Java's; those that Python reads otherwise would fail here, and none does.
        assert not pattern or re.search(pattern, value), f"{where}: {value} does not fit {pattern}"
    elif kind in ("integer", "long", "float", "double"):
        number = float(value)
        assert kind in ("float", "double") or number.is_integer(), f"{where}: {value}"
        size(number, least, most, where)
    elif kind == "boolean":
        assert value in (True, False, "true", "false"), f"{where}: {value}"
    else:
        assert kind in ("blob", "timestamp"), f"{where} is of an unknown kind {kind}"


def size(number, least, most, where):
    assert least is None or number >= least, f"{where}: {number} is less than {least}"
    assert most is None or number <= most, f"{where}: {number} is more than {most}"


counts = collections.Counter()
for request in json.load(sys.stdin):
    model = session.get_service_model(request["service"])
    operation = model.operation_model(request["operation"])
    headers, body, protocol = request["headers"], request["body"], model.metadata["protocol"]
    if protocol == "json":
        prefix = model.metadata["targetPrefix"]
        # The Rust SDK names CloudTrail by the shape of the service, which is the end of botocore's longer name.
        expected = prefix.rsplit(".", 1)[-1] if request["service"] == "cloudtrail" else prefix
        assert headers["x-amz-target"] == f"{expected}.{operation.name}", headers
        assert headers["content-type"] == f"application/x-amz-json-{model.metadata['jsonVersion']}", headers
        value = json.loads(body)
    elif protocol == "query":
        value = of_query(operation, dict(urllib.parse.parse_qsl(body, keep_blank_values=True)), operation.input_shape)
    else:
        value = of_rest(operation, request, body)
    if operation.input_shape is None:
        assert value == {}, f"{operation.name} takes nothing: {value}"
    else:
        check(operation.input_shape, value, operation.name)
    counts[f"{request['service']}:{operation.name}"] += 1
json.dump(counts, sys.stdout)
