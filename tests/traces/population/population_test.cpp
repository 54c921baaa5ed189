// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/errors.h"
#include "tests/traces/generators/drive.h"
#include "traces/generators/hourly_profiles.h"
#include "traces/population/languages.h"
#include "traces/population/sample.h"
#include "traces/population/summary.h"
#include "traces/population/week.h"

namespace kvsim::traces {
namespace {

using testing::drive;
using testing::open_text;
using testing::TemporaryFile;

std::string town(const std::string& more = "", const std::string& tenant = "") {
  return "kind: population\n" + more + R"(
tenants:
  - name: town
    users: 10000
    active_share: {low: 0.1, mid: 0.2, high: 0.4}
    sessions_per_day: 3
    turns: 4
    profile: flat
    system_prompt_tokens: 500
    question_tokens: {distribution: fixed, value: 100}
    answer_tokens: {distribution: fixed, value: 300}
    context_cap_tokens: 100000000
)" + tenant;
}

PopulationSummary summary(const std::string& yaml, const std::string& chosen_case = "") {
  const TemporaryFile file(yaml);
  return summarize_population(file.path() + (chosen_case.empty() ? "" : "#" + chosen_case), 1);
}

// 10,000 users x 0.2 x 3 sessions = 6,000 sessions a day; x 4 turns = 24,000 requests; in a flat week 0.2778
// a second; 20 s of service: 5.56 in flight. The mean of 20,000 sampled requests' turns has a standard error
// near 1 %.
TEST(Population, FollowsFromItsNumbers) {
  const PopulationSummary s = summary(town());
  const TenantSummary& t = s.tenants.front();
  EXPECT_DOUBLE_EQ(t.active_users, 2000);
  EXPECT_DOUBLE_EQ(t.sessions_per_day, 6000);
  EXPECT_NEAR(t.turns_per_session, 4, 0.25);
  EXPECT_NEAR(s.hours[30].requests_per_second, 6000 * t.turns_per_session / 86400, 1e-9);
  EXPECT_NEAR(s.hours[30].concurrent_requests, 20 * s.hours[30].requests_per_second, 1e-9);
  EXPECT_DOUBLE_EQ(t.output_tokens.mean, 300);
  EXPECT_EQ(t.input_tokens.p50, 1400);  // half of all requests come by the third turn: 600 + 2 x 400
  // Working set of a day: one system prompt and each session's own 400 tokens a turn.
  EXPECT_NEAR(s.days[0].kv_working_set_tokens, 500 + 6000 * 400 * t.turns_per_session, 1);
}

TEST(Population, CasesAndGrowthScaleTheUsers) {
  const double mid = summary(town()).days[0].requests;
  EXPECT_NEAR(summary(town(), "low").days[0].requests, mid / 2, 1e-6 * mid);
  EXPECT_NEAR(summary(town(), "high").days[0].requests, mid * 2, 1e-6 * mid);
  EXPECT_NEAR(summary(town("case: high\ngrowth: 1.5\n")).days[0].requests, mid * 3, 1e-6 * mid);
  EXPECT_THROW(summary(town(), "middle"), InputError);
}

TEST(Population, PeakDayIsARowOfItsOwn) {
  const PopulationSummary s = summary(town("peak_day: 1.4\n"));
  ASSERT_EQ(s.days.size(), 8u);
  EXPECT_EQ(s.days.back().name, "peak day");
  EXPECT_NEAR(s.days.back().requests, 1.4 * s.days[0].requests, 1e-6);
}

// Arrivals of the window: sessions a second x peak day over the hour and its lead-in, each of about 4 turns.
TEST(Population, RunsItsPeakHour) {
  const std::string yaml = town("peak_day: 1.5\nlead_in: 10m\nwindow: peak-hour\n");
  std::map<std::uint64_t, int> sessions;
  const auto source = open_text(yaml);
  for (const Request& request : drive(*source, 2.0).requests) {
    ++sessions[request.session];
    EXPECT_LT(request.arrival, from_seconds(4200));
    EXPECT_EQ(source->names().tenants[request.tenant], "town");
  }
  const double expected = 6000.0 / 86400 * 1.5 * 4200;
  EXPECT_NEAR(static_cast<double>(sessions.size()), expected, 5 * std::sqrt(expected));
}

TEST(Population, WindowFollowsTheWeek) {
  std::string weights = "[";
  for (int hour = 0; hour < 168; ++hour) weights += hour == 33 ? "50," : "1,";
  weights.back() = ']';
  std::string yaml = town("lead_in: 0s\n");
  yaml.replace(yaml.find("profile: flat"), 13, "profile: " + weights);
  const auto count = [](const std::string& text) {
    return static_cast<double>(drive(*open_text(text), 0.001).requests.size());
  };
  const double peak = count(yaml);  // Tuesday 09:00
  EXPECT_NEAR(count(yaml + "window: {start: tue 09:00, duration: 1h}\n"), peak, 5 * std::sqrt(5 * peak));
  EXPECT_LT(count(yaml + "window: {start: tue 10:00, duration: 1h}\n"), peak / 10);
}

TEST(Population, DocumentsAreCountedInTokensOfTheirLanguage) {
  const std::string documents =
      "    language: de\n    tokens_per_page: 700\n"
      "    documents: {pages: {distribution: fixed, value: 2}, library: 100}\n";
  const PopulationSummary s = summary(town("", documents));
  EXPECT_EQ(s.tenants[0].input_tokens.p50, 1400 + 1400);
  EXPECT_TRUE(s.notes.empty());
  const std::string by_language = "    language: de\n    documents: {pages: 2}\n";
  EXPECT_FALSE(summary(town("", by_language)).notes.empty());  // recalled figures are marked
}

TEST(Population, DocumentsThatDoNotFitAreCut) {
  const std::string documents = "    documents: {pages: {distribution: fixed, value: 100}}\n";
  std::string yaml = town("window: {start: mon 09:00, duration: 10m}\n", documents);
  yaml.replace(yaml.find("100000000"), 9, "8192");
  for (const Request& request : drive(*open_text(yaml), 1.0).requests) {
    ASSERT_LE(request.input_tokens + request.output_tokens, 8192u);
  }
}

// Expected different items of n draws from 3 with p = 6/11, 3/11, 2/11: sum of 1 - exp(-n p), 10 tokens each.
TEST(TouchedTokens, CountEachTextOnce) {
  const TouchedTokens texts({.count = 3, .tokens = Distribution(10), .zipf_exponent = 1}, 1);
  double expected = 0;
  for (const double p : {6.0 / 11, 3.0 / 11, 2.0 / 11}) expected += 10 * (1 - std::exp(-4 * p));
  EXPECT_NEAR(texts.of(4), expected, 1e-9);
  EXPECT_NEAR(texts.of(1e9), 30, 1e-9);
}

// Grouping of rare items against the full sum.
TEST(TouchedTokens, GroupsHardlyMatter) {
  const std::uint32_t count = 50'000;
  const TouchedTokens texts({.count = count, .tokens = Distribution(1), .zipf_exponent = 0.8}, 1);
  std::vector<double> weights;
  for (std::uint32_t k = 1; k <= count; ++k) weights.push_back(std::pow(k, -0.8));
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const double draws : {100.0, 1e4, 1e6}) {
    double expected = 0;
    for (const double weight : weights) expected += 1 - std::exp(-draws * weight / sum);
    EXPECT_NEAR(texts.of(draws), expected, 2e-3 * expected) << draws;
  }
}

TEST(Week, NamesItsHours) {
  EXPECT_EQ(hour_name(0), "mon 00:00");
  EXPECT_EQ(hour_name(33.5), "tue 09:30");
  for (double hours = 0; hours < 168; hours += 0.25)
    EXPECT_DOUBLE_EQ(parse_hour(hour_name(hours)).value(), hours);
  for (const char* bad : {"", "tue", "tue 9:00", "tue 24:00", "xyz 09:00", "tue 09:60", "tue -1:00"}) {
    EXPECT_FALSE(parse_hour(bad)) << bad;
  }
}

TEST(Data, ProfilesAndLanguagesSayWhereTheyComeFrom) {
  EXPECT_GE(languages().size(), 20u);
  for (const Language& language : languages()) EXPECT_GT(language.tokens_per_page, 100) << language.code;
  for (const HourlyProfile& profile : hourly_profiles()) EXPECT_FALSE(profile.source.empty()) << profile.name;
}

TEST(Summary, TablesAreRectangular) {
  for (const SummaryTable& table : summary_tables(summary(town("peak_day: 2\n")))) {
    ASSERT_GE(table.rows.size(), 2u) << table.title;
    for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.rows.front().size()) << table.title;
  }
}

}  // namespace
}  // namespace kvsim::traces
