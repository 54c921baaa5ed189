// SPDX-License-Identifier: Apache-2.0
#include "models/profile.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>

#include "base/errors.h"
#include "base/fields.h"
#include "base/text.h"

namespace kvsim::models {
namespace {

std::vector<std::string> coefficient_names() {
  std::vector<std::string> names;
  for (const CoefficientRow& row : coefficient_table()) {
    const std::array<const char*, 3> suffixes = {"", ".<type>", ".tp<ranks>"};
    names.push_back(std::string(row.name) + suffixes[static_cast<std::size_t>(row.suffix)]);
  }
  return names;
}

// What is wrong with a coefficient of a valid name, or nothing.
std::string fault(const CoefficientRow& row, const Coefficient& c) {
  const std::string found = fmt::format("found {} (low {}, high {})", c.value, c.low, c.high);
  if (!std::isfinite(c.value) || !std::isfinite(c.low) || !std::isfinite(c.high)) return found;
  if (c.low > c.value || c.value > c.high) return found + ", which is out of order";
  if (row.unit == CoefficientUnit::kShare && (c.value <= 0 || c.low < 0 || c.high > 1)) {
    return found + ", beyond the physical limit of a share of the peak";
  }
  return c.low < 0 ? found + ", which is negative" : "";
}

std::string remedy(const CoefficientRow& row) {
  if (row.unit == CoefficientUnit::kShare) {
    return "give a share above 0, up to 1, with low <= value <= high; a speed over the peak means that the "
           "measurement or the catalog's figure is wrong";
  }
  return "give 0 or more, with low <= value <= high";
}

void check(const std::string& name, const Coefficient& c, Location where, Problems& problems) {
  const CoefficientRow* row = find_coefficient(name);
  if (row == nullptr) {
    problems.add(where, "coefficients." + name, "unknown coefficient",
                 valid_names_remedy(name, coefficient_names()));
    return;
  }
  const std::string message = fault(*row, c);
  if (!message.empty()) problems.add(where, "coefficients." + name, message, remedy(*row));
  if (c.source.empty()) {
    problems.add(where, "coefficients." + name, "no source", "say where the figure comes from");
  }
}

constexpr NumberRange kAnyNumber = {-1e18, 1e18};

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
  types.expert_weights = fields.has("expert_weights") ? read_type(fields, "expert_weights") : types.weights;
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

PerformanceProfile read_profile(const Document& document) {
  Problems problems;
  Fields fields(document, problems);
  PerformanceProfile profile;
  read_scope(fields, profile);
  Coefficient defaults;
  defaults.source = fields.text("source", "");
  defaults.date = fields.text("date", "");
  Fields coefficients = fields.map("coefficients");
  for (const std::string& name : coefficients.keys()) {
    const Coefficient c = read_coefficient(coefficients, name, defaults);
    check(name, c, coefficients.location(name), problems);
    profile.coefficients.emplace(name, c);
  }
  const auto blocks = fields.maybe_integer("num_gpu_blocks", {2, std::int64_t{1} << 40});
  if (blocks) profile.num_gpu_blocks = static_cast<std::uint64_t>(*blocks);
  read_fitted(fields.map("fitted"), profile.fitted);
  fields.finish();
  problems.throw_if_any();
  return profile;
}

void check_profile(const PerformanceProfile& profile) {
  Problems problems;
  for (const auto& [name, c] : profile.coefficients) check(name, c, {"profile " + profile.name}, problems);
  problems.throw_if_any();
}

int compare_versions(std::string_view a, std::string_view b) {
  const auto left = version_numbers(a);
  const auto right = version_numbers(b);
  if (left == right) return 0;
  return left < right ? -1 : 1;
}

}  // namespace kvsim::models
