#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: make_manual.sh KVSIM FOLDER
# A manual page for kvsim and each of its commands, out of what they say of themselves with --help, and the scripts of
# tab completion: FOLDER/man/*.1.gz, FOLDER/completions/{bash,zsh}. Needs help2man; without it there are no pages.
set -euo pipefail
kvsim=$1
folder=$2

commands_of() { # the words below "Commands:" of a help page
  "$kvsim" "$@" --help | sed -n '/^Commands:$/,/^[A-Z]/s/^  \([a-z-]*\) .*/\1/p'
}

page() { # the words of a command
  local name about
  name=$(IFS=-; echo "kvsim${*:+-$*}")
  about=$("$kvsim" "$@" --help | head -n 1)
  help2man --no-info --no-discard-stderr --section 1 --manual "kvsim" --source "$version" \
    --version-string "$name ${version#kvsim }" --name "${about%.}" "$kvsim${*:+ $*}" |
    gzip --no-name --best >"$folder/man/$name.1.gz"
  local below
  for below in $(commands_of "$@"); do page "$@" "$below"; done
}

mkdir -p "$folder/man" "$folder/completions"
for shell in bash zsh; do "$kvsim" completion "$shell" >"$folder/completions/$shell"; done
command -v help2man >/dev/null || exit 0
version="kvsim $("$kvsim" --version | grep -oE "[0-9][0-9.]*" | head -n 1)"
page
