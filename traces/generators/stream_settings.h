// SPDX-License-Identifier: Apache-2.0
// One stream of requests of a mix, as read from a workload file; docs/workloads.md gives keys and defaults.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "traces/generators/arrivals.h"
#include "traces/generators/lengths.h"

namespace kvsim::traces {

// Texts that prompts start with. Each session takes `per_session` of `count` texts; their lengths are fixed
// at start. In turn and shuffled, user u takes the texts at u * per_session and after, modulo `count`: each
// text is taken once before any is taken again. A user is a client of a closed loop, else one session.
struct SharedText {
  enum class Pick { kByPopularity, kInTurn, kShuffled };
  std::uint32_t count = 1;
  Distribution tokens{0};
  Pick pick = Pick::kByPopularity;
  double zipf_exponent = 0;  // 0: all equally popular
  std::uint32_t per_session = 1;
  double share = 1;  // of sessions that have it
};

enum class AtCap { kDropOldest, kEnd };

// A session is a chain of turns: prompt = shared texts + earlier turns (text and answer) + new text. The next
// turn comes `think_seconds` after the answer. Reasoning tokens are generated before the answer and left out
// of later prompts. A turn that fails ends its session.
struct SessionSettings {
  Distribution turns{1};
  Distribution think_seconds{0};
  Distribution reasoning_tokens{0};
  std::uint32_t context_cap_tokens = std::numeric_limits<std::uint32_t>::max();  // prompt and answer together
  AtCap at_cap = AtCap::kDropOldest;
};

struct StreamSettings {
  std::string name;      // names the random streams: the draws of a stream depend on its name and the seed
  bool warming = false;  // draws of its own and new texts, the same shared texts
  std::string model;
  std::string tenant;
  std::string slo_class;
  std::int32_t priority = 0;
  Nanoseconds timeout = kNever;
  std::uint32_t max_output_tokens = 0;  // what clients ask for; answers are cut to it; 0: not stated
  std::uint32_t connections = 0;        // TCP connections that sessions take in turn; 0: one for each session
  ArrivalSettings arrivals;
  LengthSettings lengths;
  std::vector<SharedText> shared;
  SessionSettings session;
  std::optional<std::uint64_t> warmup_requests;  // sent first, as a stage of their own
  std::uint64_t max_requests = std::numeric_limits<std::uint64_t>::max();
  Nanoseconds duration = kNever;  // nothing arrives at or after this time
};

// A workload of our own: streams mixed by time.
struct MixSettings {
  std::string description;
  std::uint64_t max_requests = std::numeric_limits<std::uint64_t>::max();
  std::vector<StreamSettings> streams;
  bool warms_up() const {
    return std::any_of(streams.begin(), streams.end(),
                       [](const StreamSettings& stream) { return stream.warmup_requests.has_value(); });
  }
};

}  // namespace kvsim::traces
