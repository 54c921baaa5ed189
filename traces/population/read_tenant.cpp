// SPDX-License-Identifier: Apache-2.0
#include "traces/population/read_tenant.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "traces/generators/hourly_profiles.h"
#include "traces/population/languages.h"
#include "traces/population/week.h"

namespace kvsim::traces {

namespace {

constexpr double kDefaultThinkSeconds = 60;
constexpr double kDefaultQuestionTokens = 80;
constexpr double kDefaultAnswerTokens = 300;
constexpr std::int64_t kMaxDocuments = 5'000'000;

Distribution spread_around(double mean, Bounds bounds) {
  if (mean <= 0) return Distribution(0);
  return Distribution(DistributionParameters{
      .shape = Shape::kLognormal, .mean = mean, .deviation = mean, .low = bounds.low, .high = bounds.high});
}

bool names_a_distribution(const Node* node) {
  return node != nullptr && node->find("distribution") != nullptr;
}

class TenantReader {
 public:
  TenantReader(Fields& fields, const Cased& cased, std::vector<std::pair<std::string, std::string>>& notes)
      : fields_(fields), cased_(cased), notes_(notes), stream_(tenant_.stream) {}

  PopulationTenant read(double growth) {
    read_names();
    read_use(growth);
    read_turns();
    read_texts();
    fields_.finish();
    return std::move(tenant_);
  }

 private:
  void read_names() {
    stream_.name = stream_.tenant = fields_.text("name");
    stream_.model = fields_.text("model", "");
    stream_.slo_class = fields_.text("class", "");
    stream_.priority = static_cast<std::int32_t>(fields_.integer("priority", {-1'000'000, 1'000'000}, 0));
    const std::optional<double> timeout = fields_.maybe_duration_seconds("timeout");
    if (!timeout) return;
    if (*timeout >= 1e-9 && *timeout <= 1e9) {
      stream_.timeout = from_seconds(*timeout);
    } else {
      fields_.problem("timeout", "found a time out of range", "give a time above 0, up to 1e9 seconds");
    }
  }

  void read_use(double growth) {
    tenant_.users = growth * cased_.number(fields_, "users", {1, 1e9});
    tenant_.active_share = cased_.number(fields_, "active_share", {0, 1, true}, 0.2);
    tenant_.sessions_per_day = cased_.number(fields_, "sessions_per_day", {1e-3, 1000}, 3.0);
    const Week weights = as_week(read_profile(fields_, "profile", "office-week"));
    const double working_day = working_day_sum(weights);
    if (working_day <= 0) {
      fields_.problem("profile", "nobody works from Monday to Friday",
                      "give weights above 0 on those days: sessions_per_day is that of a working day");
      return;
    }
    const double sessions = tenant_.users * tenant_.active_share * tenant_.sessions_per_day;
    for (std::size_t hour = 0; hour < kHoursPerWeek; ++hour) {
      tenant_.sessions_per_second[hour] = sessions * weights[hour] / working_day / 3600;
    }
  }

  void read_turns() {
    const double turns = cased_.number(fields_, "turns", {1, 1000}, 4.0);
    stream_.session.turns = Distribution(
        DistributionParameters{.shape = Shape::kGeometric, .mean = turns, .low = 1, .high = 10'000});
    stream_.session.think_seconds =
        cased_.amount(fields_, "think_seconds", kSecondsBounds, kDefaultThinkSeconds);
    stream_.lengths.input_tokens =
        cased_.amount(fields_, "question_tokens", kTokenBounds, kDefaultQuestionTokens);
    stream_.lengths.output_tokens =
        cased_.amount(fields_, "answer_tokens", kTokenBounds, kDefaultAnswerTokens);
    stream_.session.reasoning_tokens = cased_.amount(fields_, "reasoning_tokens", kMaybeTokenBounds, 0);
    stream_.session.context_cap_tokens =
        static_cast<std::uint32_t>(fields_.integer("context_cap_tokens", {2, 100'000'000}, 32768));
    if (const auto limit = fields_.maybe_integer("max_output_tokens", {1, 10'000'000})) {
      stream_.max_output_tokens = static_cast<std::uint32_t>(*limit);
    }
  }

  void read_texts() {
    const double system = cased_.number(fields_, "system_prompt_tokens", {0, 10'000'000}, 500.0);
    if (system >= 1) {
      SharedText text;
      text.tokens = Distribution(system);
      stream_.shared.push_back(text);
    }
    read_language();
    if (fields_.has("documents")) read_documents();
  }

  void read_language() {
    tenant_.language = fields_.text("language", "en");
    const std::optional<double> own = fields_.maybe_number("tokens_per_page", {1, 1e4});
    const Language* language = find_language(tenant_.language);
    if (own) {
      tenant_.tokens_per_page = *own;
    } else if (language != nullptr) {
      tenant_.tokens_per_page = language->tokens_per_page;
      if (language->unverified && fields_.has("documents")) {
        notes_.emplace_back(
            fmt::format("tenant {}: {} tokens a page", stream_.name, language->tokens_per_page),
            fmt::format("{}: recalled, not measured; give tokens_per_page", language->name));
      }
    } else {
      std::vector<std::string> codes;
      for (const Language& known : languages()) codes.push_back(known.code);
      fields_.problem("language", "no tokens per page for '" + tenant_.language.substr(0, 40) + "'",
                      valid_names_remedy(tenant_.language, codes) + "; or give tokens_per_page");
    }
  }

  void read_documents() {
    Fields fields = fields_.map("documents");
    SharedText text;
    text.share = cased_.number(fields, "share", {0, 1}, 1.0);
    text.count = static_cast<std::uint32_t>(fields.integer("library", {1, kMaxDocuments}, 1000));
    text.per_session = static_cast<std::uint32_t>(fields.integer("per_session", {1, 50}, 1));
    if (text.per_session > text.count) {
      fields.problem("per_session", "more than the library holds", "give at most `library`");
      text.per_session = text.count;
    }
    text.tokens =
        cased_.amount(fields, "pages", {0.1, 1000}, 10).times(std::max(1.0, tenant_.tokens_per_page));
    const std::string popularity = fields.choice("popularity", {"uniform", "zipf"}, "uniform");
    if (popularity == "zipf") text.zipf_exponent = fields.number("exponent", {0, 10}, 1.0);
    fields.finish();
    stream_.shared.push_back(text);
  }

  Fields& fields_;
  const Cased& cased_;
  std::vector<std::pair<std::string, std::string>>& notes_;
  PopulationTenant tenant_;
  StreamSettings& stream_;
};

}  // namespace

double Cased::number(Fields& fields, std::string_view key, NumberRange range,
                     std::optional<double> fallback) const {
  const Node* node = fields.raw(key);
  if (node == nullptr || !node->is_map()) return fields.number(key, range, fallback);
  Fields cases = fields.map(key);
  double chosen = range.low;
  for (const char* name : {"low", "mid", "high"}) {
    const double value = cases.number(name, range);
    if (chosen_ == name) chosen = value;
  }
  cases.finish();
  return chosen;
}

Distribution Cased::amount(Fields& fields, std::string_view key, Bounds bounds, double fallback) const {
  if (names_a_distribution(fields.raw(key))) return read_distribution(fields, key, bounds);
  return spread_around(number(fields, key, {bounds.low, bounds.high}, fallback), bounds);
}

PopulationTenant read_tenant(Fields& fields, const Cased& cased, double growth,
                             std::vector<std::pair<std::string, std::string>>& notes) {
  return TenantReader(fields, cased, notes).read(growth);
}

}  // namespace kvsim::traces
