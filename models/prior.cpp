// SPDX-License-Identifier: Apache-2.0
#include "models/prior.h"

#include "base/errors.h"
#include "base/text.h"

namespace kvsim::models {
namespace {

std::vector<NumberType> wider_types(NumberType type) {
  switch (type) {
    case NumberType::kMxfp4:
      return {type, NumberType::kNvfp4, NumberType::kFp8, NumberType::kBf16};
    case NumberType::kNvfp4:
      return {type, NumberType::kMxfp4, NumberType::kFp8, NumberType::kBf16};
    case NumberType::kInt8:
      return {type, NumberType::kFp8, NumberType::kBf16};
    case NumberType::kBf16:
      return {type};
    default:
      return {type, NumberType::kBf16};
  }
}

// The entry "name.tpN" with the least N >= ranks, else the one with the largest N; nullptr without any.
const Coefficient* nearest_ranks(const PerformanceProfile& profile, std::string_view name,
                                 std::uint32_t ranks) {
  const std::string prefix = std::string(name) + ".tp";
  const Coefficient* best = nullptr;
  std::int64_t best_ranks = 0;
  for (const auto& [key, coefficient] : profile.coefficients) {
    if (!key.starts_with(prefix)) continue;
    const std::int64_t listed = parse_integer(std::string_view(key).substr(prefix.size())).value_or(0);
    const bool enough = listed >= ranks;
    const bool better = best_ranks >= ranks ? enough && listed < best_ranks : listed > best_ranks;
    if (best == nullptr || better) best = &coefficient, best_ranks = listed;
  }
  return best;
}

[[noreturn]] void missing(const std::string& name) {
  Problem problem;
  problem.message = "no profile or prior gives the coefficient '" + name + "'";
  problem.remedy = "keep the shipped models/priors/ beside your own profiles";
  throw InputError(std::vector<Problem>(1, problem));
}

const Coefficient* find_in(const PerformanceProfile& profile, std::string_view name) {
  const auto found = profile.coefficients.find(name);
  return found == profile.coefficients.end() ? nullptr : &found->second;
}

}  // namespace

const Coefficient& CoefficientChain::plain(std::string_view name) const {
  for (const PerformanceProfile* profile : profiles_) {
    if (const Coefficient* found = find_in(*profile, name)) return *found;
  }
  missing(std::string(name));
}

const Coefficient& CoefficientChain::of_type(std::string_view name, NumberType type) const {
  for (const PerformanceProfile* profile : profiles_) {
    for (const NumberType candidate : wider_types(type)) {
      const std::string key = std::string(name) + "." + std::string(kvsim::name(candidate));
      if (const Coefficient* found = find_in(*profile, key)) return *found;
    }
  }
  missing(std::string(name) + "." + std::string(kvsim::name(type)));
}

const Coefficient& CoefficientChain::of_ranks(std::string_view name, std::uint32_t ranks) const {
  for (const PerformanceProfile* profile : profiles_) {
    if (const Coefficient* found = nearest_ranks(*profile, name, ranks)) return *found;
  }
  missing(std::string(name) + ".tp" + std::to_string(ranks));
}

const Coefficient& CoefficientChain::coefficient(std::string_view name) const {
  const CoefficientRow* row = find_coefficient(name);
  if (row == nullptr) missing(std::string(name));
  if (row->suffix == CoefficientSuffix::kNone) return plain(name);
  const std::string_view suffix = name.substr(row->name.size() + 1);
  if (row->suffix == CoefficientSuffix::kType) return of_type(row->name, *parse_number_type(suffix));
  return of_ranks(row->name, static_cast<std::uint32_t>(*parse_integer(suffix.substr(2))));
}

}  // namespace kvsim::models
