// SPDX-License-Identifier: Apache-2.0
// Workload files with random damage are refused with an InputError or run; nothing else happens.
#include <gtest/gtest.h>

#include "base/errors.h"
#include "base/files.h"
#include "base/random.h"
#include "tests/traces/generators/drive.h"

namespace kvsim::traces {
namespace {

std::string damaged(std::string text, RandomStream& random) {
  static const std::string bits[] = {"-1", "0",    "1e308", ".nan", "{",    "]",
                                     ": ", "\n  ", "*a",    "low",  "\x80", "~"};
  for (std::uint64_t i = 0; i <= random.below(3); ++i) {
    const std::size_t at = random.below(text.size());
    switch (random.below(3)) {
      case 0:
        text[at] = static_cast<char>(' ' + random.below(95));
        break;
      case 1:
        text.erase(at, 1 + random.below(12));
        break;
      default:
        text.insert(at, bits[random.below(std::size(bits))]);
    }
    if (text.empty()) text = "a";
  }
  return text;
}

TEST(DamagedWorkloads, AreRefusedOrRun) {
  int refused = 0, ran = 0;
  for (const char* name : {"quickstart", "three-vendors", "inference-perf", "population"}) {
    const std::string text = read_file(std::string(KVSIM_SOURCE_DIR "/examples/") + name + "/workload.yaml");
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      RandomStream random(seed, name);
      SCOPED_TRACE(std::string(name) + ", seed " + std::to_string(seed));
      try {
        const auto source = testing::open_text(damaged(text, random));
        for (int i = 0; i < 100 && source->next_arrival(); ++i) {
          const Request request = source->take();
          ASSERT_EQ(total_tokens(request.prompt), request.input_tokens);
          ASSERT_GE(request.output_tokens, 1u);
          source->finished({request.id, request.arrival, Outcome::kCompleted});
        }
        ++ran;
      } catch (const InputError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(ran, 100);
}

}  // namespace
}  // namespace kvsim::traces
