# The id of the policy whose values are set, in $id; empty where there is none. Looked up once.
find_policy() {
    if [ -f "$work/$label.id" ]; then
        id=$(cat "$work/$label.id")
        return 0
    fi
    id=$known
    if [ -n "$id" ] && ! call describe-policy --policy-id "$id" --query Policy.PolicySummary.Id >"$work/found"; then
        case $(cat "$work/errors") in
        *'(PolicyNotFoundException)'*) id= ;;
        *) fail "describe-policy: $(cat "$work/errors")" ;;
        esac
    fi
    [ -n "$id" ] || id=$(ask list-policies --filter AISERVICES_OPT_OUT_POLICY --query "$named")
    say "$id" >"$work/$label.id"
}

# Nothing is changed where a policy of somebody else has the name.
check_owner() {
    find_policy
    if [ -n "$id" ] && [ "$adopt" = false ]; then
        managed=$(ask list-tags-for-resource --resource-id "$id" --query 'Tags[?Key==`"optout:managed"`].[Key]')
        [ -n "$managed" ] || fail "$id has the name of the policy $label, and optout does not manage it: pass --adopt to" \
            "take it over, or choose another name in the intent; nothing was done"
    fi
}

# The policy as it shall be: created, or changed where something differs. Where it is attached is kept for later.
ensure() {
    find_policy
    if [ -z "$id" ]; then
        id=$(ask create-policy --cli-input-json "$create" --query Policy.PolicySummary.Id)
        say "created $label: $id"
        say "$id" >"$work/$label.id"
        : >"$work/$label.there"
        return 0
    fi
    is_right=$(ask describe-policy --policy-id "$id" --query "$right")
    if [ "$is_right" != True ]; then
        ask update-policy --policy-id "$id" --cli-input-json "$update" >"$work/updated"
        say "changed $label: $id"
    fi
    has=$(ask list-tags-for-resource --resource-id "$id" --query "$tagged")
    if [ "$(say "$has" | grep -c .)" != "$tag_count" ]; then
        ask tag-resource --resource-id "$id" --cli-input-json "$tags"
        say "tagged $label: $id"
    fi
    there=$(ask list-targets-for-policy --policy-id "$id" --query 'Targets[].[TargetId]')
    say "$there" >"$work/$label.there"
}

attach() {
    for target in $targets; do
        [ "$target" != root ] || target=$root
        if ! grep -Fqx "$target" "$work/$label.there"; then
            change DuplicatePolicyAttachmentException attach-policy --policy-id "$id" --target-id "$target"
            say "attached $label at $target"
        fi
    done
}

# Where the policy was attached and shall not be.
detach() {
    find_policy
    attached=$(cat "$work/$label.there")
    for there in $attached; do
        wanted=false
        for target in $targets; do
            [ "$target" != root ] || target=$root
            [ "$target" != "$there" ] || wanted=true
        done
        if [ "$wanted" = false ]; then
            change PolicyNotAttachedException detach-policy --policy-id "$id" --target-id "$there"
            say "detached $label from $there"
        fi
    done
}

# AWS's own answer for the calling account: it takes some seconds.
confirm() {
    waited=0
    while :; do
        if call describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY \
            --query EffectivePolicy.PolicyContent >"$work/effective"; then
            case $(tr -d ' \n\t' <"$work/effective") in
            *'"default":{"opt_out_policy":"optOut"}'*) return 0 ;;
            esac
        fi
        waited=$((waited + 1))
        if [ "$waited" -ge 20 ]; then
            say "everything is in place, but AWS's answer does not show it yet: see \`optout verify\`"
            exit 3
        fi
        sleep 2
    done
}
