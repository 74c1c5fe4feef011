"""Renders Markdown as GitHub does (cmark-gfm, without its filter of dangerous HTML) and looks for what nobody wrote.

Reads the file named first. Says how many rows its tables have; ends with 1 where a link, an image, raw HTML or a task is
in it, or where somebody would be mentioned.
"""

import re
import sys
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

ALLOWED = {
    *("h1", "h2", "h3", "p", "strong", "code", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"),
    *("details", "summary", "br"),
}


class Look(HTMLParser):
    def __init__(self):
        super().__init__()
        self.rows = 0
        self.code = 0
        self.wrong = []

    def handle_starttag(self, tag, attributes):
        if tag not in ALLOWED or any(name not in ("align", "style") for name, _ in attributes):
            self.wrong.append((tag, attributes))
        self.rows += tag == "tr"
        self.code += tag == "code"

    def handle_endtag(self, tag):
        self.code -= tag == "code"

    def handle_data(self, data):
        # What GitHub makes of a page's text, outside of code: a mention, a reference to an issue.
        if not self.code and re.search(r"(^|\W)@[A-Za-z0-9]|(^|\W)#\d", data):
            self.wrong.append(("text", data))


with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
look = Look()
look.feed(html)
if look.wrong:
    sys.exit("\n".join(map(repr, look.wrong)))
print(look.rows)
