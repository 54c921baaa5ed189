#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds kvsim on Debian 12 from nothing but git and bash.
#   ./setup.sh run     build, simulate examples/quickstart, name the report
#   ./setup.sh test    build and run all tests
#   ./setup.sh package build a Debian package, build/kvsim_VERSION_ARCHITECTURE.deb
# Missing packages are installed when run as root, named otherwise. Running it again is safe and quick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

build_packages=(g++ cmake ninja-build pkg-config libyaml-cpp-dev libfmt-dev libsimdjson-dev libzstd-dev zlib1g-dev
  nlohmann-json3-dev libcli11-dev libsimgrid-dev libboost-dev libboost-graph-dev libeigen3-dev coinor-libcbc-dev
  libopenmpi-dev openmpi-bin libgtest-dev libgmock-dev libjs-chart.js zstd)
package_packages=(dpkg-dev file)
test_packages=(clang-14 libclang-rt-14-dev clang-format-14 chromium python3 strace help2man man-db zsh)

usage() {
  echo "usage: ./setup.sh run|test|package" >&2
  exit 1
}

is_installed() {
  [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

install_missing() {
  local missing=()
  if ! command -v dpkg-query >/dev/null; then
    echo "setup.sh: no dpkg here; install what these Debian packages hold, then build with cmake: $*" >&2
    exit 1
  fi
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]} == 0)) && return
  local install=(apt-get install --yes --no-install-recommends "${missing[@]}")
  if ((EUID != 0)); then
    echo "setup.sh: these packages are missing: ${missing[*]}" >&2
    echo "As root, run: apt-get update && ${install[*]}" >&2
    exit 1
  fi
  echo "Installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  "${install[@]}"
}

build() {
  cmake --preset release
  cmake --build --preset release --parallel "$(nproc)" --target "$1"
}

run_quickstart() {
  install_missing "${build_packages[@]}"
  build kvsim
  build/kvsim run --fleet examples/quickstart/fleet.yaml --trace examples/quickstart/workload.yaml \
    --out results/quickstart
}

run_tests() {
  install_missing "${build_packages[@]}" "${package_packages[@]}" "${test_packages[@]}"
  build all
  ctest --preset release --parallel "$(nproc)"
}

make_package() {
  install_missing "${build_packages[@]}" "${package_packages[@]}"
  build kvsim
  (cd build && cpack -G DEB)
}

case "${1:-}" in
  run) run_quickstart ;;
  test) run_tests ;;
  package) make_package ;;
  *) usage ;;
esac
