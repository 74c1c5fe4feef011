#!/bin/sh
# The aws command line drives the simulator: what a person would type, from nothing to an opted-out organization.
#
# Usage: simulator_awscli.sh --endpoint URL, where URL serves tests/peers/organization.json freshly loaded.
# The command `aws` is the one on PATH (or $AWS). Tested with awscli 1.46.3.
set -eu

if [ "${1:-}" != "--endpoint" ] || [ -z "${2:-}" ]; then
    echo "usage: $0 --endpoint URL" >&2
    exit 64
fi
AWS_ENDPOINT_URL=$2
AWS_ACCESS_KEY_ID=111111111111
AWS_SECRET_ACCESS_KEY=simulated
AWS_DEFAULT_REGION=us-east-1
AWS_EC2_METADATA_DISABLED=true
AWS_MAX_ATTEMPTS=1
AWS_PAGER=
AWS_CONFIG_FILE=/dev/null
AWS_SHARED_CREDENTIALS_FILE=/dev/null
export AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION AWS_EC2_METADATA_DISABLED
export AWS_MAX_ATTEMPTS AWS_PAGER AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE
unset AWS_SESSION_TOKEN AWS_PROFILE 2>/dev/null || true

org() { "${AWS:-aws}" organizations "$@" --output text; }

# same WHAT EXPECTED ACTUAL
same() {
    [ "$2" = "$3" ] || {
        echo "$1: expected \`$2\`, got \`$3\`" >&2
        exit 1
    }
}

# refused CODE COMMAND...
refused() {
    code=$1
    shift
    if text=$(org "$@" 2>&1); then
        echo "$1: expected $code, got a success: $text" >&2
        exit 1
    fi
    case $text in
    *"($code)"*) ;;
    *)
        echo "$1: expected $code, got: $text" >&2
        exit 1
        ;;
    esac
}

same identity 111111111111 "$("${AWS:-aws}" sts get-caller-identity --query Account --output text)"
same organization o-exampleorgid "$(org describe-organization --query Organization.Id)"
root=$(org list-roots --query 'Roots[0].Id')
same root r-exam "$root"
same accounts 4 "$(org list-accounts --query 'length(Accounts)')"
same "accounts page by page" 4 "$(org list-accounts --page-size 1 --query 'Accounts[].Id' | wc -w | tr -d ' ')"
same state CLOSED "$(org describe-account --account-id 444444444444 --query Account.State)"
same unit ou-exam-workload "$(org list-parents --child-id 222222222222 --query 'Parents[0].Id')"
same children 222222222222 \
    "$(org list-children --parent-id ou-exam-workload --child-type ACCOUNT --query 'Children[0].Id')"

document='{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}'
policy=$(org create-policy --type AISERVICES_OPT_OUT_POLICY --name opt-out --description "" --content "$document" \
    --query Policy.PolicySummary.Id)
refused MalformedPolicyDocumentException create-policy --type AISERVICES_OPT_OUT_POLICY --name x --description "" \
    --content '{}'
refused EffectivePolicyNotFoundException describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY
refused PolicyTypeNotEnabledException attach-policy --policy-id "$policy" --target-id "$root"
org enable-policy-type --root-id "$root" --policy-type AISERVICES_OPT_OUT_POLICY >/dev/null
same "nothing attached" '{}' "$(org describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY \
    --target-id 222222222222 --query EffectivePolicy.PolicyContent)"
org attach-policy --policy-id "$policy" --target-id "$root"
refused DuplicatePolicyAttachmentException attach-policy --policy-id "$policy" --target-id "$root"
same effective '{"services":{"default":{"opt_out_policy":"optOut"}}}' \
    "$(org describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY --target-id 222222222222 \
        --query EffectivePolicy.PolicyContent)"
same targets "$root" "$(org list-targets-for-policy --policy-id "$policy" --query 'Targets[0].TargetId')"
same "policies at the root" "$policy" "$(org list-policies-for-target --target-id "$root" \
    --filter AISERVICES_OPT_OUT_POLICY --query 'Policies[0].Id')"
same invalid 0 "$(org list-accounts-with-invalid-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY \
    --query 'length(Accounts)')"
org tag-resource --resource-id "$policy" --tags Key=owner,Value=platform
same tags platform "$(org list-tags-for-resource --resource-id "$policy" --query 'Tags[0].Value')"
refused ResourcePolicyNotFoundException describe-resource-policy

AWS_ACCESS_KEY_ID=222222222222
same "a member's own" 222222222222 "$(org describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY \
    --query EffectivePolicy.TargetId)"
refused AccessDeniedException list-accounts
AWS_ACCESS_KEY_ID=111111111111

org detach-policy --policy-id "$policy" --target-id "$root"
refused PolicyNotAttachedException detach-policy --policy-id "$policy" --target-id "$root"
org delete-policy --policy-id "$policy"
refused PolicyNotFoundException describe-policy --policy-id "$policy"
org disable-policy-type --root-id "$root" --policy-type AISERVICES_OPT_OUT_POLICY >/dev/null
echo "the aws command line understood every answer"
