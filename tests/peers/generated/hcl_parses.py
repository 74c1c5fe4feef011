"""Files of HCL before a second parser.

Usage: hcl_parses.py FILE...
"""

import sys

import hcl2

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        assert hcl2.load(file), path
print("all parse")
