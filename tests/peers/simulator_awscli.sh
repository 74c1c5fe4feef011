#!/bin/sh
# The aws command line drives the simulator through every operation it has: what a person would type, from nothing to an
# opted-out organization, and what changes its accounts, units and delegates.
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

same "policies of the type" "$policy" "$(org list-policies --filter AISERVICES_OPT_OUT_POLICY --query 'Policies[0].Id')"
same name opt-out "$(org describe-policy --policy-id "$policy" --query Policy.PolicySummary.Name)"
same renamed everything "$(org update-policy --policy-id "$policy" --name everything --query Policy.PolicySummary.Name)"
org untag-resource --resource-id "$policy" --tag-keys owner
same "no tags" 0 "$(org list-tags-for-resource --resource-id "$policy" --query 'length(Tags)')"
same "no errors" 0 "$(org list-effective-policy-validation-errors --account-id 222222222222 \
    --policy-type AISERVICES_OPT_OUT_POLICY --query 'length(EffectivePolicyValidationErrors)')"

unit=$(org create-organizational-unit --parent-id "$root" --name Labs --query OrganizationalUnit.Id)
same "name of the unit" Labs "$(org describe-organizational-unit --organizational-unit-id "$unit" \
    --query OrganizationalUnit.Name)"
same "units below the root" 1 "$(org list-organizational-units-for-parent --parent-id "$root" \
    --query "length(OrganizationalUnits[?Id=='$unit'])")"
request=$(org create-account --email new@example.com --account-name New --query CreateAccountStatus.Id)
account=$(org describe-create-account-status --create-account-request-id "$request" \
    --query CreateAccountStatus.AccountId)
org move-account --account-id "$account" --source-parent-id "$root" --destination-parent-id "$unit"
same moved "$account" "$(org list-accounts-for-parent --parent-id "$unit" --query 'Accounts[0].Id')"
org close-account --account-id "$account"
org remove-account-from-organization --account-id "$account"
refused AccountNotFoundException describe-account --account-id "$account"

service=account.amazonaws.com
org enable-aws-service-access --service-principal "$service"
same services "$service" "$(org list-aws-service-access-for-organization \
    --query "EnabledServicePrincipals[?ServicePrincipal=='$service'].ServicePrincipal")"
org register-delegated-administrator --account-id 222222222222 --service-principal "$service"
same delegates 222222222222 "$(org list-delegated-administrators --query 'DelegatedAdministrators[0].Id')"
same "the delegate's services" "$service" "$(org list-delegated-services-for-account --account-id 222222222222 \
    --query 'DelegatedServices[0].ServicePrincipal')"
org deregister-delegated-administrator --account-id 222222222222 --service-principal "$service"
grant='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"222222222222"},'
grant=$grant'"Action":"organizations:DescribePolicy","Resource":"*"}]}'
org put-resource-policy --content "$grant" >/dev/null
same granted 1 "$(org describe-resource-policy --query ResourcePolicy.Content | grep -c DescribePolicy)"
org delete-resource-policy

refused AlreadyInOrganizationException create-organization --feature-set ALL
refused OrganizationNotEmptyException delete-organization
refused HandshakeConstraintViolationException enable-all-features
refused HandshakeNotFoundException accept-handshake --handshake-id h-examplehandshake
same assumed 222222222222 "$("${AWS:-aws}" sts assume-role --role-arn arn:aws:iam::222222222222:role/reader \
    --role-session-name test --query AssumedRoleUser.Arn --output text | cut -d: -f5)"

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
