// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/read_load.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "traces/inference_perf/lenient_fields.h"

namespace kvsim::traces::inference_perf {

namespace {

constexpr double kMaxStageRequests = 20'000'000;
constexpr std::size_t kMaxStages = 10'000;
const std::vector<std::string> kTypes = {"constant", "poisson", "concurrent", "trace_replay",
                                         "trace_session_replay"};

LoadType load_type(const std::string& name) {
  if (name == "poisson") return LoadType::kPoisson;
  if (name == "concurrent") return LoadType::kConcurrent;
  if (name == "trace_replay") return LoadType::kTraceReplay;
  return name == "trace_session_replay" ? LoadType::kSessionReplay : LoadType::kConstant;
}

LoadStage read_rate_stage(Fields& fields) {
  LoadStage stage;
  stage.rate = fields.number("rate", {0, 1e7, true});
  stage.duration_seconds = fields.number("duration", {0, 1e8, true});
  const double requests = std::floor(stage.rate * stage.duration_seconds);
  if (requests < 1 || requests > kMaxStageRequests) {
    fields.problem("rate", fmt::format("rate x duration makes {} requests", requests),
                   fmt::format("give 1 to {} a stage", kMaxStageRequests));
    return stage;
  }
  stage.num_requests = static_cast<std::uint64_t>(requests);
  return stage;
}

LoadStage read_concurrent_stage(Fields& fields) {
  LoadStage stage;
  const IntegerRange range{1, static_cast<std::int64_t>(kMaxStageRequests)};
  stage.num_requests = static_cast<std::uint64_t>(fields.integer("num_requests", range));
  stage.concurrency = static_cast<std::uint32_t>(fields.integer("concurrency_level", {1, 10'000'000}));
  return stage;
}

LoadStage read_session_stage(Fields& fields, Notes& notes) {
  LoadStage stage;
  const auto at_once = fields.maybe_integer("concurrent_sessions", {0, 10'000'000});
  stage.sessions_at_once = static_cast<std::uint32_t>(at_once.value_or(0));
  stage.session_rate = fields.maybe_number("session_rate", {1e-6, 1e7}).value_or(0);
  stage.num_sessions =
      static_cast<std::uint64_t>(fields.maybe_integer("num_sessions", {1, 1'000'000}).value_or(0));
  pass_over(fields, {"timeout"}, "a stage is run until its sessions have ended", notes);
  return stage;
}

class LoadReader {
 public:
  LoadReader(Fields& root, const std::string& folder, Notes& notes)
      : fields_(root.map("load")), folder_(folder), notes_(notes) {}

  Load read() {
    load_.type = load_type(fields_.choice("type", kTypes, "constant"));
    load_.interval_seconds = fields_.number("interval", {0, 1e6}, 1.0);
    load_.timeout_seconds = fields_.maybe_number("request_timeout", {0, 1e8, true}).value_or(300);
    limit_in_flight();
    refuse_sweep();
    if (load_.type == LoadType::kTraceReplay) {
      read_trace();
    } else {
      read_stages();
    }
    check_length();
    pass_over(fields_, {"base_seed"}, "kvsim draws from its own seed", notes_);
    pass_over(fields_, {"lora_traffic_split"}, "adapters are not modelled", notes_);
    pass_over(fields_, {"worker_max_tcp_connections"}, "connections are not limited", notes_);
    note_unknown(fields_, notes_);
    return load_;
  }

 private:
  void limit_in_flight() {
    const auto workers = fields_.maybe_integer("num_workers", {1, 100'000});
    const std::int64_t each = fields_.integer("worker_max_concurrency", {1, 10'000'000}, 100);
    if (workers) {
      load_.max_in_flight = static_cast<std::uint64_t>(*workers * each);
    } else {
      notes_.emplace_back("inference-perf: load.num_workers",
                          "not given, and the tool's default is the cores of its machine: requests in flight "
                          "are not limited");
    }
  }

  void refuse_sweep() {
    const Node* sweep = fields_.raw("sweep");
    if (sweep == nullptr || sweep->is_null()) return;
    fields_.problem("sweep", "a sweep takes its rates from the system under test",
                    "give the rates that it ran as `stages`");
  }

  void read_stages() {
    for (Fields& stage : fields_.maps("stages")) {
      load_.stages.push_back(load_.type == LoadType::kConcurrent      ? read_concurrent_stage(stage)
                             : load_.type == LoadType::kSessionReplay ? read_session_stage(stage, notes_)
                                                                      : read_rate_stage(stage));
      note_unknown(stage, notes_);
    }
    if (load_.stages.empty() || load_.stages.size() > kMaxStages) {
      fields_.problem("stages", fmt::format("found {} stages", load_.stages.size()), "give 1 to 10000");
    }
  }

  // However slow the answers, the last stage begins within what nanoseconds hold.
  void check_length() {
    double seconds = 0;
    for (const LoadStage& stage : load_.stages) {
      seconds += stage.duration_seconds + load_.interval_seconds + load_.timeout_seconds;
    }
    if (seconds > 1e9)
      fields_.problem("stages", "more than 1e9 seconds in all", "give fewer or shorter stages");
  }

  void read_trace() {
    Fields trace = fields_.map("trace");
    const std::string file = trace.text("file");
    trace.choice("format", {"AzurePublicDataset"}, "AzurePublicDataset");
    note_unknown(trace, notes_);
    pass_over(fields_, {"stages"}, "a trace has one stage, its own", notes_);
    load_.trace_file = (std::filesystem::path(folder_) / file).string();
  }

  Fields fields_;
  std::string folder_;
  Notes& notes_;
  Load load_;
};

}  // namespace

Load read_load(Fields& root, const std::string& folder, Notes& notes) {
  return LoadReader(root, folder, notes).read();
}

}  // namespace kvsim::traces::inference_perf
