// SPDX-License-Identifier: Apache-2.0
#include "models/fitted_quantity.h"

#include <algorithm>
#include <cmath>

namespace kvsim::models {
namespace {

Line line_of(Quantity quantity, const StepWork& work) {
  const double sequences = static_cast<double>(work.decode_sequences);
  switch (quantity) {
    case Quantity::kDecodeSequences:
    case Quantity::kTableDecodeSequences:
      return {sequences, 0};
    case Quantity::kContextTokens:
      return {work.decode_context_tokens / sequences, 1};
    case Quantity::kTablePrefillTokens:
      return {static_cast<double>(work.prefill_tokens), 0};
    case Quantity::kTableContextTokens:
      return {work.decode_context_tokens + work.prefill_context_tokens, sequences};
    case Quantity::kStepTokens:
      break;
  }
  return {static_cast<double>(work.tokens()), 0};
}

// Steps j = 1 .. `steps` of a line that does not fall for which it is below `bound`, or, with `reached`, at
// most `bound`.
std::uint64_t steps_under(const Line& line, std::uint64_t steps, double bound, bool reached) {
  const auto is_under = [&](double value) { return reached ? value <= bound : value < bound; };
  if (!is_under(line.first)) return 0;
  if (is_under(line.at(steps))) return steps;
  const double exact = (bound - line.first) / line.growth;
  auto count = static_cast<std::uint64_t>(std::floor(exact)) + 1;
  count = std::min(count, steps);
  return count > 1 && !is_under(line.at(count)) ? count - 1 : count;
}

}  // namespace

std::string_view name(Quantity quantity) {
  switch (quantity) {
    case Quantity::kDecodeSequences:
    case Quantity::kTableDecodeSequences:
      return "decode_sequences";
    case Quantity::kContextTokens:
    case Quantity::kTableContextTokens:
      return "context_tokens";
    case Quantity::kTablePrefillTokens:
      return "prefill_tokens";
    case Quantity::kStepTokens:
      break;
  }
  return "step_tokens";
}

std::vector<FittedQuantity> fitted_quantities(const FittedRanges& ranges) {
  std::vector<FittedQuantity> stated = {{Quantity::kStepTokens, ranges.step_tokens},
                                        {Quantity::kDecodeSequences, ranges.decode_sequences},
                                        {Quantity::kContextTokens, ranges.context_tokens}};
  std::erase_if(stated, [](const FittedQuantity& fitted) { return !std::isfinite(fitted.range.high); });
  return stated;
}

bool quantity_of_row(const FittedQuantity& fitted, const StepWork& work, std::uint64_t steps,
                     QuantityOfRow& row) {
  const bool needs_decodes =
      fitted.quantity == Quantity::kDecodeSequences || fitted.quantity == Quantity::kContextTokens;
  if (steps == 0 || (needs_decodes && work.decode_sequences == 0)) return false;
  const Line line = line_of(fitted.quantity, work);
  row.least = line.first;
  row.most = line.at(steps);
  const std::uint64_t below = steps_under(line, steps, fitted.range.low, false);
  row.outside = below + (steps - steps_under(line, steps, fitted.range.high, true));
  return true;
}

}  // namespace kvsim::models
