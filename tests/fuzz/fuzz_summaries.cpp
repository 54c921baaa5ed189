// SPDX-License-Identifier: Apache-2.0
// Any bytes as two kept summaries, with a NUL byte between: a comparison and a verdict on them, or an
// InputError, never anything else.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "base/data_places.h"
#include "planner/judge.h"
#include "planner/list_options.h"
#include "planner/read_problem.h"
#include "sim/report/compare.h"
#include "tests/fuzz/own_file.h"

namespace {

using namespace kvsim;

struct Shipped {
  sim::FleetInputs inputs = sim::load_fleet_inputs();
  planner::Problem problem =
      planner::load_problem(data_directory() + "/examples/plan/first/problem.yaml", inputs);
  std::vector<planner::PoolOption> pools = planner::list_options(problem, inputs, {}).pools;
};

void compare(const sim::ComparedSide& a, const sim::ComparedSide& b) {
  const sim::Comparison comparison = sim::compare(a, b, {"pool", "model", "tenant", "class"});
  std::ostringstream text;
  JsonWriter json(text);
  sim::add_comparison(json, comparison);
  sim::write_compare_html(text, comparison);
  sim::compare_table(comparison, true);
}

void use(const std::string& one, const std::string& other) {
  static const FuzzFolder folder;
  static const Shipped shipped;
  Problems problems;
  const auto a = sim::read_side("a", {folder.write("a.json", one)}, problems);
  const auto b = sim::read_side("b", {folder.write("b.json", other)}, problems);
  problems.throw_if_any();
  planner::judge(shipped.problem, shipped.pools, {a.runs[0].summary, b.runs[0].summary});
  compare(a, b);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(bytes.find('\0'), size);
  try {
    use(bytes.substr(0, end), end < size ? bytes.substr(end + 1) : bytes);
  } catch (const InputError&) {
  }
  return 0;
}
