// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/data_places.h"
#include "base/errors.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/run_program.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string python = "python3";
  bool print_script = false;
};

std::string script() {
  const std::string path = data_directory() + "/validation/probe/kvsim_probe.py";
  if (std::filesystem::is_regular_file(path)) return path;
  throw Error(ExitCode::kBadInput, path + ": not there; reinstall kvsim, or set KVSIM_DATA_DIR to its data");
}

// The script needs torch for the accelerator, which is often on another machine.
void check_python(const std::string& python, const std::string& path) {
  const std::string instead =
      fmt::format("or copy the folder {} to a machine that has it, and run kvsim_probe.py there",
                  std::filesystem::path(path).parent_path().string());
  const std::string look = "import importlib.util as i, sys; sys.exit(0 if i.find_spec('torch') else 3)";
  const int status = run_program({python, "-c", look});
  if (status == 3)
    throw Error(ExitCode::kBadInput,
                fmt::format("{} has no torch: name another with --python, {}", python, instead));
  if (status != 0)
    throw Error(ExitCode::kBadInput,
                fmt::format("{} does not run: name another with --python, {}", python, instead));
}

void probe(const Options& options, const std::vector<std::string>& arguments) {
  const std::string path = script();
  if (options.print_script) {
    std::cout << path << "\n";
    return;
  }
  check_python(options.python, path);
  std::vector<std::string> words = {options.python, path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const int status = run_program(words);
  throw_if_interrupted();
  if (status == 0) return;
  throw Error(ExitCode::kBadInput,
              fmt::format("the probe ended with status {}; what it measured before is kept", status));
}

}  // namespace

void add_probe_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("probe", "measure an accelerator with the probe script (docs/probe.md)");
  command.add_option("--python", options->python, "the Python that has torch")
      ->type_name("PROGRAM")
      ->capture_default_str();
  command.add_flag("--print-script", options->print_script, "only print where the script is");
  command.prefix_command();
  command.footer(
      "All that follows goes to the script, such as --out FOLDER --model llama-3.1-8b --minutes 15.\n"
      "Example: kvsim probe --out MY-CARD --model llama-3.1-8b");
  command.callback([options, &command] { probe(*options, command.remaining()); });
}

}  // namespace kvsim::cli
