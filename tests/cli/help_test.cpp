// SPDX-License-Identifier: Apache-2.0
// Does every command's help fit a screen, give an example, and name the kind or unit and the default of each
// value?
#include <gtest/gtest.h>

#include "base/text.h"
#include "cli/application.h"
#include "cli/command_tree.h"
#include "cli/help_pages.h"
#include "tests/cli/command_line.h"

namespace kvsim::cli {
namespace {

constexpr std::string_view kExample = "Example: ";

const CLI::App& root() {
  static const std::unique_ptr<CLI::App> app = make_application("test");
  return *app;
}

// What CLI11 calls a value that nobody named.
bool is_unnamed(const std::string& kind) {
  for (const char* name : {"", "TEXT", "INT", "UINT", "FLOAT", "BOOLEAN"})
    if (kind == name) return true;
  return false;
}

std::vector<const CLI::Option*> values_of(const CLI::App& command) {
  std::vector<const CLI::Option*> found = named_options(command), others = arguments(command);
  found.insert(found.end(), others.begin(), others.end());
  std::erase_if(found, [](const CLI::Option* option) { return !takes_value(*option); });
  return found;
}

bool tells_default(const CLI::Option& option) {
  return option.get_required() || !option.get_default_str().empty() ||
         option.get_description().find("default: ") != std::string::npos;
}

TEST(Help, FitsAScreen) {
  for (const CLI::App* command : all_commands(root())) {
    const std::string help = command->help();
    const auto lines = split(help, '\n');
    EXPECT_LE(lines.size(), kHelpLines + 1) << help;  // the last one is empty
    for (const std::string_view line : lines) EXPECT_LE(line.size(), kHelpColumns) << line;
  }
}

TEST(Help, GivesOneExampleOfTheCommandItself) {
  for (const CLI::App* command : all_commands(root())) {
    const std::string help = command->help();
    const std::size_t at = help.find(kExample);
    ASSERT_NE(at, std::string::npos) << help;
    EXPECT_EQ(help.find(kExample, at + 1), std::string::npos) << help;
    EXPECT_TRUE(help.substr(at + kExample.size()).starts_with(command_path(*command))) << help;
  }
}

TEST(Help, NamesKindOrUnitAndDefaultOfEachValue) {
  int values = 0;
  for (const CLI::App* command : all_commands(root()))
    for (const CLI::Option* option : values_of(*command)) {
      ++values;
      EXPECT_FALSE(is_unnamed(value_name(*option))) << command_path(*command) << " " << option->get_name();
      EXPECT_TRUE(tells_default(*option)) << command_path(*command) << " " << option->get_name();
      EXPECT_NE(command->help().find(option->get_required() ? "(required)" : "default: "), std::string::npos);
    }
  EXPECT_GT(values, 150);
}

TEST(Help, IsWhatTheProgramPrints) {
  for (const CLI::App* command : all_commands(root())) {
    const std::string below =
        command == &root() ? "" : command_path(*command).substr(root().get_name().size());
    EXPECT_EQ(testing::kvsim(below + " --help").output, command->help()) << below;
  }
}

TEST(Help, SuggestsWhatWasMeant) {
  const auto told = [](const std::string& line, const std::string& meant) {
    const testing::CommandResult result = testing::kvsim(line);
    EXPECT_EQ(result.status, 1) << result.output;
    EXPECT_NE(result.output.find(meant), std::string::npos) << result.output;
  };
  told("rnu", "did you mean 'run'?");
  told("catalog lsit", "did you mean 'list'?");
  told("run --flet fleet.yaml", "kvsim run: unknown option --flet; did you mean '--fleet'?");
  told("trace info x.jsonl --rate-scael=2",
       "kvsim trace info: unknown option --rate-scael; did you mean '--rate-scale'?");
  told("check a b c", "found 'c'");
  told("run", "--fleet is required");
  told("new flet", "fleet");
}

}  // namespace
}  // namespace kvsim::cli
