// SPDX-License-Identifier: Apache-2.0
// What of an inference-perf configuration decides which requests are sent and when. Defaults are the tool's
// own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "traces/generators/distribution.h"

namespace kvsim::traces::inference_perf {

using Notes = std::vector<std::pair<std::string, std::string>>;

enum class LoadType { kConstant, kPoisson, kConcurrent, kTraceReplay, kSessionReplay };

struct LoadStage {
  double rate = 0;                     // constant, poisson
  double duration_seconds = 0;         // constant, poisson
  std::uint64_t num_requests = 0;      // concurrent; of the others: floor(rate x duration)
  std::uint32_t concurrency = 0;       // concurrent: requests in flight
  std::uint32_t sessions_at_once = 0;  // session replay; 0: no limit
  double session_rate = 0;             // session replay: starts a second; 0: all at once
  std::uint64_t num_sessions = 0;      // session replay
};

struct Load {
  LoadType type = LoadType::kConstant;
  double interval_seconds = 1;  // between stages
  double timeout_seconds = 300;
  std::uint64_t max_in_flight = 0;  // num_workers x worker_max_concurrency; 0: not limited
  std::vector<LoadStage> stages;
  std::string trace_file;  // trace replay
};

struct Lengths {
  Distribution distribution{512};
  std::uint64_t total_count =
      0;  // so many are drawn and then used in turn; 0: as many as the longest stage needs
};

enum class DataType { kMock, kRandom, kSynthetic, kSharedPrefix, kTraceLengths, kConversationReplay };

struct SharedPrefix {
  std::uint32_t groups = 10;
  std::uint32_t prompts_per_group = 10;
  Lengths system_prompt{Distribution(100), 0};
  Lengths question{Distribution(50), 0};
  Lengths output{Distribution(50), 0};
  bool multi_turn = false;
};

struct Conversations {
  std::uint32_t count = 200;
  std::uint32_t shared_system_prompt_tokens = 8359;
  Distribution own_system_prompt{0};
  Distribution turns{1};
  Distribution input_tokens{512};
  Distribution output_tokens{512};
  Distribution tool_call_seconds{0};
  std::uint64_t max_model_len = 0;  // a turn that would pass it ends the conversation; 0: no limit
};

struct Data {
  DataType type = DataType::kMock;
  Lengths input;
  Lengths output;
  SharedPrefix shared_prefix;
  Conversations conversations;
  std::string trace_file;  // lengths in the order of a trace
};

struct Config {
  std::string name;
  Load load;
  Data data;
  Notes notes;
};

}  // namespace kvsim::traces::inference_perf
