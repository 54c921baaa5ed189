// SPDX-License-Identifier: Apache-2.0
#include "cli/command_tree.h"

#include "base/text.h"

namespace kvsim::cli {

std::string command_path(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : command_path(*parent) + " " + command.get_name();
}

std::vector<const CLI::App*> subcommands(const CLI::App& command) { return command.get_subcommands({}); }

std::vector<const CLI::App*> all_commands(const CLI::App& command) {
  std::vector<const CLI::App*> all{&command};
  for (const CLI::App* below : subcommands(command)) {
    const std::vector<const CLI::App*> more = all_commands(*below);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

std::vector<const CLI::Option*> named_options(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}

std::vector<const CLI::Option*> arguments(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<std::string> subcommand_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* below : subcommands(command)) names.push_back(below->get_name());
  return names;
}

std::vector<std::string> option_words(const CLI::Option& option) {
  std::vector<std::string> words;
  for (const std::string& letter : option.get_snames()) words.push_back("-" + letter);
  for (const std::string& word : option.get_lnames()) words.push_back("--" + word);
  return words;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

// An option that may be repeated has one value each time.
bool takes_many(const CLI::Option& option) {
  return option.get_expected_max() == CLI::detail::expected_max_vector_size;
}

std::string value_name(const CLI::Option& option) {
  return std::string(split(option.get_type_name(), ':').front());
}

std::vector<std::string> choices(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{'), close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> found;
  for (const std::string_view choice : split(std::string_view(type).substr(open + 1, close - open - 1), ','))
    found.emplace_back(choice);
  return found;
}

}  // namespace kvsim::cli
