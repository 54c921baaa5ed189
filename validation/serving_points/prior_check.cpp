// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/prior_check.h"

#include <functional>
#include <tuple>

#include "sim/metrics/quantiles.h"
#include "validation/serving_points/simulate_point.h"

namespace kvsim::validation {
namespace {

models::ProfileLibrary priors_of(const models::ProfileLibrary& library) {
  std::vector<models::PerformanceProfile> priors;
  for (const models::PerformanceProfile& profile : library.profiles())
    if (profile.prior) priors.push_back(profile);
  return models::ProfileLibrary(std::move(priors));
}

std::string load_of(const PointSetup& setup) {
  return setup.tp > 0 ? name(setup.kind) : std::string(name(setup.kind)) + ", TP assumed";
}

class Checker {
 public:
  Checker(const Catalog& catalog, const models::ModelLibrary& library, const models::ProfileLibrary& profiles)
      : catalog_(catalog), library_(library), priors_(priors_of(profiles)) {}

  PriorCheck check(const std::vector<ServingPoint>& points) {
    for (const ServingPoint& point : points) add(point);
    check_.rows = points.size();
    for (const auto& [key, source] : sources_) check_.sources.push_back(source);
    for (const std::string& accelerator : catalog_.names())
      if (!checked_.contains(accelerator)) check_.unchecked.push_back(accelerator);
    return std::move(check_);
  }

 private:
  void add(const ServingPoint& point) {
    PointSource& source = sources_[{point.source, point.date}];
    source.name = point.source;
    source.date = point.date;
    ++source.rows;
    const auto setup = set_up(point, catalog_, library_);
    if (const auto* unusable = std::get_if<Unusable>(&setup)) return count(*unusable);
    const PointSetup& known = std::get<PointSetup>(setup);
    const auto seconds = simulate(known, priors_);
    if (const auto* unusable = std::get_if<Unusable>(&seconds)) return count(*unusable);
    ++source.used;
    checked_.insert(known.accelerator->name);
    check_.points.push_back({point.line, known.accelerator->name, known.card->name, load_of(known),
                             known.engine, year_of(point.date), point.quality, std::get<double>(seconds),
                             known.measured_seconds});
  }

  void count(const Unusable& unusable) { ++check_.unusable[unusable.reason][unusable.detail]; }

  const Catalog& catalog_;
  const models::ModelLibrary& library_;
  const models::ProfileLibrary priors_;
  PriorCheck check_;
  std::map<std::pair<std::string, std::string>, PointSource> sources_;
  std::set<std::string> checked_;
};

using Key = std::tuple<std::string, std::string, std::string, std::string>;

std::vector<PointGroup> grouped(const std::vector<CheckedPoint>& points,
                                const std::function<Key(const CheckedPoint&)>& key_of) {
  std::map<Key, std::vector<double>> errors;
  std::map<Key, std::set<std::string>> qualities;
  for (const CheckedPoint& point : points) {
    errors[key_of(point)].push_back(point.error());
    qualities[key_of(point)].insert(point.quality);
  }
  std::vector<PointGroup> groups;
  for (const auto& [key, of_key] : errors) {
    const auto& [accelerator, load, engine, year] = key;
    groups.push_back({accelerator, load, engine, year, qualities[key], spread_of(of_key)});
  }
  return groups;
}

}  // namespace

PriorCheck check_priors(const std::vector<ServingPoint>& points, const Catalog& catalog,
                        const models::ModelLibrary& library, const models::ProfileLibrary& profiles) {
  return Checker(catalog, library, profiles).check(points);
}

ErrorSpread spread_of(const std::vector<double>& errors) {
  std::vector<double> values = errors;
  const std::vector<double> at = sim::quantiles(values, {0.5, 0.1, 0.9});
  return {errors.size(), at[0], at[1], at[2]};
}

std::vector<PointGroup> by_accelerator(const std::vector<CheckedPoint>& points) {
  return grouped(points, [](const CheckedPoint& point) { return Key{point.accelerator, "", "", ""}; });
}

std::vector<PointGroup> by_engine(const std::vector<CheckedPoint>& points) {
  return grouped(points, [](const CheckedPoint& point) {
    return Key{point.accelerator, point.load, point.engine, point.year};
  });
}

}  // namespace kvsim::validation
