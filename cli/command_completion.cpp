// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/commands.h"
#include "cli/completion.h"
#include "hardware-catalog/catalog.h"
#include "models/model_card.h"

namespace kvsim::cli {
namespace {

KnownWords known_words() {
  const std::vector<std::string> accelerators = Catalog::load_default().names();
  const std::vector<std::string> models = models::ModelLibrary::load_default().names();
  std::vector<std::string> both = accelerators;
  both.insert(both.end(), models.begin(), models.end());
  return {{"ACCELERATOR", accelerators}, {"MODEL", models}, {"ACCELERATOR|MODEL", both}};
}

}  // namespace

void add_completion_command(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& command =
      *app.add_subcommand("completion", "tab completion of these commands, as a script of a shell");
  command.add_option("shell", *shell, "that completes")
      ->type_name("SHELL")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  command.footer("Example: kvsim completion bash > kvsim.bash");
  command.callback([shell, &app] {
    std::cout << (*shell == "bash" ? bash_completion(app, known_words())
                                   : zsh_completion(app, known_words()));
  });
}

}  // namespace kvsim::cli
