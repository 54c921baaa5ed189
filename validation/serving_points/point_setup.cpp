// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/point_setup.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/text.h"
#include "validation/serving_points/point_doubts.h"
#include "validation/serving_points/point_model.h"

namespace kvsim::validation {
namespace {

std::optional<double> positive(const std::optional<double>& value) {
  return value && *value > 0 ? value : std::nullopt;
}

std::optional<PointKind> kind_of(const ServingPoint& point) {
  const std::string scenario = lower(point.scenario);
  if (scenario.starts_with("low latency (first-token")) return PointKind::kFirstToken;
  if (scenario.starts_with("static batch")) return PointKind::kStaticBatch;
  if (scenario.starts_with("closed loop") || mentions(scenario, "all requests at once"))
    return PointKind::kSteady;
  if (scenario.starts_with("offline")) return PointKind::kOffline;
  return {};
}

std::optional<double> static_batch_seconds(const ServingPoint& point) {
  if (const auto seconds = positive(point.e2e_seconds)) return seconds;
  const auto rate = positive(point.output_tokens_per_second);
  return rate ? std::optional(*point.batch * *point.output_tokens / *rate) : std::nullopt;
}

// Little's law: answers/s x (O - 1) TPOT; the first token comes with the prompt. Nothing: the row lacks some
// of it.
std::optional<double> mean_decodes(const ServingPoint& point) {
  const auto rate = positive(point.output_tokens_per_second), tpot = positive(point.tpot_seconds);
  if (!rate || !tpot) return {};
  return *rate * *tpot * (*point.output_tokens - 1) / *point.output_tokens;
}

// Sets the batch and the measured seconds of a kind; where the row lacks what they come from, they stay 0.
void take_load(const ServingPoint& point, PointSetup& setup) {
  const auto rate = positive(point.output_tokens_per_second);
  setup.batch = positive(point.batch).value_or(0);
  switch (setup.kind) {
    case PointKind::kFirstToken:
      setup.measured_seconds = positive(point.ttft_seconds).value_or(0);
      return;
    case PointKind::kStaticBatch:
      setup.measured_seconds = setup.batch > 0 ? static_batch_seconds(point).value_or(0) : 0;
      return;
    case PointKind::kSteady:
      setup.batch = mean_decodes(point).value_or(0);
      setup.measured_seconds = positive(point.tpot_seconds).value_or(0);
      return;
    case PointKind::kOffline:
      setup.measured_seconds = rate ? 1 / *rate : 0;
  }
}

bool has_all(const PointSetup& setup) {
  const bool generates = setup.kind == PointKind::kSteady || setup.kind == PointKind::kOffline;
  return setup.measured_seconds > 0 && (setup.batch > 0 || setup.kind == PointKind::kOffline) &&
         setup.output_tokens >= (generates ? 2 : 1);
}

// Nothing: the accelerators are not the ranks of one replica; 0: the ranks are not told, which matters little
// for what all accelerators of an offline run do together.
std::optional<std::uint32_t> ranks_of(const ServingPoint& point, PointKind kind) {
  const auto all = positive(point.accelerators);
  if (!all || (point.tp && point.tp != all)) return {};
  if (point.tp || *all == 1) return static_cast<std::uint32_t>(*all);
  return kind == PointKind::kOffline ? std::optional(0u) : std::nullopt;
}

std::string ranks_in_words(const ServingPoint& point) {
  return fmt::format("TP {} on {} accelerators", point.tp ? fmt::format("{}", *point.tp) : "not stated",
                     point.accelerators.value_or(0));
}

std::variant<PointSetup, Unusable> with_load(const ServingPoint& point, PointSetup setup) {
  const auto input = positive(point.input_tokens), output = positive(point.output_tokens);
  if (!input || !output) return Unusable{"lengths, batch or measurement missing", point.scenario};
  setup.input_tokens = *input;
  setup.output_tokens = *output;
  take_load(point, setup);
  if (!has_all(setup)) return Unusable{"lengths, batch or measurement missing", point.scenario};
  if (setup.kind == PointKind::kSteady && point.concurrency && setup.batch > *point.concurrency)
    return Unusable{"measurements contradict each other", "more decodes by Little's law than requests"};
  return setup;
}

}  // namespace

const char* name(PointKind kind) {
  constexpr std::array<const char*, 4> kNames{"static batch", "first token", "steady", "offline"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::variant<PointSetup, Unusable> set_up(const ServingPoint& point, const Catalog& catalog,
                                          const models::ModelLibrary& library) {
  PointSetup setup;
  setup.accelerator = catalog.find(point.accelerator);
  if (setup.accelerator == nullptr) return Unusable{"accelerator not in the catalog", point.accelerator};
  setup.card = find_card(library, point.model);
  if (setup.card == nullptr) return Unusable{"no model card", point.model};
  if (const std::string doubt = doubt_of(point); !doubt.empty())
    return Unusable{"not modelled, or in doubt", doubt};
  const auto types = types_of(point, *setup.card, *setup.accelerator);
  if (!types)
    return Unusable{"precision not stated or not known", point.dtype.empty() ? "not stated" : point.dtype};
  const auto kind = kind_of(point);
  if (!kind) return Unusable{"load without batch or concurrency", point.scenario};
  const auto ranks = ranks_of(point, *kind);
  if (!ranks) return Unusable{"not one replica of known tensor-parallel size", ranks_in_words(point)};
  setup.kind = *kind;
  setup.types = *types;
  setup.tp = *ranks;
  setup.accelerators = static_cast<std::uint32_t>(*point.accelerators);
  setup.engine = engine_family(point.engine);
  setup.hides_planning = setup.engine != "vLLM" || mentions(point.notes, "--async-scheduling");
  return with_load(point, setup);
}

}  // namespace kvsim::validation
