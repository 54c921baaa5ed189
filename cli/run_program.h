// SPDX-License-Identifier: Apache-2.0
// Another program in the foreground, on our input and output.
#pragma once

#include <string>
#include <vector>

namespace kvsim::cli {

// The program's exit status, 128 + the signal that ended it, or 127 where it cannot be started. `words` holds
// the program (looked for in PATH) and its arguments.
int run_program(const std::vector<std::string>& words);

}  // namespace kvsim::cli
