// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "base/errors.h"
#include "base/files.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "sim/scenario/import_fleet.h"

namespace kvsim::cli {
namespace {

struct ImportOptions {
  std::string source;
  std::string name;
  std::string out;
  std::vector<std::string> set;
  sim::Overlays overlays;
};

sim::ImportRequest request_of(const ImportOptions& options) {
  sim::ImportRequest request{options.source, options.name, {}};
  for (const std::string& pair : options.set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("--set " + pair + ": give KEY=VALUE, such as accelerator=MI325X");
    }
    request.set.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return request;
}

void import(const ImportOptions& options) {
  const std::string yaml = sim::import_fleet(request_of(options), sim::load_fleet_inputs(options.overlays));
  if (options.out.empty()) {
    std::fwrite(yaml.data(), 1, yaml.size(), stdout);
  } else {
    write_file(options.out, yaml);
  }
}

}  // namespace

void add_import_command(CLI::App& app) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command =
      app.add_subcommand("import", "make a fleet YAML out of the files that deploy the real fleet");
  command
      ->add_option(
          "source", options->source,
          "llm-d modelservice Helm values (*.yaml), a shell script, or a quoted 'vllm serve ...' line")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--set", options->set,
                   "tell what the source does not: a pool's key (accelerator=MI325X, "
                   "decode.engine.version=0.19.0) or a variable (MAX_LEN=8192)")
      ->type_name("KEY=VALUE")
      ->default_str("none")
      ->allow_extra_args(false);
  command->add_option("--name", options->name, "of the fleet")
      ->type_name("NAME")
      ->default_str("the source's");
  command->add_option("-o,--out", options->out, "fleet YAML to write")
      ->type_name("FILE")
      ->default_str("standard output");
  add_overlay_options(*command, options->overlays);
  command->footer(
      "Example: kvsim import examples/helm-import/values.yaml --set engine.version=0.19.0 --out fleet.yaml");
  command->callback([options] { import(*options); });
}

}  // namespace kvsim::cli
