// SPDX-License-Identifier: Apache-2.0
#include "planner/read_problem.h"

#include <filesystem>

#include "base/files.h"
#include "base/yaml_kind.h"
#include "planner/nodes.h"
#include "planner/read_parts.h"

namespace kvsim::planner {
namespace {

void read_head(Fields& root, ProblemReading& reading) {
  Problem& problem = reading.problem;
  problem.name = root.text("name", std::filesystem::path(problem.file).stem().string());
  problem.date = read_day(root, "date");
  if (!root.has("date")) reading.defaults.tell(root, "date", "none", "no price has a validity");
  if (!root.has("currency")) reading.defaults.tell(root, "currency", problem.currency);
  problem.currency = read_currency(root, "currency", problem.currency);
  problem.accept_unverified = reading.defaults.boolean(root, "accept_unverified", false);
}

void take_fleet_nodes(Fields& root, Problem& problem) {
  const auto take = [&](const char* key, Node& node) {
    if (const Node* given = root.raw(key)) node = *given;
  };
  take("tenants", problem.tenants);
  take("default_residency", problem.default_residency);
  take("network", problem.network);
}

std::string digest_of(const Document& document, const Problem& problem, std::vector<std::string> files) {
  std::string text = flow_text(*document.root);
  files.push_back(problem.workload.trace);
  for (const std::string& file : files) text += "\n" + hex64(digest_file(file));
  return hex64(digest(text));
}

}  // namespace

Problem load_problem(const std::string& path, const sim::FleetInputs& inputs, const Overrides& overrides) {
  return read_problem(with_overrides(load_yaml(path), overrides), inputs);
}

Problem read_problem(const Document& document, const sim::FleetInputs& inputs) {
  refuse_other_kind(document, "problem");
  Problem problem;
  problem.file = document.file;
  Problems problems;
  ProblemReading reading(inputs, problems, problem);
  Fields root(document, problems);
  read_head(root, reading);
  PriceBook prices(root, reading);
  read_models(root, reading);
  read_workload(root, reading);
  read_constraints(root, reading);
  read_slos(root, reading);
  read_servers(root, reading, prices);
  read_sites(root, reading);
  read_storage(root, reading, prices);
  read_engines(root, *document.root, reading);
  take_fleet_nodes(root, problem);
  read_router(root, reading);
  read_finance(root, reading, prices);
  read_search(root, reading);
  root.finish();
  check_references(root, reading);
  check_fleet_parts(reading);
  problems.throw_if_any();
  problem.digest = digest_of(document, problem, prices.files());
  return problem;
}

}  // namespace kvsim::planner
