"""Answers robots.txt questions with two other parsers, as a second opinion.

Reads one JSON object a line, {"robots": text, "agent": token, "paths": [path, …]}, from the file named first, and
writes one a line, {"google": [bool or null, …], "protego": […]}, to the file named second. `google` is a port of
Google's parser (gpyrobotstxt), `protego` the parser of Scrapy. null: the parser failed on the file.
"""

import json
import sys

from gpyrobotstxt.robots_cc import RobotsMatcher
from protego import Protego

SITE = "http://x.example"


def google(robots, agent, path):
    return RobotsMatcher().one_agent_allowed_by_robots(robots, agent, SITE + path)


def protego(robots, agent, path):
    return Protego.parse(robots).can_fetch(SITE + path, agent)


def opinion(parser, case):
    try:
        return [bool(parser(case["robots"], case["agent"], path)) for path in case["paths"]]
    except Exception:  # Any failure of a peer is an answer of its own here.
        return [None] * len(case["paths"])


def main(questions, answers):
    with open(questions, encoding="utf-8") as source, open(answers, "w", encoding="utf-8") as target:
        for line in source:
            case = json.loads(line)
            result = {"google": opinion(google, case), "protego": opinion(protego, case)}
            target.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
