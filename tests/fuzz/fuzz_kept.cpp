// SPDX-License-Identifier: Apache-2.0
// Any bytes as a record that a plan keeps: its command, the summary of a run, the solution of a program. They
// are read as what they are, made again or refused with an InputError, never anything else.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "planner/kept_inputs.h"
#include "planner/solver.h"
#include "sim/report/sweep_runs.h"
#include "tests/fuzz/own_file.h"

namespace {

using namespace kvsim;

const FuzzFolder& folder() {
  static const FuzzFolder made;
  return made;
}

void read_command(const std::string& bytes) {
  folder().write("inputs/command.json", bytes);
  planner::kept_inputs(folder().path());
}

void read_summary(const std::string& bytes) {
  const sim::SweepRun run{"f", "t", "d", 1};
  folder().write(
      std::filesystem::relative(sim::summary_file(folder().path(), sim::run_digest(run)), folder().path()),
      bytes);
  sim::kept_summary(folder().path(), run);
}

// The least whole number from 2.5 on.
planner::IntegerProgram small_program() {
  planner::IntegerProgram program;
  const std::size_t x = program.add(planner::Column{.name = "x", .high = 9, .cost = 1, .whole = true});
  program.add(planner::Row{.low = 2.5, .terms = {{x, 1}}});
  return program;
}

void read_solution(const std::string& bytes) {
  static const planner::Solver solver(folder().file("solver"), {});
  static const std::string file = [] {
    solver.solve(small_program());
    return std::filesystem::directory_iterator(folder().file("solver"))->path().filename().string();
  }();
  folder().write("solver/" + file, bytes);
  const planner::Solution solution = solver.solve(small_program());
  if (solution.found && solution.values.size() != 1) __builtin_trap();
}

}  // namespace

// The first byte chooses the record.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  try {
    if (data[0] == 'c') {
      read_command(bytes);
    } else if (data[0] == 'r') {
      read_summary(bytes);
    } else {
      read_solution(bytes);
    }
  } catch (const InputError&) {
  }
  return 0;
}
