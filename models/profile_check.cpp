// SPDX-License-Identifier: Apache-2.0
#include "models/profile_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "models/attained_speed.h"

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
std::string fault(const std::string& name, const CoefficientRow& row, const Coefficient& c,
                  const Accelerator* accelerator) {
  const std::string found = fmt::format("found {} (low {}, high {})", c.value, c.low, c.high);
  if (!std::isfinite(c.value) || !std::isfinite(c.low) || !std::isfinite(c.high)) return found;
  if (c.low > c.value || c.value > c.high) return found + ", which is out of order";
  if (row.unit == CoefficientUnit::kShare && (c.value <= 0 || c.low < 0 || c.high > 1)) {
    const double most = std::max(c.value, c.high);
    const std::string speed = accelerator && most > 1 ? attained_speed(name, most, *accelerator) : "";
    return found + ", beyond the physical limit of a share of the peak" + (speed.empty() ? "" : ": " + speed);
  }
  if (row.unit == CoefficientUnit::kCount && c.low < 1) return found + ", which is less than one";
  return c.low < 0 ? found + ", which is negative" : "";
}

std::string remedy(const CoefficientRow& row) {
  if (row.unit == CoefficientUnit::kShare) {
    return "give a share above 0, up to 1, with low <= value <= high; a speed over the peak means that the "
           "measurement or the catalog's figure is wrong";
  }
  const char* least = row.unit == CoefficientUnit::kCount ? "1" : "0";
  return fmt::format("give {} or more, with low <= value <= high", least);
}

bool is_finite(const FitError& error) {
  return std::isfinite(error.median_error) && std::isfinite(error.median_absolute_error);
}

}  // namespace

void check_figures(const std::string& name, const Coefficient& coefficient, Location where,
                   const std::string& key, Problems& problems, const Accelerator* accelerator) {
  const CoefficientRow* row = find_coefficient(name);
  if (row == nullptr) {
    problems.add(where, key, "unknown coefficient", valid_names_remedy(name, coefficient_names()));
    return;
  }
  const std::string message = fault(name, *row, coefficient, accelerator);
  if (!message.empty()) problems.add(where, key, message, remedy(*row));
}

void check_coefficient(const std::string& name, const Coefficient& coefficient, Location where,
                       Problems& problems, const Accelerator* accelerator) {
  const std::string key = "coefficients." + name;
  check_figures(name, coefficient, where, key, problems, accelerator);
  if (coefficient.source.empty() && find_coefficient(name) != nullptr) {
    problems.add(where, key, "no source", "say where the figure comes from");
  }
}

void check_drawn(const CoefficientMap& coefficients, const std::string& name, double value, Location where,
                 const std::string& key, Problems& problems) {
  check_figures(name, {value, value, value, "", ""}, where, key, problems);
  if (find_coefficient(name) != nullptr && !coefficients.contains(name)) {
    problems.add(where, key, "drawn, but not among the coefficients", "give its best value there");
  }
}

void check_profile(const PerformanceProfile& profile, const Accelerator* accelerator) {
  Problems problems;
  const Location where = {"profile " + profile.name};
  for (const auto& [name, c] : profile.coefficients) check_coefficient(name, c, where, problems, accelerator);
  if (profile.draws.size() > kMostDraws) {
    problems.add(where, "draws", fmt::format("found {}", profile.draws.size()),
                 fmt::format("give at most {}", kMostDraws));
  }
  for (std::size_t i = 0; i < profile.draws.size(); ++i) {
    for (const auto& [name, value] : profile.draws[i]) {
      check_drawn(profile.coefficients, name, value, where, fmt::format("draws[{}].{}", i, name), problems);
    }
  }
  for (const FitError& error : profile.errors) {
    if (!is_finite(error)) problems.add(where, "errors", error.metric + ": not finite", "leave it out");
  }
  problems.throw_if_any();
}

}  // namespace kvsim::models
