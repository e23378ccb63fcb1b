#!/usr/bin/env bash
# Installs what is missing, then builds, checks the format and runs every test. The last line says how many passed.
set -uo pipefail
cd "$(dirname "$0")/.."

# Real parts: the tests talk to these, and a missing one fails them.
declare -A packages=(
    [/usr/lib/postgresql]=postgresql
    [/usr/sbin/mosquitto]=mosquitto
    [/usr/bin/mosquitto_pub]=mosquitto-clients
    [/usr/bin/chromium]=chromium
    [/usr/sbin/nginx]=nginx
    [/usr/lib/x86_64-linux-gnu/faketime]=libfaketime
    [/usr/bin/zsh]=zsh
    [/usr/bin/jq]=jq
)
missing=()
for path in "${!packages[@]}"; do
    [ -e "$path" ] || missing+=("${packages[$path]}")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "Installing ${missing[*]}"
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        echo "Could not install ${missing[*]}; the tests that need them will fail." >&2
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

step() {
    echo "== $1"
    shift
    if ! "$@" >"$log" 2>&1; then
        cat "$log"
        echo "0 passed, 1 failed"
        exit 1
    fi
}

step "Build" dotnet build -c Release MdmOrleans.sln
step "Format" dotnet format --verify-no-changes --no-restore MdmOrleans.sln

passed=0 failed=0
for project in tests/*.Tests; do
    echo "== $(basename "$project")"
    dotnet test -c Release --no-build --project "$project" >"$log" 2>&1
    status=$?
    cat "$log"
    ok=$(sed -n 's/^ *succeeded: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
    bad=$(sed -n 's/^ *failed: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
    passed=$((passed + ${ok:-0}))
    failed=$((failed + ${bad:-0}))
    # A run that ended badly without naming a failed test, or without running one, has failed all the same.
    if [ "${bad:-0}" -eq 0 ] && { [ $status -ne 0 ] || [ "${ok:-0}" -eq 0 ]; }; then
        failed=$((failed + 1))
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
