// SPDX-License-Identifier: Apache-2.0
// A sweep through the program: the whole grid, the same bytes however it came about, faults told before a
// run.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/files.h"
#include "tests/cli/command_line.h"
#include "tests/own_folder.h"

namespace kvsim {
namespace {

namespace fs = std::filesystem;
using testing::CommandResult;
using testing::kvsim;

const std::string kExample = std::string(KVSIM_SOURCE_DIR) + "/examples/quickstart";
const std::string kInputs =
    "sweep --fleet " + kExample + "/fleet.yaml --trace " + kExample + "/workload.yaml ";
const std::string kGrid =
    "--set replicas=1,2,3 --set router.policy=round-robin,least-request --set workload.requests=200 ";

class Sweep : public ::testing::Test {
 protected:
  void SetUp() override { fs::remove_all(root_); }
  void TearDown() override { fs::remove_all(root_); }

  std::string folder(const std::string& name) const { return (root_ / name).string(); }

  static std::vector<fs::path> summaries(const std::string& folder) {
    std::vector<fs::path> files;
    if (!fs::exists(folder + "/points")) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder + "/points"))
      if (entry.path().filename() == "summary.json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
  }
  // All that a sweep tells, in one text.
  static std::string told(const std::string& folder, const CommandResult& result) {
    return read_file(folder + "/sweep.csv") + read_file(folder + "/sweep.html") + result.output;
  }
  static std::size_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

 private:
  fs::path root_ = own_folder("kvsim_sweep");
};

TEST_F(Sweep, RunsEveryPointOfTheGridOnce) {
  const CommandResult result = kvsim(kInputs + kGrid + "--seeds 2 --out " + folder("a"), false);
  ASSERT_EQ(result.status, 0);
  EXPECT_EQ(lines(read_file(folder("a") + "/sweep.csv")), 7u);  // 3 x 2 x 1 and a header
  EXPECT_EQ(lines(result.output), 7u);
  EXPECT_EQ(summaries(folder("a")).size(), 12u);
}

TEST_F(Sweep, GivesWhatSingleRunsGive) {
  ASSERT_EQ(kvsim(kInputs + "--set replicas=2 --metric requests.completed --metric duration_seconds --out " +
                  folder("a"))
                .status,
            0);
  const std::string json = kvsim("run --json --fleet " + kExample + "/fleet.yaml --trace " + kExample +
                                     "/workload.yaml --set replicas=2",
                                 false)
                               .output;
  const std::string csv = read_file(folder("a") + "/sweep.csv");
  const std::size_t at = json.find("\"duration_seconds\": ") + 20;
  const std::string duration = json.substr(at, json.find(',', at) - at);
  EXPECT_NE(csv.find("2,1,,2000,," + duration + ",\n"), std::string::npos) << csv << duration;
}

TEST_F(Sweep, GivesTheSameBytesWhateverTheNumberOfJobs) {
  std::string one, two;
  for (const auto& [jobs, text] : {std::pair{"1", &one}, std::pair{"4", &two}}) {
    const CommandResult result =
        kvsim(kInputs + kGrid + "--json --jobs " + jobs + " --out " + folder(jobs), false);
    ASSERT_EQ(result.status, 0);
    *text = told(folder(jobs), result);
  }
  EXPECT_EQ(one, two);
}

TEST_F(Sweep, SimulatesOnlyWhatIsMissingOrBroken) {
  const std::string command = kInputs + kGrid + "--json --out " + folder("a");
  const std::string first = told(folder("a"), kvsim(command, false));
  const std::vector<fs::path> files = summaries(folder("a"));
  ASSERT_EQ(files.size(), 6u);
  const auto stamp = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const fs::path& file : files) fs::last_write_time(file, stamp);
  fs::remove(files[1]);
  fs::resize_file(files[4], 1000);
  fs::last_write_time(files[4], stamp);
  fs::copy_file(files[2], files[0], fs::copy_options::overwrite_existing);  // of another point
  fs::last_write_time(files[0], stamp);
  EXPECT_NE(kvsim(command).output.find("6 runs, 3 of them kept"), std::string::npos);
  for (const std::size_t i : {0u, 1u, 4u}) EXPECT_GT(fs::last_write_time(files[i]), stamp) << i;
  for (const std::size_t i : {2u, 3u, 5u}) EXPECT_EQ(fs::last_write_time(files[i]), stamp) << i;
  EXPECT_EQ(told(folder("a"), kvsim(command, false)), first);
}

TEST_F(Sweep, SimulatesAnewWhenAnOverlayChanges) {
  const std::string card =
      read_file(std::string(KVSIM_SOURCE_DIR) + "/hardware-catalog/accelerators/A100-40-SXM.yaml");
  const std::string command =
      kInputs + "--set replicas=1 --out " + folder("a") + " --catalog " + folder("catalog.yaml");
  write_file(folder("catalog.yaml"), card);
  EXPECT_NE(kvsim(command).output.find("1 runs, 0 of them kept"), std::string::npos);
  EXPECT_NE(kvsim(command).output.find("1 runs, 1 of them kept"), std::string::npos);
  write_file(folder("catalog.yaml"), card + "# changed\n");
  EXPECT_NE(kvsim(command).output.find("1 runs, 0 of them kept"), std::string::npos);
}

