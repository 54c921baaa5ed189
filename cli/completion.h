// SPDX-License-Identifier: Apache-2.0
// Tab completion of the commands' tree as a script for a shell.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace kvsim::cli {

// Words that complete a value of a kind, such as ACCELERATOR. FILE, FOLDER and PATH are completed by the
// shell.
using KnownWords = std::map<std::string, std::vector<std::string>>;

// All that the option's value may be; empty: not known, or a file or folder.
std::vector<std::string> value_words(const CLI::Option& option, const KnownWords& known);

std::string bash_completion(const CLI::App& root, const KnownWords& known);
std::string zsh_completion(const CLI::App& root, const KnownWords& known);

}  // namespace kvsim::cli
