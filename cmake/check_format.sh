#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every tracked C++ file must be as clang-format leaves it.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files -z -- '*.h' '*.cpp' | xargs -0 clang-format-14 --dry-run -Werror
echo "$(git ls-files -- '*.h' '*.cpp' | wc -l) files are formatted"
