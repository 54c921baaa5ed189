// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.h"
#include "cli/command_tree.h"
#include "cli/completion.h"

namespace kvsim::cli {
namespace {

// Within single quotes of a specification of _arguments or _describe.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == ':' || c == '[' || c == ']' || c == '\\')
      out += std::string("\\") + c;
    else
      out += c;
  }
  return out;
}

std::string action(const CLI::Option& option, const KnownWords& known) {
  const std::string kind = value_name(option);
  const std::vector<std::string> words = value_words(option, known);
  if (!words.empty()) return "(" + join(words, " ") + ")";
  if (kind == "FILE" || kind == "PATH") return "_files";
  return kind == "FOLDER" ? "_files -/" : " ";
}

std::string option_specs(const CLI::Option& option, const KnownWords& known) {
  const char* again = takes_many(option) ? "*" : "";
  const char* maybe = option.get_expected_min() == 0 ? "::" : ":";
  const std::string value =
      takes_value(option) ? maybe + escaped(value_name(option)) + ":" + action(option, known) : "";
  std::string out;
  for (const std::string& name : option_words(option))
    out += fmt::format(" \\\n        '{}{}[{}]{}'", again, name, escaped(option.get_description()), value);
  return out;
}

std::string argument_spec(const CLI::Option& argument, const KnownWords& known) {
  return fmt::format(" \\\n        '{}:{}:{}'", takes_many(argument) ? "*" : "",
                     escaped(argument.get_name(true)), action(argument, known));
}

std::string leaf(const CLI::App& command, const KnownWords& known) {
  std::string out = "      _arguments";
  for (const CLI::Option* option : named_options(command)) out += option_specs(*option, known);
  for (const CLI::Option* argument : arguments(command)) out += argument_spec(*argument, known);
  return out + "\n";
}

std::string branch(const CLI::App& command) {
  std::string out = "      commands=(";
  for (const CLI::App* below : subcommands(command))
    out += fmt::format("\n        '{}:{}'", below->get_name(), escaped(below->get_description()));
  return out + ")\n      _describe command commands\n";
}

std::string cases(const CLI::App& root, const KnownWords& known) {
  std::string out;
  for (const CLI::App* command : all_commands(root)) {
    const bool is_branch = !subcommands(*command).empty();
    out += fmt::format("    '{}')\n{}      ;;\n", command_path(*command),
                       is_branch ? branch(*command) : leaf(*command, known));
  }
  return out;
}

std::string paths(const CLI::App& root) {
  std::string out;
  for (const CLI::App* command : all_commands(root))
    if (command != &root) out += (out.empty() ? "'" : " | '") + command_path(*command) + "'";
  return out;
}

// _arguments counts from the command's own name: what stands before it is dropped.
constexpr const char* kScript = R"(#compdef kvsim
# zsh completion of kvsim, as `kvsim completion zsh` prints it.
_kvsim() {{
  local path_of=kvsim next
  local -a commands
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    next="$path_of ${{words[2]}}"
    case $next in
      {}) path_of=$next; shift words; (( CURRENT--, i-- )) ;;
      *) break ;;
    esac
  done
  case $path_of in
{}  esac
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _kvsim "$@"
else
  compdef _kvsim kvsim
fi
)";

}  // namespace

std::string zsh_completion(const CLI::App& root, const KnownWords& known) {
  return fmt::format(kScript, paths(root), cases(root, known));
}

}  // namespace kvsim::cli
