// SPDX-License-Identifier: Apache-2.0
// Commands as pages and help show them. What a reader has to bring is in capitals (`--trace TRACE`,
// `MY-FLEET.yaml`), and a comment that says what a command `needs` marks one that a fresh clone cannot run:
// of these only the words are checked.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace kvsim::testing {

struct ShownCommand {
  std::string place;  // page and line
  std::string text;   // one line, without its comment
  bool runs = false;  // as it stands, in a fresh clone
};

// Of indented and ```sh blocks, continued lines joined; `kvsim ...` within a sentence counts too, but is
// never run.
std::vector<ShownCommand> commands_of_page(const std::string& page, const std::string& text);
std::vector<ShownCommand> examples_of_help(const CLI::App& root);

// What of a command does not exist: the command itself, an option that it names, a script.
std::vector<std::string> faults_of(const ShownCommand& shown, const CLI::App& root);

}  // namespace kvsim::testing
