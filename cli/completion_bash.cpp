// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "cli/command_tree.h"
#include "cli/completion.h"

namespace kvsim::cli {
namespace {

// What follows an option or stands at an argument's place: a line of bash that fills COMPREPLY.
std::string value_line(const CLI::Option& option, const KnownWords& known) {
  const std::string kind = value_name(option);
  const std::vector<std::string> words = value_words(option, known);
  if (!words.empty()) return "_kvsim_words '" + join(words, " ") + "'";
  if (kind == "FILE" || kind == "PATH") return "_kvsim_files -f";
  return kind == "FOLDER" ? "_kvsim_files -d" : ":";
}

// The path of a command below the root: "trace info"; of the root: nothing.
std::string path_below(const CLI::App& command, const CLI::App& root) {
  return &command == &root ? "" : command_path(command).substr(root.get_name().size() + 1);
}

// Cases by the command and the option before the cursor.
std::string value_cases(const CLI::App& root, const KnownWords& known) {
  std::string out;
  for (const CLI::App* command : all_commands(root))
    for (const CLI::Option* option : named_options(*command)) {
      if (!takes_value(*option) || option->get_expected_min() == 0) continue;
      for (const std::string& word : option_words(*option))
        out += fmt::format("    '{}:{}') {}; return ;;\n", path_below(*command, root), word,
                           value_line(*option, known));
    }
  return out;
}

// Cases by the command: its options where the word begins with a dash, else its commands or its first
// argument.
std::string word_cases(const CLI::App& root, const KnownWords& known) {
  std::string out;
  for (const CLI::App* command : all_commands(root)) {
    std::vector<std::string> options;
    for (const CLI::Option* option : named_options(*command))
      options.push_back(join(option_words(*option), " "));
    const auto places = arguments(*command);
    const std::string other = places.empty() ? "_kvsim_words '" + join(subcommand_names(*command), " ") + "'"
                                             : value_line(*places.front(), known);
    out += fmt::format("    '{}') options='{}'; [[ $current == -* ]] || {} ;;\n", path_below(*command, root),
                       join(options, " "), other);
  }
  return out;
}

std::string commands_with_subcommands(const CLI::App& root) {
  std::string out;
  for (const CLI::App* command : all_commands(root))
    if (command != &root) out += (out.empty() ? "'" : " | '") + path_below(*command, root) + "'";
  return out;
}

constexpr const char* kScript = R"(# bash completion of kvsim, as `kvsim completion bash` prints it.
_kvsim_words() {{ COMPREPLY=($(compgen -W "$1" -- "$current")); }}
_kvsim_files() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}}
_kvsim() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} command= options= next i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="$command${{command:+ }}${{COMP_WORDS[i]}}"
    case "$next" in {}) command=$next ;; esac
  done
  case "$command:$before" in
{}  esac
  case "$command" in
{}  esac
  [[ $current != -* ]] || _kvsim_words "$options"
}}
complete -F _kvsim kvsim
)";

}  // namespace

std::string bash_completion(const CLI::App& root, const KnownWords& known) {
  return fmt::format(kScript, commands_with_subcommands(root), value_cases(root, known),
                     word_cases(root, known));
}

}  // namespace kvsim::cli
