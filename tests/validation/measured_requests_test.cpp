// SPDX-License-Identifier: Apache-2.0
// Are requests compared one by one with those that were measured, and which files are refused?
#include "validation/measured_requests.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "tests/own_folder.h"
#include "validation/compare.h"
#include "validation/validation_page.h"

namespace kvsim::validation {
namespace {

using ::testing::HasSubstr;

std::string problems_of(const std::string& text) {
  Problems problems;
  read_measured_requests(text, "requests.csv", problems);
  try {
    problems.throw_if_any();
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(MeasuredRequests, PartsStandInTheirOrderWithTheMetricsThatTheyHave) {
  Problems problems;
  const auto lists = read_measured_requests(
      "request,part,ttft_seconds,e2e_seconds\n7,late,2,9\n0,early,,4\n8,late,3,\n", "requests.csv", problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_EQ(lists.size(), 3u);
  EXPECT_EQ(lists[0].metric + " " + lists[0].part, "ttft_seconds late");
  EXPECT_EQ(lists[1].metric + " " + lists[1].part, "e2e_seconds late");
  EXPECT_EQ(lists[2].metric + " " + lists[2].part, "e2e_seconds early");
  ASSERT_EQ(lists[0].values.size(), 2u);
  EXPECT_EQ(lists[0].values[1].request, 8u);
  EXPECT_EQ(lists[0].values[1].seconds, 3);
}

TEST(MeasuredRequests, EveryFaultIsToldWithItsLine) {
  const std::string told = problems_of(
      "request,ttft_seconds\n0,1\nx,1\n0,1\n-1,1\n3,nan\n4,0\n5\n99999999999999999999,1\n6,-1\n7,1e99\n");
  for (const char* place :
       {"requests.csv:3", "requests.csv:4", "requests.csv:5", "requests.csv:6", "requests.csv:7",
        "requests.csv:8", "requests.csv:9", "requests.csv:10", "requests.csv:11"})
    EXPECT_THAT(told, HasSubstr(place));
  EXPECT_EQ(told.find("requests.csv:2:"), std::string::npos);
}

TEST(MeasuredRequests, AFileWithoutLatenciesIsRefused) {
  EXPECT_THAT(problems_of(""), HasSubstr("no latency"));
  EXPECT_THAT(problems_of("request,ttft\n0,1\n"), HasSubstr("no latency"));
}

// Errors -0.5, 0, 0.1, 0.2 and 1: their median is 0.1. Sizes 0, 0.1, 0.2, 0.5, 1: the median is 0.2, and 90 %
// of four ranks is 3.6: 0.5 + 0.6 x 0.5. The sixth request was not completed.
TEST(MeasuredRequests, SizesOfErrorsFollowFromTheirOrder) {
  const MeasuredRequests measured{"ttft_seconds", "", {{0, 2}, {1, 2}, {2, 2}, {3, 2}, {4, 2}, {5, 2}}};
  const ComparedRequests compared{measured, {4.0, 2.0, 1.0, 2.4, 2.2, std::nullopt}};
  const auto sizes = sizes_of(compared.errors());
  ASSERT_TRUE(sizes);
  EXPECT_EQ(compared.errors().size(), 5u);
  EXPECT_NEAR(sizes->median_error, 0.1, 1e-12);
  EXPECT_NEAR(sizes->median_size, 0.2, 1e-12);
  EXPECT_NEAR(sizes->p90_size, 0.8, 1e-12);
  EXPECT_FALSE(sizes_of({}));
}

// Two requests far apart, alike but for the second one's answer of one token: it ends with its first token.
CaseResult two_requests(const std::string& csv) {
  const auto folder = own_folder("kvsim_measured_requests");
  write_file((folder / "requests.csv").string(), csv);
  write_file((folder / "two.jsonl").string(),
             "{\"kvsim_trace\": 1}\n"
             "{\"arrival_seconds\": 0, \"input_tokens\": 100, \"output_tokens\": 11}\n"
             "{\"arrival_seconds\": 60, \"input_tokens\": 100, \"output_tokens\": 1}\n");
  return run_case(
      read_case(parse_yaml("name: x\nsource: {title: t, date: 2026}\nseeds: 2\nworkload: two.jsonl\n"
                           "fleet: {model: Llama-3.1-8B, accelerator: H100-SXM-80}\nrequests: requests.csv\n"
                           "measured: [{metric: completed, value: 2}]\n",
                           (folder / "case.yaml").string()),
                sim::load_fleet_inputs()));
}

TEST(MeasuredRequests, EachRequestIsFoundByItsPlace) {
  const CaseResult result = two_requests("request,ttft_seconds,e2e_seconds\n1,1,1\n0,1,1\n2,1,1\n");
  ASSERT_EQ(result.points.at(0).requests.size(), 2u);
  const auto& ttft = result.points[0].requests[0].simulated;
  const auto& e2e = result.points[0].requests[1].simulated;
  ASSERT_EQ(ttft.size(), 3u);
  EXPECT_EQ(*ttft[0], *e2e[0]);  // one token
  EXPECT_EQ(*ttft[1], *ttft[0]);
  EXPECT_GT(*e2e[1], *ttft[1]);
  EXPECT_FALSE(ttft[2]);  // the workload has no third request
  EXPECT_NE(comparison_table(result).find("2 of 3"), std::string::npos);
}

TEST(MeasuredRequests, ACaseTellsAFileThatIsNotThere) {
  const auto folder = own_folder("kvsim_measured_requests_absent");
  write_file((folder / "workload.jsonl").string(), "{}\n");
  try {
    read_case(
        parse_yaml("name: x\nsource: {title: t, date: 2026}\nworkload: workload.jsonl\nrequests: no.csv\n"
                   "fleet: {model: Llama-3.1-8B, accelerator: H100-SXM-80}\nmeasured: []\n",
                   (folder / "case.yaml").string()),
        sim::load_fleet_inputs());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no.csv"));
  }
}

}  // namespace
}  // namespace kvsim::validation
