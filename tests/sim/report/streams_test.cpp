// SPDX-License-Identifier: Apache-2.0
// Files that are written while a simulation runs, and the names that they use.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <sstream>

#include "base/document.h"
#include "base/files.h"
#include "sim/report/csv.h"
#include "sim/report/labels.h"
#include "sim/report/requests_csv.h"
#include "sim/report/timeline.h"
#include "tests/own_folder.h"

namespace kvsim::sim {
namespace {

namespace fs = std::filesystem;

Fleet fleet_of_two_models() {
  Fleet fleet;
  fleet.pools.resize(2);
  fleet.pools[0].name = "a,b";
  fleet.pools[0].model.name = "Llama-3.1-8B";
  fleet.pools[0].model.aliases = {"meta-llama/Llama-3.1-8B-Instruct"};
  fleet.pools[1].model.name = "Qwen3-8B";
  fleet.slo_classes = {{"chat", {{"ttft", 0.5}}, 0}, {"batch", {}, 5}};
  fleet.tenants = {{"city", Isolation::kSharedCache, "batch"}};
  return fleet;
}

RequestRecord record_of(RequestStatus status) {
  RequestRecord record;
  record.id = 7;
  record.status = status;
  record.arrival = record.routed = 1'500'000'000;
  record.queued = record.scheduled = 2'000'000'001;
  record.first_token = 2'500'000'000;
  record.finished = 3'000'000'000;
  return record;
}

class Streams : public testing::Test {
 protected:
  Streams() : path_((own_folder("kvsim_streams_test") / "file").string()) {}
  ~Streams() override { fs::remove_all(fs::path(path_).parent_path()); }
  std::string path_;
};

TEST(Labels, CallModelsByTheirCardAndFindAClassForEveryRequest) {
  const Fleet fleet = fleet_of_two_models();
  EXPECT_EQ(model_label(fleet, ""), "Llama-3.1-8B");
  EXPECT_EQ(model_label(fleet, "META-llama/llama-3.1-8b-instruct"), "Llama-3.1-8B");
  EXPECT_EQ(model_label(fleet, "unknown"), "unknown");
  EXPECT_EQ(class_label(fleet, "chat", "city"), "chat");
  EXPECT_EQ(class_label(fleet, "", "city"), "batch");
  EXPECT_EQ(class_label(fleet, "", ""), "default");
}

TEST(Labels, JoinNamesThatMeanTheSame) {
  traces::Names names;
  names.models = {"", "Llama-3.1-8B"};
  const LabelledGroups labelled = label_groups(fleet_of_two_models(), names, {{0, 0, 0}, {1, 0, 0}});
  EXPECT_EQ(labelled.groups[0], labelled.groups[1]);
  EXPECT_EQ(labelled.labels.tenants, std::vector<std::string>{"default"});
}

TEST(Labels, AnOnlyClassIsTheClassOfAll) {
  Fleet fleet = fleet_of_two_models();
  fleet.slo_classes.pop_back();
  const LabelledGroups labelled = label_groups(fleet, traces::Names(), {{0, 0, 0}});
  EXPECT_EQ(labelled.labels.slo_classes[0], "chat");
  EXPECT_EQ(labelled.objectives[0][0].limit_seconds, 0.5);
}

TEST(Csv, WritesExactTimesAndQuotesNames) {
  EXPECT_EQ(csv_seconds(1), "0.000000001");
  EXPECT_EQ(csv_seconds(-1'500'000'000), "-1.500000000");
  EXPECT_EQ(csv_seconds(kNever), "");
  EXPECT_EQ(csv_text("a\"b,c"), "\"a\"\"b,c\"");
  EXPECT_EQ(csv_number(0.1), "0.1");
}

TEST_F(Streams, RequestsCsvHasARowForEachRequest) {
  const Fleet fleet = fleet_of_two_models();
  const traces::Names names;
  RequestsCsv csv(path_, fleet, names);
  csv.on_group(0, {0, 0, 0});
  RequestRecord loaded = record_of(RequestStatus::kCompleted);
  loaded.hit_tokens = 16;
  loaded.host_hit_tokens = 32;
  loaded.storage_hit_tokens = 48;
  loaded.load_wait = 250'000'000;
  csv.on_finished(loaded);
  csv.on_finished(record_of(RequestStatus::kRejectedTooLong));
  csv.commit();
  std::istringstream text(read_file(path_));
  std::string line;
  std::getline(text, line);
  EXPECT_TRUE(line.starts_with("request,status,model,class,tenant,pool,replica,"));
  std::getline(text, line);
  EXPECT_TRUE(line.starts_with("7,completed,Llama-3.1-8B,default,default,\"a,b\",0,")) << line;
  EXPECT_NE(line.find(",16,32,48,0.250000000,0,0,"), std::string::npos) << line;
  EXPECT_TRUE(line.ends_with(",1.500000000,2.000000001,2.000000001,2.500000000,3.000000000,,0,,,")) << line;
  std::getline(text, line);
  EXPECT_TRUE(line.starts_with("7,rejected_too_long,Llama-3.1-8B,default,default,,,")) << line;
}

TEST_F(Streams, NothingIsLeftOfAFileThatWasNotCommitted) {
  { StreamedFile file(path_); }
  EXPECT_TRUE(fs::is_empty(fs::path(path_).parent_path()));
}

TEST_F(Streams, TimelineIsJsonWithBalancedSlices) {
  PoolInfo pool;
  pool.name = "\"pool\"";
  Timeline timeline(path_, {pool});
  models::StepWork work;
  work.decode_sequences = 3;
  timeline.on_steps({0, 1'234'567, 2'000'000, 5, work});
  timeline.on_finished(record_of(RequestStatus::kCompleted));
  const ReplicaSnapshot snapshot;
  timeline.on_sample(1, 1, &snapshot, 1);
  timeline.commit();
  const Document document = load_json(path_);
  int open = 0;
  for (const Node& event : document.root->find("traceEvents")->items) {
    const std::string& phase = event.find("ph")->scalar;
    open += phase == "b" ? 1 : phase == "e" ? -1 : 0;
    EXPECT_GE(open, 0);
    if (phase == "X") {
      EXPECT_EQ(event.find("ts")->scalar, "1234.567");
      EXPECT_EQ(event.find("name")->scalar, "decode 3");
    }
  }
  EXPECT_EQ(open, 0);
}

// What ui.perfetto.dev needs of each kind of event, and what its counters show.
TEST_F(Streams, TimelineHasCountersAndOutagesOfEachReplica) {
  PoolInfo pool;
  pool.name = "</script>\n";
  pool.replicas = 2;
  Timeline timeline(path_, {pool});
  std::vector<ReplicaSnapshot> replicas(2);
  replicas[1].used_blocks = 30;
  replicas[1].total_blocks = 120;
  for (const std::uint64_t second : {1, 3}) {
    replicas[1].prompt_tokens = 100 * second;
    replicas[1].generated_tokens = 10 * second;
    const auto time = static_cast<Nanoseconds>(second) * kNanosecondsPerSecond;
    timeline.on_sample(time, second == 1 ? time : 2 * kNanosecondsPerSecond, replicas.data(), 2);
  }
  timeline.on_replica(4'000'000'000, 1, ReplicaState::kDown);
  timeline.commit();
  std::map<std::string, std::string> last;  // arguments by replica and name
  const Document document = load_json(path_);
  for (const Node& event : document.root->find("traceEvents")->items) {
    const std::string phase = event.find("ph")->scalar;
    ASSERT_TRUE(phase == "M" || phase == "C" || phase == "i") << phase;
    if (phase == "M") continue;
    ASSERT_NE(event.find("ts"), nullptr);
    if (phase != "C") continue;
    std::string& text = last[event.find("pid")->scalar + " " + event.find("name")->scalar];
    text.clear();
    for (const auto& [key, value] : event.find("args")->members) text += key + "=" + value.scalar + " ";
  }
  EXPECT_EQ(last.size(), 6u);
  EXPECT_EQ(last["2 KV usage [%]"], "used=25 ");
  EXPECT_EQ(last["2 tokens per second"], "prefill=100 output=10 ");
  EXPECT_EQ(last["1 requests"], "running=0 waiting=0 ");
  const Node& down = document.root->find("traceEvents")->items.back();
  EXPECT_EQ(down.find("name")->scalar, "down");
  EXPECT_EQ(down.find("pid")->scalar, "2");
}

TEST_F(Streams, TimelineStopsAtItsBoundAndSaysSo) {
  PoolInfo pool;
  Timeline timeline(path_, {pool}, {10});
  for (int i = 0; i < 25; ++i) timeline.on_steps({0, i, i + 1, 1, {}});
  timeline.commit();
  EXPECT_EQ(timeline.left_out(), 15u);
  EXPECT_EQ(load_json(path_).root->find("traceEvents")->items.size(), 11u);  // with the process name
}

}  // namespace
}  // namespace kvsim::sim
