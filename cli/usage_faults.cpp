// SPDX-License-Identifier: Apache-2.0
#include "cli/usage_faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/command_tree.h"

namespace kvsim::cli {
namespace {

const CLI::App& chosen(const CLI::App& app) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  return parsed.empty() ? app : chosen(*parsed.front());
}

std::vector<std::string> names_of_options(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : named_options(command))
    for (const std::string& word : option->get_lnames()) names.push_back("--" + word);
  return names;
}

std::string unknown_option(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const auto near = closest_name(name, names_of_options(command));
  return fmt::format("{}: unknown option {}{}", command_path(command), name,
                     near ? "; did you mean '" + *near + "'?" : "");
}

// "--fleet FILE, --trace FILE, ...": options whose value may be what stands there by itself.
std::string options_for_files(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : named_options(command))
    if (value_name(*option) == "FILE" && names.size() < 2)
      names.push_back("--" + option->get_lnames().front());
  return join(names, " or ");
}

std::string unknown_word(const CLI::App& command, const std::string& word) {
  const std::vector<std::string> commands = subcommand_names(command);
  const std::string files = options_for_files(command);
  if (commands.empty() && arguments(command).empty() && !files.empty())
    return fmt::format("{}: found '{}' without an option before it, such as {}", command_path(command), word,
                       files);
  if (commands.empty()) return fmt::format("{}: found '{}', which is too many", command_path(command), word);
  return fmt::format("{}: unknown command '{}'; {}", command_path(command), word,
                     valid_names_remedy(word, commands));
}

// The first word that nothing takes. What is missing matters less: it may be what was misspelt.
std::string first_unknown(const CLI::App& app, const CLI::App& command) {
  const std::vector<std::string> rest = app.remaining(true);
  const auto option =
      std::find_if(rest.begin(), rest.end(), [](const auto& word) { return word.starts_with("-"); });
  if (option != rest.end()) return unknown_option(command, *option);
  return rest.empty() ? "" : unknown_word(command, rest.front());
}

// CLI11 says "--to: azur not in {a,b}" of a choice.
std::string with_nearest(const std::string& told) {
  const std::size_t colon = told.find(": "), mark = told.find(" not in {");
  if (colon == std::string::npos || mark == std::string::npos || !told.ends_with("}")) return told;
  const std::string found = told.substr(colon + 2, mark - colon - 2);
  std::vector<std::string> valid;
  const std::size_t open = told.find('{', mark) + 1;
  for (const std::string_view name : split(std::string_view(told).substr(open, told.size() - 1 - open), ','))
    valid.emplace_back(name);
  return fmt::format("{}: found '{}'; {}", told.substr(0, colon), found, valid_names_remedy(found, valid));
}

}  // namespace

std::string usage_fault(const CLI::App* app, const CLI::Error& error) {
  const CLI::App& command = chosen(*app);
  const std::string unknown = first_unknown(*app, command);
  const bool unchosen = unknown.empty() && !subcommands(command).empty();
  if (unchosen) return command.help();
  const std::string fault =
      unknown.empty() ? command_path(command) + ": " + with_nearest(error.what()) : unknown;
  return fmt::format("{}\n`{} --help` tells all.\n", fault, command_path(command));
}

}  // namespace kvsim::cli
