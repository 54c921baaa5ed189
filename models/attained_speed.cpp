// SPDX-License-Identifier: Apache-2.0
#include "models/attained_speed.h"

#include <fmt/format.h>

#include "models/profile.h"
#include "models/step_time_terms.h"

namespace kvsim::models {
namespace {

struct Peak {
  double per_second = 0;
  double unit = 1e12;
  const char* unit_name = "TFLOP/s";
};

Peak peak_of(const CoefficientRow& row, std::string_view suffix, const Accelerator& accelerator) {
  if (row.name.ends_with("compute_share")) {
    const auto type = parse_number_type(suffix);
    return {type ? arithmetic_of(accelerator, *type).flops_per_second : 0};
  }
  if (row.name == "allreduce_bandwidth_share")
    return {accelerator.interconnect_bytes_per_second.value, 1e9, "GB/s"};
  return {accelerator.memory_bandwidth_bytes_per_second.value, 1e9, "GB/s"};
}

}  // namespace

std::string attained_speed(std::string_view coefficient, double share, const Accelerator& accelerator) {
  const CoefficientRow* row = find_coefficient(coefficient);
  if (row == nullptr || row->unit != CoefficientUnit::kShare) return "";
  const auto dot = coefficient.find('.');
  const Peak peak = peak_of(*row, dot == coefficient.npos ? "" : coefficient.substr(dot + 1), accelerator);
  if (peak.per_second <= 0) return "";
  return fmt::format("{:.4g} {} beside the peak of {:.4g} {} of {}", share * peak.per_second / peak.unit,
                     peak.unit_name, peak.per_second / peak.unit, peak.unit_name, accelerator.name);
}

}  // namespace kvsim::models
