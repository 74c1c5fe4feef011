"""Serves what `optout usage` asks with moto: an organization, bills, metrics.

moto speaks CloudWatch's protocols Query and JSON; the AWS SDK for Rust sends Smithy RPC v2 CBOR. This stands between them: a request in CBOR is
read by botocore's own parser, judged by botocore's own model, asked of moto by boto3, and the answer written by
botocore's own serializer. Everything else goes to moto as it is.

Prints one line of JSON: the endpoint and the accounts. Then for each line on standard input, which it answers with `done`:
    bills N    GetCostAndUsage answers the given use of Amazon Lex in N pages, once
    denied     GetCostAndUsage is denied from now on
    asked      prints the names of the CloudWatch operations that were asked, in order, as JSON
"""

import datetime
import json
import logging
import os
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

ACCOUNT = "123456789012"
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT

import boto3
import botocore.session
from botocore import xform_name
from botocore.parsers import RpcV2CBORParser
from botocore.serialize import RpcV2CBORSerializer
from botocore.validate import ParamValidator
from moto.server import ThreadedMotoServer

MODEL = botocore.session.get_session().get_service_model("cloudwatch")
PREFIX = f"/service/{MODEL.metadata['targetPrefix']}/operation/"
# More than ListMetrics gives on a page, and more than GetMetricData takes in a request.
BOTS = 520


class Bridge(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    moto, cloudwatch, denied, asked = "", None, False, []

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.startswith(PREFIX):
            return self.metrics(self.path.removeprefix(PREFIX), body)
        target = self.headers.get("x-amz-target", "")
        if target.endswith(".GetCostAndUsage") and Bridge.denied:
            return self.answer(400, "application/x-amz-json-1.1", b'{"__type":"AccessDeniedException"}')
        request = urllib.request.Request(Bridge.moto + self.path, body, dict(self.headers), method="POST")
        try:
            with urllib.request.urlopen(request) as found:
                self.answer(found.status, found.headers["content-type"], found.read())
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.headers["content-type"], error.read())

    def metrics(self, name, body):
        Bridge.asked.append(name)
        assert self.headers["smithy-protocol"] == "rpc-v2-cbor", dict(self.headers)
        parser, serializer = RpcV2CBORParser(), RpcV2CBORSerializer()
        operation = MODEL.operation_model(name)
        asked = parser._initial_body_parse(body)
        report = ParamValidator().validate(asked, operation.input_shape)
        assert not report.has_errors(), report.generate_report()
        found = getattr(Bridge.cloudwatch, xform_name(name))(**asked)
        found.pop("ResponseMetadata")
        told = bytearray()
        serializer._serialize_data_item(told, found, operation.output_shape)
        self.answer(200, "application/cbor", bytes(told), [("smithy-protocol", "rpc-v2-cbor")])

    def answer(self, status, kind, body, more=()):
        self.send_response(status)
        for name, value in [("content-type", kind or "text/plain"), ("content-length", str(len(body))), *more]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def organization(moto):
    client = boto3.client("organizations", endpoint_url=moto)
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    client.enable_policy_type(RootId=root, PolicyType="AISERVICES_OPT_OUT_POLICY")
    created = client.create_account(AccountName="voice", Email="voice@example.com")
    return [ACCOUNT, created["CreateAccountStatus"]["AccountId"]]


def metrics(cloudwatch):
    """Two services with use, one metric without any, a name of a service that none of the keys has."""
    now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=3)

    def put(namespace, name, value, dimensions):
        dimensions = [{"Name": key, "Value": text} for key, text in dimensions.items()]
        datum = {"MetricName": name, "Dimensions": dimensions, "Timestamp": now, "Value": value, "Unit": "Count"}
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])

    for bot in range(BOTS):
        put("AWS/Polly", "RequestCharacters", 2.0, {"Operation": f"Synthesize{bot}"})
    put("AWS/Rekognition", "SuccessfulRequestCount", 7.0, {"Operation": "DetectLabels"})
    put("AWS/Textract", "SuccessfulRequestCount", 0.0, {"Operation": "AnalyzeDocument"})
    put("Other/Polly", "RequestCharacters", 5.0, {"Operation": "SynthesizeSpeech"})


def bills(moto, pages, accounts):
    def metric(quantity, cost):
        cost, quantity = {"Amount": cost, "Unit": "USD"}, {"Amount": quantity, "Unit": "N/A"}
        return {"UnblendedCost": cost, "UsageQuantity": quantity}

    def page(number):
        group = {"Keys": [accounts[number % len(accounts)], "Amazon Lex"], "Metrics": metric(str(number + 1), "0")}
        time = {"Start": "2026-07-01", "End": "2026-08-01"}
        result = {"TimePeriod": time, "Total": {}, "Groups": [group] if pages else [], "Estimated": False}
        following = {"NextPageToken": f"page-{number + 1}"} if number + 1 < pages else {}
        return {"ResultsByTime": [result], "DimensionValueAttributes": [], **following}

    results = {"results": [page(number) for number in range(max(pages, 1))]}
    url = f"{moto}/moto-api/static/ce/cost-and-usage-results"
    request = urllib.request.Request(url, json.dumps(results).encode(), {"content-type": "application/json"})
    assert urllib.request.urlopen(request).status == 201


def main():
    logging.getLogger("werkzeug").disabled = True
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    Bridge.moto = f"http://{host}:{port}"
    Bridge.cloudwatch = boto3.client("cloudwatch", endpoint_url=Bridge.moto)
    accounts = organization(Bridge.moto)
    metrics(Bridge.cloudwatch)
    bridge = ThreadingHTTPServer(("127.0.0.1", 0), Bridge)
    Thread(target=bridge.serve_forever, daemon=True).start()
    print(json.dumps({"endpoint": f"http://127.0.0.1:{bridge.server_port}", "accounts": accounts}), flush=True)
    for line in sys.stdin:
        match line.split():
            case ["bills", pages]:
                bills(Bridge.moto, int(pages), accounts)
            case ["denied"]:
                Bridge.denied = True
            case ["asked"]:
                print(json.dumps(Bridge.asked), flush=True)
                continue
        print("done", flush=True)
    server.stop()


main()
