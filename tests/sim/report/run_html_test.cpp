// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <sstream>

#include "sim/report/results_folder.h"
#include "tests/browser/chromium.h"
#include "tests/sim/report/small_run.h"

namespace kvsim::sim {
namespace {

using testing::Chromium;
using testing::occurrences;

std::string page_of(const Summary& summary) {
  std::ostringstream out;
  write_run_html(out, summary);
  return out.str();
}

TEST(RunHtml, NamesCannotEndTheirElement) {
  const std::string hostile = "</script><script>document.body.dataset.hacked=1</script>";
  const std::size_t plain = occurrences(page_of(small_run()), "</script>");
  Summary summary = small_run({400, hostile, true});
  summary.scenario.fleet = "</title>" + hostile;
  EXPECT_EQ(occurrences(page_of(summary), "</script>"), plain);
  EXPECT_EQ(occurrences(page_of(summary), "</title>"), 1u);
}

TEST(RunHtml, AsksTheNetworkForNothing) {
  const std::string page = page_of(small_run());
  EXPECT_EQ(occurrences(page, " src="), 0u);
  EXPECT_EQ(occurrences(page, "<link"), 0u);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST_F(Chromium, DrawsEveryCanvasWithoutAComplaint) {
  const std::string dom = shown(page_of(small_run({400, "</script><b>x</b>"})));
  EXPECT_GE(occurrences(dom, "<canvas"), 15u);
}

TEST_F(Chromium, DrawsTiersAndTheBusiestLinks) {
  const std::string dom = shown(page_of(small_run({400, "</script><b>x</b>", true})));
  EXPECT_GE(occurrences(dom, "<canvas"), 23u);
  EXPECT_NE(dom.find("role=\"grid\""), std::string::npos);
  EXPECT_EQ(occurrences(dom, "<th scope=\"row\""), 60u);
  EXPECT_NE(dom.find("16 links with less are left out"), std::string::npos);
  EXPECT_EQ(occurrences(dom, "role=\"gridcell\" title="), occurrences(dom, "role=\"gridcell\""));
  EXPECT_EQ(occurrences(dom, "tabindex=\"0\" class=\"heat"), 1u);
  EXPECT_EQ(occurrences(dom, "<b>x</b>"), 0u);
}

TEST_F(Chromium, ShowsBandsAndFittedRanges) {
  Summary summary = small_run();
  summary.uncertainty = {
      19, 0, {band_of("latency.ttft_seconds.p99", 0.25, {0.1, 0.5}), band_of("a", {}, {})}};
  summary.pools[0].fitted = {{{models::Quantity::kStepTokens, {1, 8192}}, 1, 9000, 3, 0.25, 0.5}, {}};
  const std::string dom = shown(page_of(summary));
  EXPECT_NE(dom.find("<td class=\"text\">ttft seconds p99</td><td>250 ms</td><td>100 ms</td><td>300 "
                     "ms</td><td>500 ms</td>"),
            std::string::npos);
  EXPECT_NE(dom.find("<td>8,192</td><td>1</td><td>9,000</td><td>25 %</td><td>50 %</td>"), std::string::npos);
}

TEST_F(Chromium, ShowsARunInWhichNothingCompleted) {
  EXPECT_EQ(occurrences(shown(page_of(summarize(Recorder({}), RunFacts()))), "<h1"), 1u);
}

}  // namespace
}  // namespace kvsim::sim
