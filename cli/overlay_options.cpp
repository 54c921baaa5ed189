// SPDX-License-Identifier: Apache-2.0
#include "cli/overlay_options.h"

#include <CLI/CLI.hpp>

namespace kvsim::cli {

void add_overlay_options(CLI::App& app, sim::Overlays& overlays) {
  app.add_option("--catalog", overlays.catalog, "your own accelerators and prices, on top of ours")
      ->allow_extra_args(false);
  app.add_option("--models", overlays.models, "your own model cards")->allow_extra_args(false);
  app.add_option("--profiles", overlays.profiles, "your own performance profiles")->allow_extra_args(false);
}

}  // namespace kvsim::cli
