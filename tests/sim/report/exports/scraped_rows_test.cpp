// SPDX-License-Identifier: Apache-2.0
// Do rows of scrapes stay few, evenly spread, and complete?
#include "sim/report/exports/scraped_rows.h"

#include <gtest/gtest.h>

namespace kvsim::sim {
namespace {

constexpr Nanoseconds kSecond = kNanosecondsPerSecond;

double sum_of(const ScrapedRows& rows, std::size_t cell) {
  double sum = 0;
  for (const ScrapedRow& row : rows.rows()) sum += row.cells[cell];
  return sum;
}

TEST(ScrapedRows, AnIncreaseOfThePastCountsForTheScrapeAfterIt) {
  ScrapedRows rows({false}, 100);
  for (int second = 0; second <= 3; ++second) rows.close(second * kSecond);
  rows.add(0, kSecond + 1, 5);
  rows.add(0, 2 * kSecond, 1);
  rows.add(0, 9 * kSecond, 7);
  rows.close(4 * kSecond);
  EXPECT_EQ(rows.rows()[2].cells[0], 6);
  EXPECT_EQ(rows.rows()[4].cells[0], 7);
}

TEST(ScrapedRows, TheEndOfARunIsFoundByTheNextScrape) {
  ScrapedRows rows({true, false}, 100);
  rows.close(0);
  rows.now(0) = 3;
  rows.add(1, kSecond / 2, 1);
  rows.close(kSecond + 1);
  ASSERT_EQ(rows.rows().size(), 2u);
  EXPECT_EQ(rows.rows()[1].time, 2 * kSecond);
  EXPECT_EQ(rows.rows()[1].cells, (std::vector<double>{3, 1}));
}

TEST(ScrapedRows, ThinnedOutTheyAreEvenAndNothingIsLost) {
  ScrapedRows rows({true, false}, 2 * 16);
  for (int second = 0; second <= 1000; ++second) {
    rows.now(0) = second;
    rows.add(1, second * kSecond, 1);
    rows.close(second * kSecond);
  }
  ASSERT_GT(rows.rows().size(), 8u);
  EXPECT_LE(rows.rows().size(), 16u);
  EXPECT_EQ(sum_of(rows, 1), 1001);
  const Nanoseconds period = rows.rows()[1].time;
  for (std::size_t i = 0; i < rows.rows().size(); ++i) {
    EXPECT_EQ(rows.rows()[i].time, static_cast<Nanoseconds>(i) * period);
    EXPECT_EQ(rows.rows()[i].cells[0], std::min<double>(1000, to_seconds(rows.rows()[i].time)));
  }
}

TEST(ScrapedRows, EvenOneRowTooLargeKeepsBothEnds) {
  ScrapedRows rows({false, false}, 1);
  for (int second = 0; second <= 100; ++second) {
    rows.add(0, second * kSecond, 1);
    rows.close(second * kSecond);
  }
  ASSERT_EQ(rows.rows().size(), 2u);
  EXPECT_EQ(sum_of(rows, 0), 101);
}

}  // namespace
}  // namespace kvsim::sim
