// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>

#include "base/random.h"
#include "tests/traces/support/trace_files.h"
#include "traces/writer.h"

namespace kvsim::traces {
namespace {

bool same(const Request& a, const Request& b) {
  return a.arrival == b.arrival && a.input_tokens == b.input_tokens && a.output_tokens == b.output_tokens &&
         a.max_output_tokens == b.max_output_tokens && a.prompt == b.prompt &&
         a.output_stream == b.output_stream && a.session == b.session && a.connection == b.connection &&
         a.model == b.model && a.slo_class == b.slo_class && a.tenant == b.tenant &&
         a.priority == b.priority && a.timeout == b.timeout && a.after == b.after && a.think == b.think &&
         a.stage == b.stage;
}

std::string random_trace(std::uint64_t seed) {
  RandomStream draws(seed, "test");
  std::string text = "{\"kvsim_trace\": 1, \"block_tokens\": 32, \"stages\": 3}\n";
  for (int id = 0; id < 200; ++id) {
    text += "{\"id\": " + std::to_string(1000 + id);
    if (id > 0 && draws.below(3) == 0) {
      text += ", \"after\": " + std::to_string(1000 + draws.below(static_cast<std::uint64_t>(id))) +
              ", \"think_seconds\": 0.000000001";
    } else {
      text += ", \"arrival_seconds\": " + std::to_string(id) + ".12345678" + std::to_string(draws.below(9));
    }
    const std::uint64_t named = 1 + draws.below(50);
    text += ", \"input_tokens\": " + std::to_string(named + draws.below(10)) + ", \"output_tokens\": 5";
    text += ", \"prompt\": [[" + std::to_string(draws.below(9)) + ", 7, " + std::to_string(named) + "]]";
    if (draws.below(2) == 0)
      text += ", \"model\": \"m\\\"" + std::to_string(draws.below(3)) + "\", \"tenant\": \"t\"";
    if (draws.below(2) == 0)
      text += ", \"session\": " + std::to_string(1 + draws.below(9)) + ", \"priority\": -1";
    text += ", \"stage\": " + std::to_string(draws.below(3));
    if (draws.below(2) == 0) text += ", \"timeout_seconds\": 0.5, \"max_output_tokens\": 6, \"class\": \"c\"";
    text += "}\n";
  }
  return text;
}

TEST(Writer, WhatIsWrittenReadsBackTheSame) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const TemporaryTrace first(random_trace(seed));
    std::ostringstream written;
    write_kvsim(*open_trace(first.path()), 32, written);
    const TemporaryTrace second(written.str());
    const auto before = all_requests(*open_trace(first.path()));
    const auto after = all_requests(*open_trace(second.path()));
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(same(before[i], after[i])) << i;
    EXPECT_EQ(open_trace(second.path())->block_tokens(), 32u);
    EXPECT_EQ(open_trace(second.path())->stages().size(), 3u);
  }
}

TEST(Writer, AWindowOfATraceKeepsTheContentThatItsRequestsShare) {
  const TemporaryTrace file(R"({"timestamp": 0, "input_length": 40, "output_length": 1, "hash_ids": [1, 2]}
{"timestamp": 1000, "input_length": 40, "output_length": 1, "hash_ids": [1, 3]}
{"timestamp": 2000, "input_length": 40, "output_length": 1, "hash_ids": [1, 3]}
)");
  TraceOptions options;
  options.start_seconds = 1;
  options.block_tokens = 16;
  std::ostringstream written;
  EXPECT_EQ(write_kvsim(*open_trace(file.path(), options), 16, written).requests, 2u);
  const auto requests = read_text(written.str());
  ASSERT_EQ(requests.size(), 2u);
  ASSERT_EQ(requests[0].prompt.size(), 3u);
  EXPECT_EQ(requests[0].prompt[1], requests[1].prompt[1]);
  EXPECT_NE(requests[0].prompt[2], requests[1].prompt[2]);  // tails without an id
  EXPECT_NE(requests[0].output_stream, requests[1].output_stream);
}

TEST(Writer, MooncakeIdsComeOutAsTheyWentIn) {
  const std::string text =
      "{\"timestamp\":0,\"input_length\":1200,\"output_length\":3,\"hash_ids\":[0,1,2]}\n"
      "{\"timestamp\":1.5,\"input_length\":1100,\"output_length\":3,\"hash_ids\":[0,1,3]}\n";
  const TemporaryTrace file(text);
  std::ostringstream written;
  write_mooncake(*open_trace(file.path()), 512, written);
  EXPECT_EQ(written.str(), text);
}

}  // namespace
}  // namespace kvsim::traces
