"""Serves what `optout publish` needs with moto, and tells what arrived.

Prints one line of JSON: the endpoint, and the names of what was made. Then for each line `read` on standard input one line
of JSON: the findings of Security Hub, the events and notices that arrived in queues behind the bus and the topic, and the
objects of the bucket with their locks and checksums, all read by boto3.
"""

import base64
import gzip
import hashlib
import json
import logging
import os
import sys

ACCOUNT = "123456789012"
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT

import boto3
from moto.events.utils import EventTemplateParser
from moto.server import ThreadedMotoServer

# Events reach targets as they are: moto's templates need a package of their own, and there are none here.
EventTemplateParser.parse = staticmethod(lambda input_template, input_paths_map, event: event)

BUS, BUCKET = "opt-out", "evidence-123456789012"


class Receiver:
    """What somebody on the other side has."""

    def __init__(self, endpoint):
        client = lambda name: boto3.client(name, endpoint_url=endpoint)
        self.hub, self.queues, self.objects = client("securityhub"), client("sqs"), client("s3")
        self.hub.enable_security_hub()
        events, notices = client("events"), client("sns")
        self.events, self.notices = self.queue("events"), self.queue("notices")
        events.create_event_bus(Name=BUS)
        events.put_rule(Name="all", EventBusName=BUS, EventPattern=json.dumps({"source": ["optout"]}))
        events.put_targets(Rule="all", EventBusName=BUS, Targets=[{"Id": "queue", "Arn": self.arn(self.events)}])
        self.topic = notices.create_topic(Name="opt-out")["TopicArn"]
        notices.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=self.arn(self.notices))
        self.objects.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)

    def queue(self, name):
        return self.queues.create_queue(QueueName=name)["QueueUrl"]

    def arn(self, url):
        return self.queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def received(self, url):
        bodies = []
        while messages := self.queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(json.loads(message["Body"]))
                self.queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def kept(self):
        versions = self.objects.list_object_versions(Bucket=BUCKET).get("Versions", [])
        return [self.object(version["Key"]) for version in versions]

    def object(self, key):
        found = self.objects.get_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
        body = found["Body"].read()
        return {
            "key": key,
            "mode": found.get("ObjectLockMode"),
            "until": str(found.get("ObjectLockRetainUntilDate")),
            "checksum": found.get("ChecksumSHA256"),
            "sha256_base64": base64.b64encode(hashlib.sha256(body).digest()).decode(),
            "sha256": hashlib.sha256(body).hexdigest(),
            # What a monitor remembers is packed.
            "text": (gzip.decompress(body) if key.endswith(".gz") else body).decode(),
        }

    def all(self):
        findings = [
            finding for page in self.hub.get_paginator("get_findings").paginate() for finding in page["Findings"]
        ]
        return {
            "findings": findings,
            "events": self.received(self.events),
            "notices": self.received(self.notices),
            "objects": self.kept(),
        }


def main():
    logging.getLogger("werkzeug").disabled = True
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    receiver = Receiver(endpoint)
    made = {"endpoint": endpoint, "bus": BUS, "topic": receiver.topic, "bucket": BUCKET}
    print(json.dumps(made), flush=True)
    for line in sys.stdin:
        if line.strip() == "read":
            print(json.dumps(receiver.all(), default=str), flush=True)
    server.stop()


main()
