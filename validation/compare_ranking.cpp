// SPDX-License-Identifier: Apache-2.0
#include "validation/compare_ranking.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kvsim::validation {
namespace {

enum class Standing { kBefore, kTied, kBehind };

// One set of values, one for each member.
class Order {
 public:
  Order(const Ranking& ranking, std::vector<double> values) : ranking_(ranking), values_(std::move(values)) {}

  Standing standing(std::size_t a, std::size_t b) const {
    const double difference = values_[a] - values_[b];
    if (difference == 0 || std::abs(difference) < ranking_.tie * std::max(values_[a], values_[b]))
      return Standing::kTied;
    return (difference > 0) == ranking_.largest_first ? Standing::kBefore : Standing::kBehind;
  }

  std::string text() const {
    std::vector<std::size_t> members(values_.size());
    std::iota(members.begin(), members.end(), std::size_t{0});
    std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return ranking_.largest_first ? values_[a] > values_[b] : values_[a] < values_[b];
    });
    std::string text;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) text += standing(members[i - 1], members[i]) == Standing::kTied ? " = " : " > ";
      text += ranking_.members[members[i]].name;
    }
    return text;
  }

  std::vector<std::string> against_expected() const {
    std::vector<std::string> found;
    for (std::size_t group = 0; group < ranking_.expected.size(); ++group)
      for (std::size_t later = group + 1; later < ranking_.expected.size(); ++later)
        for (const std::size_t a : ranking_.expected[group])
          for (const std::size_t b : ranking_.expected[later])
            if (standing(a, b) == Standing::kBehind)
              found.push_back(ranking_.members[b].name + " before " + ranking_.members[a].name);
    return found;
  }

 private:
  const Ranking& ranking_;
  std::vector<double> values_;
};

void compare_orders(const Ranking& ranking, const Order& measured, const Order& simulated, RankedAt& at) {
  at.simulated = simulated.text();
  for (std::size_t a = 0; a < ranking.members.size(); ++a)
    for (std::size_t b = a + 1; b < ranking.members.size(); ++b)
      at.alike += measured.standing(a, b) == simulated.standing(a, b);
  at.simulated_against = simulated.against_expected();
  if (ranking.expected.empty() || at.x < ranking.judged_from) return;
  at.judgement = at.simulated_against.empty() ? Judgement::kWithin : Judgement::kOutside;
}

RankedAt ranked_at(const Ranking& ranking, const std::vector<ComparedCurve>& curves, std::size_t i) {
  std::vector<double> measured, simulated;
  for (const Ranking::Member& member : ranking.members) {
    measured.push_back(curves[member.curve].measured.values[i].y);
    if (const std::optional<double> value = curves[member.curve].simulated[i]) simulated.push_back(*value);
  }
  RankedAt at;
  at.x = curves[ranking.members.front().curve].measured.values[i].x;
  at.pairs = ranking.members.size() * (ranking.members.size() - 1) / 2;
  const Order as_measured(ranking, measured);
  at.measured = as_measured.text();
  at.measured_against = as_measured.against_expected();
  at.simulated = "-";
  if (simulated.size() == measured.size())
    compare_orders(ranking, as_measured, Order(ranking, simulated), at);
  return at;
}

}  // namespace

ComparedRanking compare_ranking(const Ranking& ranking, const std::vector<ComparedCurve>& curves) {
  const Curve& first = curves[ranking.members.front().curve].measured;
  ComparedRanking compared{ranking, first.x, {}};
  for (std::size_t i = 0; i < first.values.size(); ++i) compared.at.push_back(ranked_at(ranking, curves, i));
  return compared;
}

}  // namespace kvsim::validation
