# Nothing of the caller's configuration may change what comes back.
AWS_PAGER=
AWS_DEFAULT_OUTPUT=text
AWS_CLI_AUTO_PROMPT=off
AWS_RETRY_MODE=${AWS_RETRY_MODE:-standard}
AWS_REGION=${AWS_REGION:-us-east-1}
AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-$AWS_REGION}
export AWS_PAGER AWS_DEFAULT_OUTPUT AWS_CLI_AUTO_PROMPT AWS_RETRY_MODE AWS_REGION AWS_DEFAULT_REGION
umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/optout.XXXXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

say() { printf '%s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# call OPERATION ARGUMENT...: what AWS answers, in lines of text. Waits where AWS is busy with another change.
call() {
    attempt=1
    while ! "${AWS:-aws}" organizations "$@" --output text >"$work/answer" 2>"$work/errors"; do
        case $(cat "$work/errors") in
        *'(ConcurrentModificationException)'* | *'(PolicyChangesInProgressException)'* | *'(TooManyRequestsException)'*)
            [ "$attempt" -lt 8 ] || fail "$(cat "$work/errors")"
            ;;
        *) return 1 ;;
        esac
        sleep "$attempt"
        attempt=$((attempt + 1))
    done
    cat "$work/answer"
}

# ask OPERATION ARGUMENT...: as `call`; what AWS refuses ends the script.
ask() { call "$@" || fail "$1: $(cat "$work/errors")"; }

# change CODE OPERATION ARGUMENT...: as `ask`; that it is so already (the error CODE) is no failure.
change() {
    already=$1
    shift
    if call "$@" >"$work/changed"; then return 0; fi
    case $(cat "$work/errors") in
    *"($already)"*) ;;
    *) fail "$1: $(cat "$work/errors")" ;;
    esac
}

# The organization that is meant, with all features, and its root.
look() {
    found=$(ask describe-organization --query 'Organization.[Id,FeatureSet]')
    tab=$(printf '\t')
    [ -z "$organization" ] || [ "${found%%"$tab"*}" = "$organization" ] ||
        fail "these credentials are of ${found%%"$tab"*}, and this is for $organization: nothing was done"
    [ "${found##*"$tab"}" = ALL ] || fail "policies need an organization with all features"
    root=$(ask list-roots --query 'Roots[].[Id]')
    root=$(say "$root" | head -n 1)
}

# Whether the policy type is on, in $status.
look_at_type() {
    status=$(ask list-roots --query 'Roots[].PolicyTypes[?Type==`"AISERVICES_OPT_OUT_POLICY"`][].[Status]')
}

# Enables the policy type, where it is off, and waits until ListRoots says so.
enable_type() {
    waited=0
    look_at_type
    while [ "$status" != ENABLED ]; do
        if [ "$waited" = 0 ]; then
            say "enable the policy type at $root"
            change PolicyTypeAlreadyEnabledException enable-policy-type \
                --root-id "$root" --policy-type AISERVICES_OPT_OUT_POLICY
        else
            sleep 2
        fi
        waited=$((waited + 1))
        [ "$waited" -lt 30 ] || fail "AWS has not enabled the policy type within a minute: run this again later"
        look_at_type
    done
}
