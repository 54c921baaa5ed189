// SPDX-License-Identifier: Apache-2.0
// A short run with names that no format may trip over, and its exports.
#pragma once

#include <filesystem>
#include <string>

#include "base/files.h"
#include "sim/report/simulate_run.h"
#include "tests/own_folder.h"
#include "tests/sim/support/summaries.h"

namespace kvsim::testing {

inline constexpr const char* kHostilePool = "a\"b\\c\nd: {e}, </script><script>alert(1)</script> #";
inline constexpr const char* kHostileModel = "m'%{\"}\n- x";

inline std::string hostile_fleet(const std::string& more = "") {
  return "name: \"f\\n\\\"g: [\"\nrouter: {policy: round-robin}\npools:\n"
         "  - name: \"a\\\"b\\\\c\\nd: {e}, </script><script>alert(1)</script> #\"\n"
         "    model: Llama-3.1-8B\n    accelerator: H100-SXM-80\n    replicas: 2\n"
         "    engine: {served_model_name: \"m'%{\\\"}\\n- x\"}\n" +
         more;
}

inline constexpr const char* kPlainLoad =
    "kind: generate\nrequests: 200\narrivals: {process: poisson, rate: 10}\n"
    "input_tokens: {distribution: lognormal, median: 400, p95: 2000}\noutput_tokens: 50\n";
inline constexpr const char* kStagedLoad =
    "load: {type: constant, interval: 1, stages: [{rate: 4, duration: 10}, {rate: 8, duration: 10}]}\n"
    "api: {type: completion, streaming: true}\ndata: {type: shared_prefix, shared_prefix: {num_groups: 3,\n"
    "  num_prompts_per_group: 5, system_prompt_len: 900, question_len: 120, output_len: 64}}\n";

class ExportedRun {
 public:
  ExportedRun(const std::string& fleet_yaml, const std::string& load,
              const sim::ExportFormats& formats = {sim::ExportFormat::kPrometheus, sim::ExportFormat::kAiperf,
                                                   sim::ExportFormat::kGuidellm,
                                                   sim::ExportFormat::kLlmdReport})
      : folder_(own_folder("kvsim_exported_run")), fleet_(fleet_of(fleet_yaml)) {
    write_file((folder_ / "load.yaml").string(), load);
    sim::Simulation simulation;
    simulation.trace = (folder_ / "load.yaml").string();
    simulation.out = folder_.string();
    simulation.exports = formats;
    summary_ = sim::simulate_to_summary(fleet_, simulation);
  }
  ~ExportedRun() { std::filesystem::remove_all(folder_); }
  ExportedRun(const ExportedRun&) = delete;
  ExportedRun& operator=(const ExportedRun&) = delete;

  const sim::Summary& summary() const { return summary_; }
  std::string path(const std::string& file) const { return (folder_ / "exports" / file).string(); }
  std::string text(const std::string& file) const { return read_file(path(file)); }
  std::filesystem::path folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  sim::Fleet fleet_;
  sim::Summary summary_;
};

}  // namespace kvsim::testing
