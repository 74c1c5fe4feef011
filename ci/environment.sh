# shellcheck shell=bash
# What every stage sees. Sourced by `check` and `soak`.

# Cargo takes this from the configuration of whoever runs it; one folder for all stages, so that each reuses what another built.
export CARGO_TARGET_DIR=$PWD/target
export PATH=$CARGO_TARGET_DIR/tools/bin:$PATH
export CARGO_NET_RETRY=5
# Snapshots are compared, never written.
export INSTA_UPDATE=no
unset UPDATE_GENERATED
if [[ ${CI:-} == true ]]; then
  # A build from nothing gains nothing from incremental compilation and pays for it.
  export CARGO_INCREMENTAL=0 CARGO_TERM_COLOR=never
fi
