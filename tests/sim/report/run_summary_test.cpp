// SPDX-License-Identifier: Apache-2.0
#include "sim/report/run_summary.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "tests/own_folder.h"
#include "tests/sim/support/summaries.h"
#include "traces/open_source.h"

namespace kvsim::sim {
namespace {

constexpr const char* kFleet =
    "model: Llama-3.1-8B\naccelerator: H100-SXM-80\n"
    "slo_classes: [{name: chat, ttft: 1s}, {name: batch, e2e: 1h}]\n"
    "tenants: [{name: city, slo_class: chat}]\n";

// The notes on a run of two requests, the second with these `fields`.
std::string notes_with(const std::string& fields) {
  const std::string path = own_folder("kvsim_run_summary_test.jsonl").string();
  write_file(path,
             "{\"kvsim_trace\": 1}\n"
             "{\"arrival_seconds\": 0, \"input_tokens\": 9, \"output_tokens\": 2, \"tenant\": \"city\"}\n"
             "{\"arrival_seconds\": 1, \"input_tokens\": 9, \"output_tokens\": 2" +
                 fields + "}\n");
  const auto source = traces::open_source(path, {});
  std::string text;
  for (const Note& note :
       kvsim::testing::run_to_summary(kvsim::testing::fleet_of(kFleet), *source, {}).validity)
    text += note.what + ": " + note.reason + "\n";
  return text;
}

TEST(RunSummary, TellsNamesThatTheFleetDoesNotDescribe) {
  const std::string known = notes_with(R"(, "class": "batch", "tenant": "city")");
  EXPECT_EQ(known.find("not among"), std::string::npos) << known;
  const std::string unknown = notes_with(R"(, "class": "cheat", "tenant": "town")");
  EXPECT_NE(unknown.find("class cheat: not among the fleet's slo_classes"), std::string::npos) << unknown;
  EXPECT_NE(unknown.find("tenant town: not among the fleet's tenants"), std::string::npos) << unknown;
}

// What is read of storage systems comes from the fleet, in its order.
TEST(RunSummary, TakesFactsOfStorageFromTheFleet) {
  Fleet fleet = kvsim::testing::fleet_of(kFleet);
  fleet.storage.resize(2);
  fleet.storage[0].name = "scale";
  fleet.storage[0].endurance_bytes = 5e15;
  fleet.storage[1].name = "drives";
  fleet.storage[1].local = true;
  fleet.storage[1].retention = {from_seconds(3600), RetentionSince::kLastUse};
  const std::string path = own_folder("kvsim_run_summary_tiers_test.jsonl").string();
  write_file(path,
             "{\"kvsim_trace\": 1}\n{\"arrival_seconds\": 0, \"input_tokens\": 9, \"output_tokens\": 2}\n");
  const auto source = traces::open_source(path, {});
  Recorder recorder = make_recorder(fleet, *source);
  TierSample sample;
  sample.time = sample.width = 1;
  sample.storage.resize(2);
  recorder.on_tiers(sample);
  const std::vector<StorageSizing> storage =
      run_summary(fleet, *source, recorder, RunTotals(), RunInputs()).sizing->storage;
  EXPECT_EQ(storage[0].facts.name, "scale");
  EXPECT_FALSE(storage[0].facts.retention_seconds);
  EXPECT_EQ(*storage[0].endurance_bytes, 5e15);
  EXPECT_TRUE(storage[1].facts.local && storage[1].facts.retention_since_last_use);
  EXPECT_EQ(*storage[1].facts.retention_seconds, 3600);
  EXPECT_FALSE(storage[1].endurance_bytes);
}

}  // namespace
}  // namespace kvsim::sim
