// SPDX-License-Identifier: Apache-2.0
// Is a typical mistake of the first hour answered with what was meant, or with what to do?
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

using testing::kvsim;

class FirstHour : public ::testing::Test {
 protected:
  FirstHour() {
    for (const char* kind : {"fleet", "workload", "problem", "case", "profile"})
      kvsim("new " + std::string(kind) + " --out " + path(kind));
  }
  ~FirstHour() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / (name + ".yaml")).string(); }

  // A file of `kvsim new` with one text replaced.
  std::string changed(const std::string& kind, const std::string& from, const std::string& to) const {
    std::string text = read_file(path(kind));
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    write_file(path("changed"), text);
    return path("changed");
  }
  std::string run(const std::string& fleet) const {
    return "run --fleet " + fleet + " --trace " + path("workload");
  }
  std::string run(const std::string& from, const std::string& to) const {
    return run(changed("fleet", from, to));
  }
  std::string plan(const std::string& from, const std::string& to) const {
    return "plan " + changed("problem", from, to) + " --no-what-if --out " + (folder_ / "plan").string();
  }

  static void told(const std::string& command, int status, const std::string& said) {
    const testing::CommandResult result = kvsim(command);
    EXPECT_EQ(result.status, status) << command << "\n" << result.output;
    EXPECT_NE(result.output.find(said), std::string::npos) << command << "\n" << result.output;
  }
  const std::filesystem::path folder_ = own_folder("kvsim_first_hour");
};

TEST_F(FirstHour, NamesThatAreNearlyRight) {
  told(run("H100-SXM-80", "H100"), 2, "did you mean 'H100-NVL-94' or 'H100-PCIe-80' or 'H100-SXM-80'?");
  told(run("H100-SXM-80", "MI300"), 2, "did you mean 'MI300X'?");
  told(run("Llama-3.1-8B ", "Qwen/Qwen3-8B-Instruct "), 2, "did you mean 'Qwen3-8B'?");
  told(run("replicas", "count"), 2, "did you mean 'replicas'?");
  told(run("accelerator:", "gpu:"), 2, "did you mean 'accelerator'?");
  told(run("slo_classes", "slo"), 2, "did you mean 'slo_classes'?");
  told(run("least-request}", "least_request}"), 2, "did you mean 'least-request'?");
  told("catalog list model", 1, "did you mean 'models'?");
  told(run("slo_classes:", "engine: {tensor_parallel_size: 2}\nslo_classes:"), 2,
       "give it as `tp` of the pool");
  told("catalog show H100", 1, "did you mean 'H100-NVL-94'");
  told("validate " + changed("case", "p50", "median"), 2, "did you mean 'p50'?");
  told(run(path("fleet")) + " --profiles " +
           changed("profile", "gemm_compute_share.bf16", "gemm_compute_share"),
       2, "did you mean 'gemm_compute_share.<type>'?");
}

TEST_F(FirstHour, UnitsThatAreNotMeant) {
  told(run("tpot: 50ms", "tpot: 50"), 2,
       "found 50 without a unit, which would be seconds; write 50ms or 50s");
  told(plan("ttft: 1s", "ttft: 1000"), 2, "write 1000ms or 1000s");
  told(plan("280000", "280.000"), 2, "found 280.000, which may be meant as 280000");
  told(plan("attainment: 0.95", "attainment: 95"), 2, "up to 1");
  told(run(path("fleet")) + " --duration 10min", 1, "such as 90s, 10m or 1h30m");
  write_file(path("trace"), "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.68,374,44\n");
  std::filesystem::rename(path("trace"), folder_ / "trace.csv");
  told("run --fleet " + path("fleet") + " --trace " + (folder_ / "trace.csv").string() + " --duration 1m", 0,
       "verdict");
  told(run(path("fleet")) + " --max-requests 9", 2, "--set workload.requests");
  told(run(path("fleet")) + " --profiles " + changed("profile", "0.0008", "0.8ms"), 2, "give a number");
}

TEST_F(FirstHour, FilesThatAreOthers) {
  told(run(path("problem")), 2, "found the keys of a problem where a fleet is wanted");
  told("run --fleet " + path("fleet") + " --trace " + path("fleet"), 2,
       "found the keys of a fleet where a workload");
  told("plan " + path("fleet") + " --out x", 2, "found the keys of a fleet where a problem is wanted");
  told("check " + path("problem") + " " + path("fleet"), 2, "this one is for `--fleet FILE`");
  told("validate " + path("fleet"), 2, "found the keys of a fleet where a case is wanted");
  told(run(path("fleet")) + " --profiles " + path("case"), 2, "or profile, but the keys of a case");
  told(run(path("fleet")) + " --catalog " + path("problem"), 2, "found no accelerator, model, prices");
  told("compare " + path("fleet") + " " + path("fleet"), 1, "give --fleet twice, with --trace");
  told("reproduce " + folder_.string(), 2, "this is no folder of a plan");
}

TEST_F(FirstHour, TracesOfNoKnownFormat) {
  const std::string trace = (folder_ / "own.csv").string();
  write_file(trace, "time,prompt,completion\n0.1,374,44\n");
  told("trace info " + trace, 2, "\"time,prompt,completion\"");
  told("trace info " + trace, 2, "TIMESTAMP,ContextTokens,GeneratedTokens");
  told("trace convert " + path("workload") + " --out x", 1, "kvsim trace generate");
}

TEST_F(FirstHour, WhatWouldPassInSilence) {
  told(run(path("fleet")) + " --profiles " + changed("profile", "model: Llama-3.1-8B", "model: Qwen3-8B"), 0,
       "no pool uses this profile");
  const std::string bare = path("bare");
  write_file(bare, "model: Llama-3.1-8B\naccelerator: H100-SXM-80\n");
  told(run(bare), 0, "note: the fleet has no goals");
  write_file(bare, "model: Llama-3.1-8B\naccelerator: Ascend-910B\n");
  told(run(bare), 0, "note: no cost: no price of Ascend-910B is known; give accelerator_price_per_hour");
  told("validate " + changed("case", "2026-05-04", "yesterday"), 2, "give YYYY, YYYY-MM or YYYY-MM-DD");
}

TEST_F(FirstHour, WordsInTheWrongPlace) {
  told("run " + path("fleet"), 1, "without an option before it, such as --fleet or --trace");
  told(run("router: {policy: least-request}", "router: least-request"), 2, "router: {policy: least-request}");
  told(run("Llama-3.1-8B ", "Llama-3.1-70B "), 2, "does not fit on H100-SXM-80 with tp 1");
  told(plan("    price: {value: 280000", "    # {value: 280000"), 0, "no price (servers[0].price)");
}

}  // namespace
}  // namespace kvsim
