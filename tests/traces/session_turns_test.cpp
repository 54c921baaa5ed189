// SPDX-License-Identifier: Apache-2.0
// Does a workload written as a trace meet a slow server with the same requests at the same times?
#include "traces/session_turns.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "tests/traces/support/trace_files.h"
#include "traces/workload.h"
#include "traces/writer.h"

namespace kvsim::traces {
namespace {

using Seen = std::tuple<Nanoseconds, std::uint32_t, std::uint32_t, std::uint64_t>;

// Each answer takes 0.05 s a token.
std::multiset<Seen> under_a_slow_server(Source& source) {
  std::multiset<Seen> seen;
  std::multimap<Nanoseconds, std::uint64_t> running;
  while (!source.exhausted() || !running.empty()) {
    const auto next = source.next_arrival();
    if (!running.empty() && (!next || running.begin()->first <= *next)) {
      const auto [end, id] = *running.begin();
      running.erase(running.begin());
      source.finished({id, end, Outcome::kCompleted});
      continue;
    }
    const Request request = source.take();
    running.emplace(request.arrival + request.output_tokens * Nanoseconds{50'000'000}, request.id);
    if (request.arrival >= 100 * kNanosecondsPerSecond)
      continue;  // after that, the limit of 2000 requests bites
    seen.emplace(request.arrival, request.input_tokens, request.output_tokens, request.session);
  }
  return seen;
}

TEST(SessionTurns, AWrittenWorkloadMeetsASlowServerTheSameWay) {
  const std::string path = KVSIM_SOURCE_DIR "/examples/quickstart/workload.yaml";
  std::ostringstream written;
  SessionTurns marked(open_workload(path, 5));
  const Written count = write_kvsim(marked, 0, written);
  EXPECT_GT(count.turns, 0u);
  const TemporaryTrace file(written.str());
  EXPECT_EQ(under_a_slow_server(*open_trace(file.path())), under_a_slow_server(*open_workload(path, 5)));
}

}  // namespace
}  // namespace kvsim::traces
