// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/read_stream.h"

#include <filesystem>

#include "traces/generators/read_arrivals.h"
#include "traces/generators/read_distribution.h"

namespace kvsim::traces {

namespace {

constexpr std::int64_t kMaxRequests = 1'000'000'000'000;
constexpr std::int64_t kMaxSharedTexts = 5'000'000;
constexpr std::int64_t kMaxPerSession = 100;
constexpr std::size_t kMaxLayers = 20;
constexpr double kLongestTime = 1.0e9;

std::uint32_t small(std::int64_t value) { return static_cast<std::uint32_t>(value); }

// Positive, and within what nanoseconds hold.
Nanoseconds read_time(Fields& fields, std::string_view key, Nanoseconds fallback) {
  const std::optional<double> seconds = fields.maybe_duration_seconds(key);
  if (!seconds) return fallback;
  if (*seconds >= 1e-9 && *seconds <= kLongestTime) return from_seconds(*seconds);
  fields.problem(key, "found a time out of range", "give a time above 0, up to 1e9 seconds");
  return fallback;
}

void read_pairs(Fields& stream, const std::string& folder, LengthSettings& lengths) {
  Fields fields = stream.map("lengths");
  const std::string file = fields.text("file");
  const std::string input = fields.text("input_column", "input_length");
  const std::string output = fields.text("output_column", "output_length");
  fields.finish();
  const bool twice = stream.has("input_tokens") || stream.has("output_tokens") || stream.has("correlation");
  if (twice) {
    stream.problem("lengths", "given beside input_tokens, output_tokens or correlation",
                   "keep lengths, or the other three");
  }
  if (!twice && !file.empty()) {
    lengths.table = read_length_table((std::filesystem::path(folder) / file).string(), input, output);
  }
}

LengthSettings read_lengths(Fields& fields, const std::string& folder) {
  LengthSettings lengths;
  if (fields.has("lengths")) {
    read_pairs(fields, folder, lengths);
    for (const char* key : {"input_tokens", "output_tokens", "correlation"}) fields.raw(key);
    return lengths;
  }
  lengths.input_tokens = read_distribution(fields, "input_tokens", kTokenBounds);
  lengths.output_tokens = read_distribution(fields, "output_tokens", kTokenBounds);
  lengths.correlation = fields.number("correlation", {-1, 1}, 0.0);
  const bool normal = lengths.input_tokens.follows_normal() && lengths.output_tokens.follows_normal();
  if (lengths.correlation != 0 && !normal) {
    fields.problem("correlation", "given for distributions that have none",
                   "use fixed, normal or lognormal lengths, or a `lengths` table");
  }
  return lengths;
}

SharedText read_shared_text(Fields& fields) {
  SharedText text;
  fields.text("name", "");
  text.count = small(fields.integer("count", {1, kMaxSharedTexts}, 1));
  text.tokens = read_distribution(fields, "tokens", kTokenBounds);
  const std::string popularity =
      fields.choice("popularity", {"uniform", "zipf", "in-turn", "shuffled"}, "uniform");
  if (popularity == "in-turn") text.pick = SharedText::Pick::kInTurn;
  if (popularity == "shuffled") text.pick = SharedText::Pick::kShuffled;
  if (popularity == "zipf") text.zipf_exponent = fields.number("exponent", {0, 10}, 1.0);
  text.per_session = small(fields.integer("per_session", {1, kMaxPerSession}, 1));
  text.share = fields.number("share", {0, 1}, 1.0);
  if (text.per_session > text.count) {
    fields.problem("per_session", "more than count", "give at most as many as there are texts");
    text.per_session = text.count;
  }
  fields.finish();
  return text;
}

std::vector<SharedText> read_shared_texts(Fields& fields) {
  std::vector<SharedText> texts;
  std::int64_t sum = 0, per_session = 0;
  for (Fields& layer : fields.maps("shared_prompts")) {
    texts.push_back(read_shared_text(layer));
    sum += texts.back().count;
    per_session += texts.back().per_session;
  }
  if (texts.size() > kMaxLayers || sum > kMaxSharedTexts || per_session > kMaxPerSession) {
    fields.problem("shared_prompts", "too many shared prompts",
                   "give up to 20 entries, 5000000 texts in all, 100 of them in one session");
    texts.clear();
  }
  return texts;
}

void read_session(Fields& stream, SessionSettings& session) {
  Fields fields = stream.map("sessions");
  session.turns = read_distribution(fields, "turns", {1, 10'000}, Distribution(1));
  session.think_seconds = read_distribution(fields, "think_seconds", kSecondsBounds, Distribution(0));
  if (const auto cap = fields.maybe_integer("context_cap_tokens", {2, 100'000'000})) {
    session.context_cap_tokens = small(*cap);
  }
  const std::string at_cap = fields.choice("at_cap", {"drop-oldest", "end"}, "drop-oldest");
  session.at_cap = at_cap == "end" ? AtCap::kEnd : AtCap::kDropOldest;
  fields.finish();
}

}  // namespace

void read_limits(Fields& fields, std::uint64_t& max_requests, Nanoseconds& duration) {
  if (const auto count = fields.maybe_integer("requests", {1, kMaxRequests})) {
    max_requests = static_cast<std::uint64_t>(*count);
  }
  duration = read_time(fields, "duration", duration);
}

StreamSettings read_stream(Fields& fields, const std::string& folder) {
  StreamSettings stream;
  stream.model = fields.text("model", "");
  stream.tenant = fields.text("tenant", "");
  stream.slo_class = fields.text("class", "");
  stream.priority = static_cast<std::int32_t>(fields.integer("priority", {-1'000'000, 1'000'000}, 0));
  stream.timeout = read_time(fields, "timeout", kNever);
  stream.max_output_tokens = small(fields.maybe_integer("max_output_tokens", {1, 10'000'000}).value_or(0));
  stream.connections = small(fields.maybe_integer("connections", {1, 10'000'000}).value_or(0));
  if (const auto warmup = fields.maybe_integer("warmup", {0, kMaxRequests}))
    stream.warmup_requests = static_cast<std::uint64_t>(*warmup);
  stream.arrivals = read_arrivals(fields, "arrivals");
  stream.lengths = read_lengths(fields, folder);
  stream.shared = read_shared_texts(fields);
  read_session(fields, stream.session);
  stream.session.reasoning_tokens =
      read_distribution(fields, "reasoning_tokens", kMaybeTokenBounds, Distribution(0));
  return stream;
}

}  // namespace kvsim::traces
