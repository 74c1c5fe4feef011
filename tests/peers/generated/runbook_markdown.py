"""Renders a page as GitHub does (cmark-gfm, without its filter of dangerous HTML), and prints the texts of its blocks as JSON.

Ends with 1 where markup or a link is in it that the page itself does not use.
"""

import json
import sys
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

ALLOWED = {"h1", "h2", "p", "strong", "code", "pre", "ul", "ol", "li", "a"}
CONSOLE = "https://console.aws.amazon.com/organizations/v2/home/"


class Look(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.blocks = []
        self.wrong = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        link = attributes.pop("href", CONSOLE)
        attributes.pop("lang", None) if tag == "pre" else None
        if tag not in ALLOWED or attributes or not link.startswith(CONSOLE):
            self.wrong.append((tag, attributes, link))
        self.open.append(tag)
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if "pre" in self.open:
            self.blocks[-1] += data


with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = file.read()
look = Look()
look.feed(cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE))
if look.wrong:
    sys.exit("\n".join(map(repr, look.wrong)))
print(json.dumps(look.blocks))
