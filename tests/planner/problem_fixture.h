// SPDX-License-Identifier: Apache-2.0
// Problems written as text, beside a workload file that they may name.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/files.h"
#include "planner/compose_fleet.h"
#include "planner/list_options.h"
#include "planner/read_problem.h"
#include "tests/own_folder.h"

namespace kvsim::planner {

inline const sim::FleetInputs& shipped() {
  static const sim::FleetInputs inputs = sim::load_fleet_inputs();
  return inputs;
}

// Fifteen lines.
inline const std::string kSmall = R"(name: first-plan
date: 2026-06-01
model: Llama-3.1-8B
workload: workload.yaml
slo: {ttft: 1s, tpot: 50ms, attainment: 0.95}
servers:
  - name: hgx
    accelerator: H100-SXM-80
    accelerators: 8
    price: {value: 280000, source: quote 4711, date: 2026-05-04}
  - name: l40s
    accelerator: L40S
    accelerators: 8
    price: {value: 120000, source: quote 4712, date: 2026-05-04}
accept_unverified: true
)";

class ProblemTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = own_folder("kvsim_problem");
    write("workload.yaml", "kind: generate\n");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    write_file((folder_ / name).string(), text);
  }

  Problem problem(const std::string& text, const Overrides& overrides = {}) {
    write("problem.yaml", text);
    return load_problem((folder_ / "problem.yaml").string(), shipped(), overrides);
  }

  // Each fault as the user sees it, without the folder.
  std::vector<std::string> faults(const std::string& text) {
    try {
      problem(text);
    } catch (const InputError& error) {
      return lines_of(error);
    }
    return {};
  }

  std::vector<std::string> lines_of(const InputError& error) const {
    std::vector<std::string> lines;
    for (const kvsim::Problem& fault : error.problems()) {
      std::string line = to_string(fault);
      const std::string prefix = folder_.string() + "/";
      for (std::size_t at; (at = line.find(prefix)) != std::string::npos;) line.erase(at, prefix.size());
      lines.push_back(line);
    }
    return lines;
  }

  std::filesystem::path folder_;
};

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("no " + what);
  return text.replace(at, what.size(), by);
}

inline const DemandNames kAnybody{{"", "", ""}};

inline std::vector<std::string> names(const std::vector<PoolOption>& pools) {
  std::vector<std::string> list;
  for (const PoolOption& pool : pools) list.push_back(pool.name);
  return list;
}

inline std::vector<std::string> reasons(const std::vector<Rejected>& rejected) {
  std::vector<std::string> list;
  for (const Rejected& one : rejected) list.push_back(one.what + ": " + one.reason);
  return list;
}

}  // namespace kvsim::planner
