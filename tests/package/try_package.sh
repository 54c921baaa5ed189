#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Packs what was built, installs the package in a scratch folder, runs the first example there as a stranger would, takes
# the package off, and looks whether anything is left. The machine's own packages stay as they are.
#   try_package.sh BUILD    77: cannot be tried here
set -euo pipefail

build="$(realpath "$1")"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
root="$scratch/root"
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$scratch/home" "$scratch/work"
touch "$root/var/lib/dpkg/status"

fail() {
  echo "try_package.sh: $1" >&2
  exit 1
}

check_tools() {
  ((EUID == 0)) || { echo "not root: nothing can be installed" && exit 77; }
  for tool in cpack dpkg dpkg-shlibdeps file; do
    command -v "$tool" >/dev/null || { echo "no $tool here (Debian: cmake, dpkg-dev, file)" && exit 77; }
  done
}

# Dependencies are those of the machine itself: the scratch folder has no packages of its own.
dpkg_in_root() { dpkg --root="$root" --log=/dev/null --force-depends "$@"; }

files_in_root() { (cd "$root" && find . -path ./var/lib/dpkg -prune -o ! -type d -print | sort); }

# The environment of somebody who has nothing but what the package brings.
as_stranger() { (cd "$scratch/work" && env -i PATH=/usr/bin:/bin HOME="$scratch/home" "$@"); }

check_contents() {
  local bin="$root/usr/bin/kvsim" doc="$root/usr/share/doc/kvsim"
  for file in "$bin" "$doc/copyright" "$doc/docs/cli.md" "$doc/schemas/fleet.schema.json" \
    "$root/usr/share/kvsim/validation/probe/kvsim_probe.py"; do
    [[ -s "$file" ]] || fail "$file was not installed"
  done
  ! grep -q "$2" "$bin" || fail "the program names the folder that it was built from"
  [[ -z "$(find "$root/usr" -perm /022 ! -type l)" ]] || fail "others may write what was installed"
  dpkg-deb --field "$1" Depends | grep -q libc6 || fail "the package does not say what it needs"
}

run_example() {
  cp -r "$root/usr/share/doc/kvsim/examples/." "$scratch/work"
  [[ "$(as_stranger "$1" catalog where | head -n 1)" == "shipped   ${1%/bin/kvsim}/share/kvsim" ]] ||
    fail "$1 takes its data from elsewhere"
  as_stranger "$1" run --fleet quickstart/fleet.yaml --trace quickstart/workload.yaml --out results >/dev/null 2>&1 || fail "$1 does not simulate"
  for file in summary.json run.html; do
    [[ -s "$scratch/work/results/$file" ]] || fail "the example left no $file"
  done
  as_stranger "$1" probe --print-script | xargs test -s || fail "the probe is not there"
}

# What else reads data of its own: presets, populations, a plan's copies.
run_others() {
  local fleet
  for fleet in $(cd "$scratch/work" && find . -name '*fleet.yaml'); do
    as_stranger "$1" run --fleet "$fleet" --print-effective >/dev/null || fail "$fleet is not read"
  done
  as_stranger "$1" trace info population/workload.yaml >/dev/null || fail "no population"
  as_stranger "$1" plan plan/first/problem.yaml --no-what-if --out planned >/dev/null 2>&1 || fail "no plan"
  [[ -s "$scratch/work/planned/plan.html" ]] || fail "the plan has no page"
}

# The page after its scripts.
open_report() {
  command -v chromium >/dev/null || return 0
  timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$scratch/browser" \
    --virtual-time-budget=5000 --dump-dom "file://$scratch/work/results/run.html" 2>/dev/null |
    grep -q '<canvas[^>]* aria-label="[^>]* width="' || fail "the report shows no chart"
}

check_without_data() {
  mv "$root/usr/share/kvsim" "$scratch/data"
  local status=0
  as_stranger "$root/usr/bin/kvsim" catalog list >/dev/null 2>&1 || status=$?
  ((status == 2)) || fail "without its data the program ended with $status"
  mv "$scratch/data" "$root/usr/share/kvsim"
}

check_tools
(cd "$build" && cpack -G DEB -B "$scratch/package" >"$scratch/log" 2>&1) || { cat "$scratch/log" && exit 1; }
package="$(echo "$scratch"/package/kvsim_*.deb)"
dpkg_in_root --install "$package"
check_contents "$package" "$(realpath "$build/kvsim-data")"
run_example "$root/usr/bin/kvsim"
run_others "$root/usr/bin/kvsim"
open_report
check_without_data
cp -r "$root/usr" "$scratch/moved"
run_example "$scratch/moved/bin/kvsim"
dpkg_in_root --purge kvsim
[[ -z "$(files_in_root)" ]] || fail "left behind: $(files_in_root)"
echo "the package works and leaves nothing"
