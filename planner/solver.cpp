// SPDX-License-Identifier: Apache-2.0
#include "planner/solver.h"

#include <filesystem>

#include "base/fields.h"
#include "base/files.h"
#include "base/json_writer.h"

namespace kvsim::planner {
namespace {

constexpr const char* kStates[] = {"optimal", "limited", "infeasible"};

// The bits of everything that decides the solution.
class Bytes {
 public:
  template <class T>
  Bytes& add(T value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof(value));
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string digest_of(const IntegerProgram& program, const SolverLimits& limits) {
  Bytes bytes;
  bytes.add(limits.nodes).add(limits.relative_gap).add(program.constant).add(program.columns.size());
  for (const Column& column : program.columns)
    bytes.add(column.low).add(column.high).add(column.cost).add(column.whole);
  for (const Row& row : program.rows) {
    bytes.add(row.low).add(row.high).add(row.terms.size());
    for (const auto& [column, coefficient] : row.terms) bytes.add(column).add(coefficient);
  }
  return hex64(digest(bytes.text() + KVSIM_VERSION));
}

void write(const std::string& file, const Solution& solution) {
  write_file(file, [&solution](std::ostream& out) {
    JsonWriter json(out, 0);
    json.begin_object()
        .member("state", kStates[static_cast<int>(solution.state)])
        .member("found", solution.found);
    json.member("objective", solution.objective).member("bound", solution.bound).key("values").begin_array();
    for (const double value : solution.values) json.value(value);
    json.end_array().end_object();
  });
}

// Nothing where the file is missing, not whole, or of another program.
std::optional<Solution> read(const std::string& file, std::size_t columns) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const Document document = load_json(file);
    Problems problems;
    Fields fields(document, problems);
    Solution solution;
    const std::string state = fields.choice("state", {std::begin(kStates), std::end(kStates)});
    while (state != kStates[static_cast<int>(solution.state)])
      solution.state = static_cast<SolverState>(static_cast<int>(solution.state) - 1);
    solution.found = fields.boolean("found");
    solution.objective = fields.number("objective", {-1e300, 1e300});
    solution.bound =
        fields.maybe_number("bound", {-1e300, 1e300}).value_or(kUnbounded);  // of infeasible ones
    solution.values = fields.numbers("values", {-1e300, 1e300});
    problems.throw_if_any();
    if (solution.found && solution.values.size() != columns) return std::nullopt;
    return solution;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

Solution Solver::solve(const IntegerProgram& program) const {
  const std::string file = folder_ + "/" + digest_of(program, limits_) + ".json";
  if (std::optional<Solution> kept = read(file, program.columns.size())) return *std::move(kept);
  Solution solution = planner::solve(program, limits_);
  if (solution.state == SolverState::kInfeasible) solution.bound = kUnbounded;
  write(file, solution);
  return solution;
}

}  // namespace kvsim::planner
