// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.h"

#include "cli/command_tree.h"

namespace kvsim::cli {

std::vector<std::string> value_words(const CLI::Option& option, const KnownWords& known) {
  const auto found = known.find(value_name(option));
  std::vector<std::string> words = choices(option);
  return words.empty() && found != known.end() ? found->second : words;
}

}  // namespace kvsim::cli
