// SPDX-License-Identifier: Apache-2.0
#include "validation/summary.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/metrics/quantiles.h"
#include "validation/baselines/baseline.h"

namespace kvsim::validation {
namespace {

std::optional<double> median(std::vector<double> values) {
  return values.empty() ? std::nullopt : std::optional(sim::median(std::move(values)));
}

// The entry of `list` that `is` is true of, made from `fresh` where there is none.
template <class Entry, class Is>
Entry& entry_of(std::vector<Entry>& list, Is is, Entry fresh) {
  const auto found = std::find_if(list.begin(), list.end(), is);
  return found == list.end() ? list.emplace_back(std::move(fresh)) : *found;
}

struct MetricTally {
  std::string vendor, metric;
  bool unsaturated = false;
  std::vector<double> errors, sizes, noises, spreads;
  std::size_t within_noise = 0;

  void add(const ComparedFigure& figure) {
    errors.push_back(*figure.error());
    sizes.push_back(std::abs(errors.back()));
    if (const auto within = figure.within_noise()) {
      noises.push_back(figure.measured.noise);
      within_noise += *within;
    }
    if (figure.spread && *figure.simulated > 0)
      spreads.push_back((figure.spread->most - figure.spread->least) / *figure.simulated);
  }

  MetricSummary summary() const {
    return {vendor,         metric,        unsaturated,  sizes.size(),   median(errors),
            *median(sizes), noises.size(), within_noise, median(noises), median(spreads)};
  }
};

class MetricTallies {
 public:
  void add(const ComparedPoint& point) {
    for (const ComparedFigure& figure : point.figures) {
      if (!figure.error()) continue;
      const std::string label = label_of(figure.measured);
      of(point.vendor, label, false).add(figure);
      if (figure.saturated && !*figure.saturated) of(point.vendor, label, true).add(figure);
    }
    for (const ComparedSeries& series : point.series)
      if (const auto difference = series.relative_difference())
        of(point.vendor, series.measured.metric + " over time", false).sizes.push_back(*difference);
  }

  // By vendor and metric as they first come, the rows of one metric together.
  std::vector<MetricSummary> summaries(const std::string& vendor) const {
    std::vector<MetricSummary> rows;
    for (const MetricTally& tally : tallies_)
      if (tally.vendor == vendor && !tally.unsaturated)
        for (const MetricTally& row : tallies_)
          if (row.vendor == vendor && row.metric == tally.metric) rows.push_back(row.summary());
    return rows;
  }

 private:
  MetricTally& of(const std::string& vendor, const std::string& metric, bool unsaturated) {
    return entry_of(
        tallies_,
        [&](const MetricTally& tally) {
          return tally.vendor == vendor && tally.metric == metric && tally.unsaturated == unsaturated;
        },
        MetricTally{vendor, metric, unsaturated, {}, {}, {}, {}, 0});
  }

  std::vector<MetricTally> tallies_;
};

template <class Use>
void for_each_point(const std::vector<CaseResult>& results, Use use) {
  for (const CaseResult& result : results)
    for (const ComparedPoint& point : result.points) use(point);
}

std::vector<MetricSummary> metric_summaries(const std::vector<CaseResult>& results) {
  MetricTallies tallies;
  std::vector<std::string> vendors;
  for_each_point(results, [&](ComparedPoint point) {
    entry_of(
        vendors, [&](const std::string& vendor) { return vendor == point.vendor; }, point.vendor);
    tallies.add(point);
    point.vendor = kAllVendors;
    tallies.add(point);
  });
  std::sort(vendors.begin(), vendors.end());
  if (vendors.size() != 1) vendors.push_back(kAllVendors);
  std::vector<MetricSummary> rows;
  for (const std::string& vendor : vendors) {
    const std::vector<MetricSummary> of_vendor = tallies.summaries(vendor);
    rows.insert(rows.end(), of_vendor.begin(), of_vendor.end());
  }
  return rows;
}

struct BaselineTally {
  std::string metric;
  std::size_t baseline = 0;
  std::vector<double> kvsim, others;

  BaselineSummary summary() const {
    return {metric, std::string(baselines()[baseline].name), kvsim.size(), *median(kvsim), *median(others)};
  }
};

std::vector<BaselineSummary> baseline_summaries(const std::vector<CaseResult>& results) {
  std::vector<BaselineTally> tallies;
  const auto add = [&](const ComparedFigure& figure, std::size_t baseline) {
    const auto own = figure.error(), other = figure.error_of(figure.by_baseline[baseline]);
    if (!own || !other) return;
    const std::string label = label_of(figure.measured);
    BaselineTally& tally = entry_of(
        tallies, [&](const BaselineTally& one) { return one.metric == label && one.baseline == baseline; },
        BaselineTally{label, baseline, {}, {}});
    tally.kvsim.push_back(std::abs(*own));
    tally.others.push_back(std::abs(*other));
  };
  for_each_point(results, [&](const ComparedPoint& point) {
    for (const ComparedFigure& figure : point.figures)
      for (std::size_t i = 0; i < figure.by_baseline.size(); ++i) add(figure, i);
  });
  std::vector<BaselineSummary> rows;
  for (const BaselineTally& tally : tallies) rows.push_back(tally.summary());
  return rows;
}

struct SloTally {
  std::string name;
  std::vector<double> exact, all;
  std::size_t at_least = 0, under = 0, undecided = 0;

  void add(const ComparedSloRate& rate) {
    if (!rate.measured || !rate.simulated) return;
    undecided += !rate.error;
    if (!rate.error) return;
    all.push_back(rate.error->value);
    at_least += rate.error->bound == Bound::kAtLeast;
    under += rate.error->bound == Bound::kBelow;
    if (rate.error->bound == Bound::kExact) exact.push_back(rate.error->value);
  }

  std::optional<Bounded> median_of_all() const {
    if (all.empty() || (at_least > 0 && under > 0)) return {};
    const Bound bound = at_least > 0 ? Bound::kAtLeast : under > 0 ? Bound::kBelow : Bound::kExact;
    return Bounded{*median(all), bound};
  }

  SloSummary summary() const {
    const double sum = std::accumulate(exact.begin(), exact.end(), 0.0);
    const auto mean = exact.empty() ? std::nullopt : std::optional(sum / static_cast<double>(exact.size()));
    return {name, all.size(), exact.size(), mean, median(exact), at_least, under, median_of_all(), undecided};
  }
};

std::vector<SloSummary> slo_summaries(const std::vector<CaseResult>& results) {
  std::vector<SloTally> tallies;
  SloTally all{kAllBounds, {}, {}, 0, 0, 0};
  for_each_point(results, [&](const ComparedPoint& point) {
    for (const ComparedSloRate& rate : point.slo_rates) {
      entry_of(
          tallies, [&](const SloTally& tally) { return tally.name == rate.slo.name; },
          SloTally{rate.slo.name, {}, {}, 0, 0, 0})
          .add(rate);
      all.add(rate);
    }
  });
  if (tallies.size() > 1) tallies.push_back(all);
  std::vector<SloSummary> rows;
  for (const SloTally& tally : tallies) rows.push_back(tally.summary());
  return rows;
}

}  // namespace

Summary summarise(const std::vector<CaseResult>& results) {
  return {metric_summaries(results), baseline_summaries(results), slo_summaries(results)};
}

}  // namespace kvsim::validation
