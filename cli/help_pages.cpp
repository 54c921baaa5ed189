// SPDX-License-Identifier: Apache-2.0
#include "cli/help_pages.h"

#include <algorithm>

#include "base/text.h"
#include "cli/command_tree.h"

namespace kvsim::cli {
namespace {

constexpr std::size_t kWidestName = 30;  // a longer one has its text on the next line

struct Row {
  std::string name, text;
};

std::string value_text(const CLI::Option& option) {
  if (!takes_value(option)) return "";
  const std::string name =
      option.get_expected_min() == 0 ? "[" + value_name(option) + "]" : value_name(option);
  return " " + name + (takes_many(option) ? "..." : "");
}

std::string default_text(const CLI::Option& option) {
  if (option.get_required()) return " (required)";
  const bool told = option.get_description().find("default: ") != std::string::npos;
  if (!takes_value(option) || told || option.get_default_str().empty()) return "";
  return " (default: " + option.get_default_str() + ")";
}

std::string choice_text(const CLI::Option& option) {
  const std::vector<std::string> all = choices(option);
  return all.empty() ? "" : (option.get_description().empty() ? "" : ": ") + join(all, ", ");
}

Row option_row(const CLI::Option& option) {
  const std::string name = option.get_positional() ? option.get_name(true) : join(option_words(option), ", ");
  return {name + value_text(option), option.get_description() + choice_text(option) + default_text(option)};
}

std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const std::string_view word : split(text, ' ')) {
    const bool breaks = column > indent && column + 1 + word.size() > kHelpColumns;
    if (breaks) out += "\n" + std::string(indent, ' ');
    if (!breaks && column > indent) out += ' ';
    column = breaks ? indent + word.size() : column + word.size() + (column > indent ? 1 : 0);
    out += word;
  }
  return out;
}

std::size_t text_column(const std::vector<Row>& rows) {
  std::size_t width = 0;
  for (const Row& row : rows)
    if (row.name.size() <= kWidestName) width = std::max(width, row.name.size());
  return width + 4;
}

std::string section(const std::string& title, const std::vector<Row>& rows, std::size_t column) {
  if (rows.empty()) return "";
  std::string out = title + ":\n";
  for (const Row& row : rows) {
    const bool fits = row.name.size() + 4 <= column;
    out += "  " + row.name +
           (fits ? std::string(column - 2 - row.name.size(), ' ') : "\n" + std::string(column, ' '));
    out += wrapped(row.text, column) + "\n";
  }
  return out;
}

std::string usage(const CLI::App& command) {
  std::string out = "Usage: " + command_path(command);
  if (!subcommands(command).empty()) return out + " COMMAND ...\n";
  out += " [OPTION]...";
  for (const CLI::Option* argument : arguments(command)) {
    const std::string name = argument->get_name(true) + (takes_many(*argument) ? "..." : "");
    out += argument->get_required() ? " " + name : " [" + name + "]";
  }
  return out + "\n";
}

std::vector<Row> rows_of(const std::vector<const CLI::Option*>& options, const std::string& group) {
  std::vector<Row> rows;
  for (const CLI::Option* option : options)
    if (group.empty() || option->get_group() == group) rows.push_back(option_row(*option));
  return rows;
}

}  // namespace

std::string HelpPages::make_help(const CLI::App* command, std::string, CLI::AppFormatMode) const {
  std::vector<Row> commands;
  for (const CLI::App* below : subcommands(*command))
    commands.push_back({below->get_name(), below->get_description()});
  const std::vector<Row> argument_rows = rows_of(arguments(*command), "");
  std::vector<Row> all = rows_of(named_options(*command), "");
  all.insert(all.end(), argument_rows.begin(), argument_rows.end());
  all.insert(all.end(), commands.begin(), commands.end());
  const std::size_t column = text_column(all);
  std::string out = command->get_description() + "\n" + usage(*command);
  out += section("Arguments", argument_rows, column) + section("Commands", commands, column);
  for (const std::string& group : command->get_groups())
    out += section(group, rows_of(named_options(*command), group), column);
  return out + command->get_footer() + "\n";
}

}  // namespace kvsim::cli
