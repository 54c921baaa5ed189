// SPDX-License-Identifier: Apache-2.0
// Totals by place, of which one is drawn without a look at all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/random.h"
#include "sim/routing/tournament.h"

namespace kvsim::sim {

struct Highest {
  double total = -std::numeric_limits<double>::infinity();
  std::uint32_t places = 0;  // that have it
  friend bool operator==(const Highest&, const Highest&) = default;
};
struct HigherOf {
  Highest operator()(const Highest& a, const Highest& b) const {
    return {std::max(a.total, b.total),
            (a.total >= b.total ? a.places : 0) + (b.total >= a.total ? b.places : 0)};
  }
};

// One of the places with the highest total, as draw_equal() (sim/routing/draws.h) draws it.
class HighestTotals : public Tournament<Highest, HigherOf> {
 public:
  explicit HighestTotals(std::size_t places) : Tournament(places, Highest{}) {}

  void set(std::size_t place, double total) { Tournament::set(place, {total, 1}); }
  void set_all(const std::vector<double>& totals) {
    Tournament::set_all(totals.size(), [&](std::size_t place) { return Highest{totals[place], 1}; });
  }
  std::size_t draw(RandomStream& stream) const {
    std::uint64_t skipped = all().places > 1 ? stream.below(all().places) : 0;
    return descend([&](const Highest& left, const Highest&) {
      const std::uint64_t ties = left.total == all().total ? left.places : 0;
      if (skipped < ties) return true;
      skipped -= ties;
      return false;
    });
  }
};

struct SumOf {
  double operator()(double a, double b) const { return a + b; }
};

// A place in proportion to its total; those of 0 or less are never drawn, but all alike where none is above.
class PositiveTotals : public Tournament<double, SumOf> {
 public:
  explicit PositiveTotals(std::size_t places) : Tournament(places, 0), places_(places) {}

  void set(std::size_t place, double total) { Tournament::set(place, std::max(0.0, total)); }
  void set_all(const std::vector<double>& totals) {
    Tournament::set_all(totals.size(), [&](std::size_t place) { return std::max(0.0, totals[place]); });
  }
  std::size_t draw(RandomStream& stream) const {
    if (all() <= 0) return stream.below(places_);
    double left_over = all() * stream.uniform();
    return descend([&](double left, double right) {
      if (left_over < left || right <= 0) return true;
      left_over -= left;
      return false;
    });
  }

 private:
  std::size_t places_;
};

}  // namespace kvsim::sim