TEST_F(Sweep, GoesOnAfterItWasStopped) {
  const std::string grid = "--set workload.requests=200000,200001,200002,200003 --json --jobs 2 --out ";
  const std::string program = std::string(KVSIM_BINARY) + " " + kInputs + grid + folder("a");
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", ("exec " + program + " >/dev/null 2>&1").c_str(), nullptr);
    _exit(127);
  }
  while (summaries(folder("a")).empty() && kill(child, 0) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_LT(summaries(folder("a")).size(), 4u);
  EXPECT_FALSE(fs::exists(folder("a") + "/sweep.csv"));
  const CommandResult gone_on = kvsim(kInputs + grid + folder("a"), false);
  const CommandResult at_once = kvsim(kInputs + grid + folder("b"), false);
  EXPECT_EQ(told(folder("a"), gone_on), told(folder("b"), at_once));
}

TEST_F(Sweep, TellsEveryBadPointBeforeAnyRun) {
  const CommandResult result =
      kvsim(kInputs + "--set replicas=1,two,-3 --set workload.requests=10,none --out " + folder("a"));
  EXPECT_EQ(result.status, 2);
  for (const char* said : {"--set replicas=two: ", "--set replicas=-3: ", "--set workload.requests=none: "})
    EXPECT_NE(result.output.find(said), std::string::npos) << result.output;
  EXPECT_EQ(result.output.find("replicas=two"), result.output.rfind("replicas=two")) << "told once";
  EXPECT_FALSE(fs::exists(folder("a")));
}

TEST_F(Sweep, RecordsAFailedPointAndGoesOn) {
  std::string trace;
  for (int i = 0; i < 100; ++i)
    trace += "{\"timestamp\":" + std::to_string(1000 * i) + ",\"input_length\":" + (i < 80 ? "10" : "-10") +
             ",\"output_length\":1,\"hash_ids\":[1]}\n";
  write_file(folder("trace.jsonl"), trace);
  const std::string command = "sweep --fleet " + kExample + "/fleet.yaml --trace " + folder("trace.jsonl") +
                              " --set replicas=1,2 --out " + folder("a");
  const CommandResult result = kvsim(command);
  EXPECT_EQ(result.status, 2);
  EXPECT_NE(result.output.find("2 runs failed"), std::string::npos) << result.output;
  EXPECT_NE(read_file(folder("a") + "/sweep.csv").find("trace.jsonl:81: input_length"), std::string::npos);
  EXPECT_EQ(summaries(folder("a")).size(), 0u);
  EXPECT_EQ(kvsim(command + " --max-requests 50").status, 0);
  EXPECT_EQ(summaries(folder("a")).size(), 2u);
}

TEST_F(Sweep, RefusesWrongOptions) {
  const std::pair<const char*, const char*> table[] = {
      {"--set replicas=1,2 --metric latency.ttft_seconds.p98", "did you mean 'latency.ttft_seconds.p9"},
      {"--set replicas=1,2 --metric performance.wall_seconds", "use one of: "},
      {"--set replicas=1,2 --x tp", "use one of: replicas"},
      {"--set replicas=1,2 --set fleet.replicas=3", "an earlier --set"},
      {"--set replicas=1,1", "found the value 1 twice"},
      {"--set replicas=1,,2", "found no value"},
      {"--set replicas=", "found no value"},
      {"--set replicas=1,2 --jobs 0", "--jobs"},
      {"--set replicas=1,2 --seeds 0", "--seeds"},
  };
  for (const auto& [options, said] : table) {
    const CommandResult result = kvsim(kInputs + options + " --out " + folder("a"));
    EXPECT_EQ(result.status, 1) << options;
    EXPECT_NE(result.output.find(said), std::string::npos) << options << "\n" << result.output;
  }
  EXPECT_FALSE(fs::exists(folder("a")));
}

TEST_F(Sweep, SplitsValuesOutsideBracketsAndQuotes) {
  const CommandResult result =
      kvsim(kInputs +
                "--set 'router={policy: round-robin, parameters: {}},{policy: least-request}' --set "
                "'name=\"a,b\",it'\"'\"'s' --set workload.requests=10 --out " +
                folder("a"),
            true);
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_EQ(lines(read_file(folder("a") + "/sweep.csv")), 5u);
}

TEST_F(Sweep, BoundsTheNumberOfRuns) {
  std::string many = "1";
  for (int i = 2; i <= 400; ++i) many += "," + std::to_string(i);
  const CommandResult result =
      kvsim(kInputs + "--set replicas=" + many + " --set tp=" + many + " --out " + folder("a"));
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.output.find("more than 100000 runs"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace kvsim
