usage() {
    echo "usage: $0 [--adopt]" >&2
    echo "  --adopt  take over policies of these names that optout does not manage" >&2
    exit 64
}

adopt=false
case $#${1:-} in
0) ;;
1--adopt) adopt=true ;;
*) usage ;;
esac

