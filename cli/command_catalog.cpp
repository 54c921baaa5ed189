// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/data_places.h"
#include "base/errors.h"
#include "base/files.h"
#include "base/text.h"
#include "cli/catalog_json.h"
#include "cli/catalog_tables.h"
#include "cli/commands.h"
#include "cli/overlay_options.h"
#include "cli/prior_check_json.h"
#include "validation/serving_points/prior_check_page.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string what;  // a group to list, a name to show, or a file of published points
  std::string page;  // where to write the check of the priors as Markdown; empty: nowhere
  std::vector<std::string> overlays;
  bool json = false;
};

struct Data {
  explicit Data(const Options& options)
      : catalog(Catalog::load_default(options.overlays)),
        library(models::ModelLibrary::load_default(options.overlays)) {}
  Catalog catalog;
  models::ModelLibrary library;
};

void list_as_json(const Data& data, const std::string& what) {
  JsonWriter json(std::cout);
  json.begin_object();
  if (what.empty() || what == "accelerators") {
    json.key("accelerators").begin_array();
    for (const Accelerator& accelerator : data.catalog.accelerators()) write_accelerator(json, accelerator);
    json.end_array();
  }
  if (what.empty() || what == "models") {
    json.key("models").begin_array();
    for (const models::ModelCard& card : data.library.cards()) write_model(json, card);
    json.end_array();
  }
  if (what.empty() || what == "prices") {
    json.key("prices").begin_array();
    for (const std::string& accelerator : data.catalog.names()) {
      if (const Price* price = data.catalog.price(accelerator)) write_price(json, accelerator, *price);
    }
    json.end_array();
  }
  json.end_object();
}

void list_as_text(const Data& data, const std::string& what) {
  std::vector<std::string> tables;
  if (what.empty() || what == "accelerators") tables.push_back(accelerator_table(data.catalog));
  if (what.empty() || what == "models") tables.push_back(model_table(data.library));
  if (what.empty() || what == "prices") tables.push_back(price_table(data.catalog));
  std::cout << join(tables, "\n");
}

void show_accelerator(const Data& data, const Accelerator& accelerator, bool as_json) {
  const Price* price = data.catalog.price(accelerator.name);
  if (!as_json) {
    std::cout << accelerator_page(accelerator, price);
    return;
  }
  JsonWriter json(std::cout);
  json.begin_object().key("accelerator");
  write_accelerator(json, accelerator);
  if (price != nullptr) {
    json.key("price");
    write_price(json, accelerator.name, *price);
  }
  json.end_object();
}

void show_model(const models::ModelCard& card, bool as_json) {
  if (!as_json) {
    std::cout << model_page(card);
    return;
  }
  JsonWriter json(std::cout);
  json.begin_object().key("model");
  write_model(json, card);
  json.end_object();
}

void show(const Options& options) {
  const Data data(options);
  if (const Accelerator* accelerator = data.catalog.find(options.what)) {
    show_accelerator(data, *accelerator, options.json);
  } else if (const models::ModelCard* card = data.library.find(options.what)) {
    show_model(*card, options.json);
  } else {
    std::vector<std::string> names = data.catalog.names();
    for (std::string& model : data.library.names()) names.push_back(std::move(model));
    throw UsageError("catalog show: found no accelerator or model '" + options.what + "'; " +
                     valid_names_remedy(options.what, names));
  }
}

void list(const Options& options) {
  const Data data(options);
  options.json ? list_as_json(data, options.what) : list_as_text(data, options.what);
}

void check_priors(const Options& options) {
  const Data data(options);
  const auto check = validation::check_priors(validation::load_serving_points(options.what), data.catalog,
                                              data.library, models::ProfileLibrary::load_default());
  if (!options.page.empty()) write_file(options.page, validation::prior_check_page(check));
  if (options.json) return write_prior_check(std::cout, check);
  std::cout << validation::prior_check_tables(check);
}

void where(const Options& options) {
  if (!options.json) {
    std::cout << data_places_table(options.overlays);
    return;
  }
  JsonWriter json(std::cout);
  json.begin_object().member("shipped", data_directory()).key("overlays").begin_array();
  for (const std::string& place : options.overlays) json.value(place);
  json.end_array().end_object();
}

CLI::App& add_action(CLI::App& catalog, const char* name, const char* description,
                     const std::shared_ptr<Options>& options, void (*action)(const Options&)) {
  CLI::App& command = *catalog.add_subcommand(name, description);
  command.add_flag("--json", options->json, "print JSON instead of text");
  add_overlay_option(command, "--overlay", options->overlays,
                     "your own accelerators, prices, models or config.json");
  command.callback([options, action] { action(*options); });
  return command;
}

}  // namespace

void add_catalog_command(CLI::App& app) {
  CLI::App& catalog = *app.add_subcommand("catalog", "accelerators, models and prices, with their sources");
  catalog.require_subcommand(1);
  catalog.footer("Example: kvsim catalog show H100-SXM-80");
  const auto list_options = std::make_shared<Options>();
  CLI::App& list_command = add_action(catalog, "list", "one line for each", list_options, list);
  list_command.footer("Example: kvsim catalog list accelerators");
  list_command.add_option("group", list_options->what, "what to list")
      ->type_name("GROUP")
      ->default_str("all")
      ->check(CLI::IsMember({"accelerators", "models", "prices"}));
  const auto show_options = std::make_shared<Options>();
  CLI::App& show_command =
      add_action(catalog, "show", "every figure of one accelerator or model", show_options, show);
  show_command.footer("Example: kvsim catalog show Llama-3.1-8B");
  show_command.add_option("name", show_options->what, "name or alias")
      ->type_name("ACCELERATOR|MODEL")
      ->required();
  add_action(catalog, "where", "the folders that all of this is read from, undermost first",
             std::make_shared<Options>(), where)
      .footer("Example: kvsim catalog where");
  const auto check_options = std::make_shared<Options>();
  CLI::App& check = add_action(catalog, "check-priors", "step times of the priors beside published points",
                               check_options, check_priors);
  check.add_option("points", check_options->what, "CSV of published points of throughput and latency")
      ->type_name("FILE")
      ->required();
  check.add_option("--page", check_options->page, "also write it as a Markdown page")
      ->type_name("FILE")
      ->default_str("none");
  check.footer("Example: kvsim catalog check-priors POINTS.csv");
}

}  // namespace kvsim::cli
