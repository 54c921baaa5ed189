// SPDX-License-Identifier: Apache-2.0
// Does the page get what its charts draw beyond the summary?
#include "sim/report/page_data.h"

#include <gtest/gtest.h>

#include "base/document.h"
#include "tests/schema_faults.h"
#include "tests/sim/report/small_run.h"

namespace kvsim::sim {
namespace {

TEST(PageData, NamesThePoolOfEachDowntime) {
  Summary summary = small_run({400, "a\"b"});
  EXPECT_EQ(parse_json(page_data(summary), "page").root->find("downtimes"), nullptr);
  summary.availability.emplace().downtimes = {{1, 2.5, 4}};
  const Document data = parse_json(page_data(summary), "page");
  EXPECT_EQ(testing::at(*data.root, "downtimes/0/pool").scalar, "a\"b");
  EXPECT_EQ(testing::at(*data.root, "downtimes/0/from").scalar, "2.5");
  EXPECT_EQ(testing::at(*data.root, "downtimes/0/to").scalar, "4");
}

}  // namespace
}  // namespace kvsim::sim
