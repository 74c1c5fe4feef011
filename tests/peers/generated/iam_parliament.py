"""IAM policies before parliament, with its own auditors of the community too.

Usage: iam_parliament.py FILE...
"""

import sys

from parliament import analyze_policy_string, enhance_finding

# Actions of 2025, after the list that parliament 1.6.4 carries; the service authorization reference has them.
NEWER = ("ListAccountsWithInvalidEffectivePolicy", "ListEffectivePolicyValidationErrors")

for path in sys.argv[1:]:
    policy = analyze_policy_string(open(path, encoding="utf-8").read(), include_community_auditors=True)
    findings = [enhance_finding(finding) for finding in policy.findings]
    left = [it for it in findings if not (it.issue == "UNKNOWN_ACTION" and any(name in str(it.detail) for name in NEWER))]
    assert not left, f"{path}: {[str(it) for it in left]}"
print("parliament has nothing to say")
