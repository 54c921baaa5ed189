// SPDX-License-Identifier: Apache-2.0
#include "cli/overlay_options.h"

#include <CLI/CLI.hpp>

namespace kvsim::cli {

void add_overlay_options(CLI::App& app, sim::Overlays& overlays) {
  const auto add = [&app](const char* name, std::vector<std::string>& paths, const char* what) {
    app.add_option(name, paths, what)->type_name("PATH")->default_str("none")->allow_extra_args(false);
  };
  add("--catalog", overlays.catalog, "your own accelerators and prices, on top of ours");
  add("--models", overlays.models, "your own model cards or Hugging Face config.json");
  add("--profiles", overlays.profiles, "your own performance profiles");
}

}  // namespace kvsim::cli
