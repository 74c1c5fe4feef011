# shellcheck shell=bash
# Named stages: runs one after another, keeps the time and the outcome of each, prints them as a table.
# Sourced by `check` and `soak`. A stage is a program, never a function of this shell: `set -e` does not hold inside `||`.

# A stage that exits with this could not be run here, and has said why.
readonly NOT_HERE=77

stage_rows=()
stage_failures=0
stages_began=$SECONDS

# stage NAME PROGRAM [ARGUMENT...]
stage() {
  local name=$1 began=$SECONDS code=0 outcome
  shift
  printf '\n=== %s\n' "$name"
  within "$@" || code=$?
  case $code in
    0) outcome=ok ;;
    "$NOT_HERE") outcome=$(not_here) ;;
    124 | 137) outcome='FAILED: took too long' ;;
    *) outcome="FAILED: exit code $code" ;;
  esac
  [[ $outcome != FAILED* ]] || stage_failures=$((stage_failures + 1))
  stage_rows+=("$(printf '%-14s %6d s  %s' "$name" "$((SECONDS - began))" "$outcome")")
}

# Nothing hangs: a stage is ended after STAGE_LIMIT, where the system has `timeout`.
within() {
  if command -v timeout >/dev/null; then
    timeout --kill-after=30s "${STAGE_LIMIT:-40m}" "$@"
  else
    "$@"
  fi
}

# Where everything must be installed, a missing tool is a failure.
not_here() {
  if [[ ${CI:-} == true ]]; then echo 'FAILED: could not be run here'; else echo skipped; fi
}

# Prints the table; false if a stage failed.
stages_end() {
  printf '\n=== times\n'
  printf '%s\n' "${stage_rows[@]}"
  printf '%-14s %6d s\n' total "$((SECONDS - stages_began))"
  ((stage_failures == 0))
}
