"""Reads test results as junitparser does, and says what it counted: cases, failures, errors, skipped.

Reads the file named first. Ends with another code than 0 where what the file says of itself is not so.
"""

import sys

from junitparser import Error, Failure, JUnitXml, Skipped

document = JUnitXml.fromfile(sys.argv[1])
kinds = {Failure: 0, Error: 0, Skipped: 0}
cases = 0
for suite in document:
    mine = {Failure: 0, Error: 0, Skipped: 0}
    for case in suite:
        cases += 1
        for result in case.result:
            mine[type(result)] += 1
    said = (suite.failures, suite.errors, suite.skipped, suite.tests)
    if said != (mine[Failure], mine[Error], mine[Skipped], len(list(suite))):
        sys.exit(f"the suite {suite.name} says {said} of itself and has {mine}")
    for kind, count in mine.items():
        kinds[kind] += count
if (document.tests, document.failures, document.errors, document.skipped) != (cases, *kinds.values()):
    sys.exit("the document says something else of itself than its suites")
print(cases, *kinds.values())
