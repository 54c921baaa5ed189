// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/data_places.h"
#include "base/files.h"
#include "base/new_file.h"
#include "cli/commands.h"
#include "cli/new_files.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::cli {
namespace {

struct Options {
  std::string kind;
  std::string out;
};

struct Template {
  const char* kind;
  const char* text;
};
const Template kTemplates[] = {{"fleet", kNewFleet},
                               {"workload", kNewWorkload},
                               {"problem", kNewProblem},
                               {"case", kNewCase},
                               {"profile", kNewProfile}};

std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (const Template& one : kTemplates) names.emplace_back(one.kind);
  return names;
}

const char* template_of(const std::string& kind) {
  return std::find_if(std::begin(kTemplates), std::end(kTemplates),
                      [&](const Template& one) { return one.kind == kind; })
      ->text;
}

void replace(std::string& text, std::string_view mark, const std::string& by) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
    text.replace(at, mark.size(), by);
}

std::string new_file(const std::string& kind) {
  const std::string data = data_directory();
  std::string text = template_of(kind);
  replace(text, "@data@", data);
  replace(text, "@workload@", sim::yaml_text(data + "/examples/quickstart/workload.yaml"));
  return text;
}

void write(const Options& options) {
  const std::string text = new_file(options.kind);
  if (options.out.empty()) {
    std::cout << text;
    return;
  }
  write_new_file(options.out, text);
  std::cerr << "wrote " << options.out << "; its first lines say what to do with it\n";
}

}  // namespace

void add_new_command(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("new", "a commented file to start from, which works as it is");
  command.add_option("kind", options->kind, "of file")
      ->type_name("KIND")
      ->required()
      ->check(CLI::IsMember(kinds()));
  command.add_option("--out", options->out, "file to write, which must not be there yet")
      ->type_name("FILE")
      ->default_str("standard output");
  command.footer("Example: kvsim new fleet --out fleet.yaml");
  command.callback([options] { write(*options); });
}

}  // namespace kvsim::cli
