// SPDX-License-Identifier: Apache-2.0
#include "models/profile.h"

#include <fmt/format.h>

#include <cctype>

#include "base/errors.h"
#include "base/fields.h"
#include "base/text.h"
#include "base/yaml_kind.h"
#include "models/profile_check.h"

namespace kvsim::models {
namespace {

constexpr NumberRange kAnyNumber = {-1e18, 1e18};
constexpr double kLargestError = 1e9;
constexpr std::int64_t kMostFigures = 1'000'000'000;

Coefficient read_coefficient(Fields& all, const std::string& name, const Coefficient& defaults) {
  Coefficient c = defaults;
  const Node* node = all.raw(name);
  if (!node->is_map()) {
    c.value = c.low = c.high = all.number(name, kAnyNumber);
    return c;
  }
  Fields fields = all.map(name);
  c.value = fields.number("value", kAnyNumber);
  c.low = fields.number("low", kAnyNumber, c.value);
  c.high = fields.number("high", kAnyNumber, c.value);
  c.source = fields.text("source", c.source);
  c.date = fields.text("date", c.date);
  fields.finish();
  return c;
}

FittedRange read_range(Fields& fields, std::string_view key) {
  const std::vector<double> bounds = fields.numbers(key, {0, 1e18});
  if (!fields.has(key)) return {};
  if (bounds.size() == 2 && bounds[0] <= bounds[1]) return {bounds[0], bounds[1]};
  fields.problem(key, "not a range", "give [low, high]");
  return {};
}

NumberType read_type(Fields& fields, std::string_view key) {
  const std::string word = fields.choice(key, number_type_names(), "bf16");
  return parse_number_type(word).value_or(NumberType::kBf16);
}

std::optional<Types> read_types(Fields fields) {
  if (!fields.present()) return {};
  Types types;
  types.weights = read_type(fields, "weights");
  types.expert_weights =
      fields.raw("expert_weights") != nullptr ? read_type(fields, "expert_weights") : types.weights;
  types.embeddings = read_type(fields, "embeddings");
  types.matmul = read_type(fields, "matmul");
  types.attention = read_type(fields, "attention");
  types.kv = read_type(fields, "kv");
  fields.finish();
  return types;
}

void read_scope(Fields& fields, PerformanceProfile& profile) {
  profile.name = fields.text("name");
  profile.prior = fields.choice("kind", {"prior", "measured"}) == "prior";
  profile.accelerators = fields.texts("accelerators");
  if (profile.accelerators.empty()) fields.problem("accelerators", "empty", "name at least one accelerator");
  const std::string first = profile.accelerators.empty() ? "" : profile.accelerators.front();
  profile.measured_on = fields.text("measured_on", first);
  Fields engine = fields.map("engine");
  profile.engine_from = engine.text("from", "");
  profile.engine_to = engine.text("to", "");
  engine.finish();
  profile.model = fields.text("model", "any");
  if (const auto tp = fields.maybe_integer("tp", {1, 4096})) profile.tp = static_cast<std::uint32_t>(*tp);
  profile.types = read_types(fields.map("types"));
}

void read_fitted(Fields fitted, FittedRanges& ranges) {
  ranges.step_tokens = read_range(fitted, "step_tokens");
  ranges.decode_sequences = read_range(fitted, "decode_sequences");
  ranges.context_tokens = read_range(fitted, "context_tokens");
  fitted.finish();
}

std::vector<FitError> read_errors(Fields& fields) {
  std::vector<FitError> errors;
  for (Fields& entry : fields.maps("errors")) {
    FitError& error = errors.emplace_back();
    error.metric = entry.text("metric");
    if (error.metric.empty() && entry.has("metric"))
      entry.problem("metric", "empty", "name what was measured");
    error.held_out = entry.text("held_out", "");
    error.figures = static_cast<std::size_t>(entry.integer("figures", {1, kMostFigures}));
    error.median_error = entry.number("median_error", {-1, kLargestError});
    error.median_absolute_error = entry.number("median_absolute_error", {0, kLargestError});
    entry.finish();
  }
  return errors;
}

void read_draws(Fields& fields, PerformanceProfile& profile, Problems& problems) {
  std::vector<Fields> draws = fields.maps("draws");
  if (draws.size() > kMostDraws) {
    fields.problem("draws", fmt::format("found {}", draws.size()),
                   fmt::format("give at most {}", kMostDraws));
    return;
  }
  for (Fields& entry : draws) {
    auto& draw = profile.draws.emplace_back();
    if (entry.keys().empty()) entry.problem("", "empty", "give its coefficients");
    for (const std::string& name : entry.keys()) {
      draw[name] = entry.number(name, kAnyNumber);
      check_drawn(profile.coefficients, name, draw[name], entry.location(name), entry.path() + "." + name,
                  problems);
    }
  }
}

// Numbers of "v0.10.2rc1+cu12", up to the first part that is no number.
std::vector<std::int64_t> version_numbers(std::string_view text) {
  if (text.starts_with("v")) text.remove_prefix(1);
  text = text.substr(0, text.find_first_of("-+"));
  std::vector<std::int64_t> numbers;
  for (std::string_view part : split(text, '.')) {
    std::size_t digits = 0;
    while (digits < part.size() && std::isdigit(static_cast<unsigned char>(part[digits]))) ++digits;
    const auto number = parse_integer(part.substr(0, digits));
    if (!number) break;
    numbers.push_back(*number);
  }
  while (!numbers.empty() && numbers.back() == 0) numbers.pop_back();
  return numbers;
}

}  // namespace

PerformanceProfile read_profile(const Document& document, const Catalog* catalog) {
  refuse_other_kind(document, "profile");
  Problems problems;
  Fields fields(document, problems);
  PerformanceProfile profile;
  read_scope(fields, profile);
  const Accelerator* accelerator = catalog == nullptr ? nullptr : catalog->find(profile.measured_on);
  Coefficient defaults;
  defaults.source = fields.text("source", "");
  defaults.date = fields.text("date", "");
  Fields coefficients = fields.map("coefficients");
  for (const std::string& name : coefficients.keys()) {
    const std::size_t earlier = problems.all().size();
    const Coefficient c = read_coefficient(coefficients, name, defaults);
    if (problems.all().size() == earlier)
      check_coefficient(name, c, coefficients.location(name), problems, accelerator);
    profile.coefficients.emplace(name, c);
  }
  const auto blocks = fields.maybe_integer("num_gpu_blocks", {2, std::int64_t{1} << 40});
  if (blocks) profile.num_gpu_blocks = static_cast<std::uint64_t>(*blocks);
  read_fitted(fields.map("fitted"), profile.fitted);
  profile.errors = read_errors(fields);
  read_draws(fields, profile, problems);
  fields.finish();
  problems.throw_if_any();
  return profile;
}

int compare_versions(std::string_view a, std::string_view b) {
  const auto left = version_numbers(a);
  const auto right = version_numbers(b);
  if (left == right) return 0;
  return left < right ? -1 : 1;
}

}  // namespace kvsim::models
