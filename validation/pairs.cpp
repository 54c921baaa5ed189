// SPDX-License-Identifier: Apache-2.0
#include "validation/pairs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kvsim::validation {
namespace {

using ByRate = std::map<double, const ComparedFigure*>;

ByRate figures_by_rate(const CaseResult& result, const std::string& metric) {
  ByRate figures;
  for (const ComparedPoint& point : result.points)
    for (const ComparedFigure& figure : point.figures)
      if (point.name.empty() && figure.rate && label_of(figure.measured) == metric)
        figures.emplace(*figure.rate, &figure);
  return figures;
}

std::optional<double> ratio(std::optional<double> own, std::optional<double> other) {
  return own && other && *other > 0 ? std::optional(*own / *other) : std::nullopt;
}

std::vector<RatioAt> ratios(const ByRate& own, const ByRate& other) {
  std::vector<RatioAt> at;
  for (const auto& [rate, figure] : own) {
    const auto found = other.find(rate);
    if (found == other.end()) continue;
    if (const auto measured = ratio(figure->measured.value, found->second->measured.value))
      at.push_back({rate, *measured, ratio(figure->simulated, found->second->simulated)});
  }
  return at;
}

// nullptr: it names none, or one that is not there.
const CaseResult* partner_of(const CaseResult& own, const std::vector<CaseResult>& results) {
  const auto found = std::find_if(results.begin(), results.end(), [&](const CaseResult& result) {
    return !own.compared_to.empty() && result.name == own.compared_to;
  });
  return found == results.end() ? nullptr : &*found;
}

}  // namespace

std::optional<double> RatioAt::error() const {
  const auto times = ratio(simulated, measured);
  return times ? std::optional(*times - 1) : std::nullopt;
}

std::optional<bool> RatioAt::alike() const {
  return simulated ? std::optional((measured > 1) == (*simulated > 1)) : std::nullopt;
}

std::vector<ComparedPair> compare_pairs(const std::vector<CaseResult>& results) {
  std::vector<ComparedPair> pairs;
  for (const CaseResult& own : results) {
    const CaseResult* other = partner_of(own, results);
    if (other == nullptr) continue;
    for (const char* metric : {"output_tokens_per_second", "ttft_seconds mean"}) {
      ComparedPair pair{own.name, other->name, metric, {}};
      pair.at = ratios(figures_by_rate(own, metric), figures_by_rate(*other, metric));
      if (!pair.at.empty()) pairs.push_back(std::move(pair));
    }
  }
  return pairs;
}

std::vector<std::string> without_partner(const std::vector<CaseResult>& results) {
  std::vector<std::string> sentences;
  for (const CaseResult& own : results)
    if (!own.compared_to.empty() && partner_of(own, results) == nullptr)
      sentences.push_back(fmt::format("{} is to be compared to {}, which is not among the cases.", own.name,
                                      own.compared_to));
  return sentences;
}

}  // namespace kvsim::validation
