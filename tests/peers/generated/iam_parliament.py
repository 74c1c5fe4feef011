"""IAM policies before parliament, with its own auditors of the community too.

Usage: iam_parliament.py FILE...
"""

import sys

from parliament import analyze_policy_string, enhance_finding

# Actions of 2025, after the list that parliament 1.6.4 carries; the service authorization reference has them.
NEWER = ("ListAccountsWithInvalidEffectivePolicy", "ListEffectivePolicyValidationErrors")

# parliament wants an ARN of an express execution too; AWS's own policy for a Distributed Map names standard ones only:
# https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html (read 2026-11-24).
STANDARD = "states:DescribeExecution"


def is_known(finding):
    detail = str(finding.detail)
    newer = finding.issue == "UNKNOWN_ACTION" and any(name in detail for name in NEWER)
    # Becoming a role that is named is what a monitor of several accounts does; the auditor flags every statement with that action.
    becomes = finding.issue == "CREDENTIALS_EXPOSURE" and finding.location["actions"] == ["sts:assumerole"]
    return newer or becomes or (finding.issue == "RESOURCE_MISMATCH" and STANDARD in detail and ":express:" in detail)


for path in sys.argv[1:]:
    policy = analyze_policy_string(open(path, encoding="utf-8").read(), include_community_auditors=True)
    # It does not know all that its own auditors find: what is left aside is left aside first.
    left = [enhance_finding(finding) for finding in policy.findings if not is_known(finding)]
    assert not left, f"{path}: {[str(it) for it in left]}"
print("parliament has nothing to say")
