// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/shown_commands.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

#include "base/text.h"
#include "cli/command_tree.h"
#include "tests/cli/command_line.h"

namespace kvsim::testing {
namespace {

// A word, or a part of a path, of capitals alone; also what stands for more: `...`, [--to X], a|b.
const std::regex kPlaceholder(R"((^|[\s/=,])[A-Z][A-Z_-]*[A-Z](\.[a-z]+)?($|[\s/,])|\.\.\.|\||\[)");
const std::regex kStart(R"(^(build/kvsim|kvsim|\./setup\.sh|cmake|ctest|mpirun|python3) \S)");
const std::regex kInline(R"(`((build/)?kvsim [a-z][^`]*)`)");

ShownCommand shown(const std::string& place, const std::string& line) {
  const std::size_t hash = line.find(" #");
  const std::string text(trim(line.substr(0, hash)));
  const std::string note = hash == std::string::npos ? "" : line.substr(hash);
  const bool marked = note.find("needs ") != std::string::npos || std::regex_search(text, kPlaceholder);
  return {place, text, !marked};
}

// Words as a shell divides them; what was quoted is one word and no option.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  const std::regex word(R"('[^']*'|"[^"]*"|[^\s\[\]|]+)");
  for (auto at = std::sregex_iterator(text.begin(), text.end(), word); at != std::sregex_iterator(); ++at)
    words.push_back(at->str());
  return words;
}

bool is_option(const std::string& word) { return word.size() > 2 && word.starts_with("--"); }

const CLI::App* below(const CLI::App& command, const std::string& name) {
  for (const CLI::App* each : cli::subcommands(command))
    if (each->get_name() == name) return each;
  return nullptr;
}

std::vector<std::string> faults_of_kvsim(const std::vector<std::string>& words, std::size_t first,
                                         const CLI::App& root) {
  const CLI::App* command = &root;
  while (first < words.size())
    if (const CLI::App* next = below(*command, words[first]))
      command = next, ++first;
    else
      break;
  std::vector<std::string> faults;
  if (command == &root && first < words.size() && !is_option(words[first]))
    return {"no command " + words[first]};
  if (command->get_prefix_command()) return {};  // another program's options
  std::vector<std::string> known;
  for (const CLI::Option* option : cli::named_options(*command))
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  for (const std::string& word : words)
    if (is_option(word) &&
        std::find(known.begin(), known.end(), word.substr(0, word.find('='))) == known.end())
      faults.push_back(cli::command_path(*command) + " has no " + word);
  return faults;
}

std::vector<std::string> faults_of_script(const std::vector<std::string>& words) {
  const std::string script = std::string(KVSIM_SOURCE_DIR) + "/" + words.at(1);
  if (!std::filesystem::exists(script)) return {"no script " + words[1]};
  if (std::none_of(words.begin(), words.end(), is_option)) return {};
  const std::string help = run_command("python3 " + script + " --help 2>&1").output;
  std::vector<std::string> faults;
  for (const std::string& word : words)
    if (is_option(word) && help.find(word) == std::string::npos)
      faults.push_back(words[1] + " has no " + word);
  return faults;
}

}  // namespace

std::vector<ShownCommand> commands_of_page(const std::string& page, const std::string& text) {
  std::vector<ShownCommand> found;
  std::istringstream lines(text);
  bool fenced = false;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string place = page + ":" + std::to_string(++number);
    const bool is_fence = line.starts_with("```");
    if (is_fence) fenced = !fenced && line == "```sh";
    for (std::string more; line.ends_with("\\") && std::getline(lines, more); ++number)
      line = line.substr(0, line.size() - 1) + std::string(trim(more));
    const std::string command(trim(line));
    if ((fenced || line.starts_with("    ")) && std::regex_search(command, kStart))
      found.push_back(shown(place, command));
    for (auto at = std::sregex_iterator(line.begin(), line.end(), kInline); at != std::sregex_iterator();
         ++at)
      found.push_back({place, (*at)[1].str(), false});
  }
  return found;
}

std::vector<ShownCommand> examples_of_help(const CLI::App& root) {
  std::vector<ShownCommand> found;
  for (const CLI::App* command : cli::all_commands(root)) {
    std::string text = command->get_footer();
    text.erase(0, text.find("Example: ") + 9);
    text = std::regex_replace(text, std::regex(R"(\\\n\s*)"), "");
    found.push_back(shown(cli::command_path(*command) + " --help", text));
  }
  return found;
}

std::vector<std::string> faults_of(const ShownCommand& shown, const CLI::App& root) {
  const std::vector<std::string> words = words_of(shown.text);
  if (words.at(0) == "python3") return faults_of_script(words);
  if (words[0] == "cmake" || words[0] == "ctest") return {};
  const auto program =
      std::find_if(words.begin(), words.end(), [](const auto& word) { return word.ends_with("kvsim"); });
  if (program == words.end()) return {};
  return faults_of_kvsim({program, words.end()}, 1, root);
}

}  // namespace kvsim::testing
