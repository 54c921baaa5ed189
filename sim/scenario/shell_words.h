// SPDX-License-Identifier: Apache-2.0
// The simple commands of a shell script, with the words as the shell would pass them on: quotes removed,
// lines joined, variables that the script assigns put in. Only what scripts that start a server need; nothing
// is run.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/foreign.h"

namespace kvsim::sim {

struct Word {
  std::string text;
  int line = 0;
  std::vector<std::string>
      missing;  // variables in it that the script does not settle, as "$NAME" or "$(command)"
};
using Words = std::vector<Word>;
struct Command {
  Words words;
  std::optional<Word> hash_seed;  // PYTHONHASHSEED, where the script or the environment sets it
};

// Throws InputError for a quote or bracket that never ends and for a script that grows without bound. A
// variable that only some branch assigns is missing.
std::vector<Command> shell_commands(std::string_view script, const std::string& file, int first_line,
                                    Variables& variables,
                                    const std::map<std::string, std::string>& environment = {});

}  // namespace kvsim::sim
