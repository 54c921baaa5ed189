// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/open_inference_perf.h"

#include "base/text.h"
#include "base/yaml_kind.h"
#include "traces/inference_perf/lenient_fields.h"
#include "traces/inference_perf/read_data.h"
#include "traces/inference_perf/read_load.h"
#include "traces/inference_perf/session_source.h"
#include "traces/inference_perf/staged_source.h"
#include "traces/open_trace.h"

namespace kvsim::traces {

namespace {

using inference_perf::Config;
using inference_perf::DataType;
using inference_perf::LoadType;
using inference_perf::Notes;

constexpr std::string_view kWrapper = "workload.";
constexpr std::size_t kMaxTraceRequests = 20'000'000;

struct Candidate {
  std::string name;
  std::string path;
  const Node* node;
};

bool looks_like_one(const Node& node) {
  const Node* load = node.find("load");
  const Node* data = node.find("data");
  return (load != nullptr && load->is_map()) || (data != nullptr && data->is_map());
}

std::vector<Candidate> candidates(const Node& root) {
  if (looks_like_one(root)) return {{"", "", &root}};
  std::vector<Candidate> found;
  for (const auto& [key, value] : root.members) {
    if (key.starts_with(kWrapper) && looks_like_one(value)) {
      found.push_back({key.substr(kWrapper.size()), key, &value});
    }
    if (key != "workload") continue;
    if (looks_like_one(value)) found.push_back({"", key, &value});
    for (const auto& [name, inner] : value.members) {
      if (looks_like_one(inner)) found.push_back({name, key + "." + name, &inner});
    }
  }
  return found;
}

Candidate choose(const Document& document, const std::string& name) {
  const std::vector<Candidate> found = candidates(*document.root);
  std::vector<std::string> names;
  for (const Candidate& candidate : found) {
    if (name.empty() ? found.size() == 1 : candidate.name == name) return candidate;
    names.push_back(candidate.name);
  }
  Problems problems;
  const Location where = document.root->place_in(document.file);
  if (found.empty()) {
    refuse_other_kind(document, "workload");
    problems.add(where, "", "this is no workload: found neither `kind` nor `load` and `data`",
                 "give `kind: generate`, `kind: population`, or an inference-perf configuration");
  } else if (name.empty()) {
    problems.add(where, "", "found several workloads",
                 "pick one: FILE#NAME with NAME of: " + join(names, ", "));
  } else {
    problems.add(where, "", "no workload '" + name + "'", valid_names_remedy(name, names));
  }
  problems.throw_if_any();
  return {};
}

void note_the_rest(Fields& root, Notes& notes) {
  Fields server = root.map("server");
  if (server.has("ignore_eos") && !server.boolean("ignore_eos", true)) {
    notes.emplace_back("inference-perf: server.ignore_eos",
                       "answers have their full configured length all the same");
  }
  Fields api = root.map("api");
  if (api.has("streaming") && !api.boolean("streaming", true)) {
    notes.emplace_back("inference-perf: api.streaming", "answers are streamed all the same");
  }
  if (server.has("model_name")) {
    notes.emplace_back("inference-perf: server.model_name", "requests go to the only model of the fleet");
  }
  inference_perf::pass_over(root, {"circuit_breakers"}, "stages are never cut short", notes);
  for (const char* key : {"tokenizer", "report", "storage", "metrics"}) root.raw(key);  // of the tool itself
  inference_perf::note_unknown(root, notes);
  notes.emplace_back("inference-perf: draws",
                     "the tool's distributions, not its very numbers; re-tokenised text is not modelled");
}

Config read_config(Fields& root, const std::string& folder, Problems& problems) {
  Config config;
  config.load = inference_perf::read_load(root, folder, config.notes);
  config.data = inference_perf::read_data(root, folder, config.notes);
  note_the_rest(root, config.notes);
  const bool replays = config.data.type == DataType::kConversationReplay;
  if (replays != (config.load.type == LoadType::kSessionReplay)) {
    root.problem(replays ? "load" : "data", "conversation_replay and trace_session_replay go together",
                 "give data of type conversation_replay to load of type trace_session_replay");
  }
  problems.throw_if_any();
  return config;
}

// Seconds from the first arrival; fills in the one stage of a trace replay.
std::vector<double> read_trace(Config& config) {
  TraceOptions options;
  options.format = "azure";
  const std::unique_ptr<TraceSource> trace = open_trace(config.load.trace_file, options);
  std::vector<double> times;
  Nanoseconds first = 0;
  while (const std::optional<Nanoseconds> time = trace->next_arrival()) {
    if (times.empty()) first = *time;
    times.push_back(to_seconds(*time - first));
    trace->take();
    if (times.size() > kMaxTraceRequests) {
      Problems problems;
      problems.add({config.load.trace_file, 0, 0}, "load.trace.file", "more than 20000000 requests",
                   "give a shorter trace, or the trace itself instead of this workload");
      problems.throw_if_any();
    }
  }
  inference_perf::LoadStage stage;
  stage.num_requests = times.size();
  stage.duration_seconds = times.empty() ? 0 : times.back();
  config.load.stages = {stage};
  return times;
}

}  // namespace

std::unique_ptr<Source> open_inference_perf(const Document& document, const std::string& name,
                                            const std::string& folder, std::uint64_t seed) {
  const Candidate chosen = choose(document, name);
  Problems problems;
  Fields root(chosen.node, document.file, chosen.path, problems);
  Config config = read_config(root, folder, problems);
  config.name = chosen.name;
  if (config.load.type == LoadType::kSessionReplay) {
    return std::make_unique<inference_perf::SessionSource>(config, seed);
  }
  std::vector<double> times;
  if (config.load.type == LoadType::kTraceReplay) times = read_trace(config);
  return std::make_unique<inference_perf::StagedSource>(config, std::move(times), seed);
}

}  // namespace kvsim::traces
