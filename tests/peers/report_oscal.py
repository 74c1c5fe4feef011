"""Loads assessment results as compliance-trestle does, and says how many findings they have.

Reads the file named first. Ends with another code than 0 where it cannot be loaded.
"""

import pathlib
import sys

from trestle.oscal import OSCAL_VERSION
from trestle.oscal.assessment_results import AssessmentResults

results = AssessmentResults.oscal_read(pathlib.Path(sys.argv[1]))
if results is None:
    sys.exit("there are no assessment results")
version = results.metadata.oscal_version.root
version = getattr(version, "root", version)
if version != OSCAL_VERSION:
    sys.exit(f"the version is {version}, not {OSCAL_VERSION}")
print(len(results.results[0].findings))
