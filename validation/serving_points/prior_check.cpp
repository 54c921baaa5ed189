// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/prior_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

#include "base/errors.h"
#include "models/step_time_factory.h"
#include "sim/metrics/quantiles.h"
#include "sim/scenario/kv_capacity.h"
#include "validation/serving_points/point_seconds.h"

namespace kvsim::validation {
namespace {

constexpr std::uint64_t kMostSequences =
    1024;  // of an offline run: vLLM's default of --max-num-seqs on large GPUs

models::ProfileLibrary priors_of(const models::ProfileLibrary& library) {
  std::vector<models::PerformanceProfile> priors;
  for (const models::PerformanceProfile& profile : library.profiles())
    if (profile.prior) priors.push_back(profile);
  return models::ProfileLibrary(std::move(priors));
}

std::uint64_t whole(double value) {
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(value)));
}

std::uint64_t tokens_that_fit(const PointSetup& setup, const models::StepTimeResult& steps) {
  const sim::EngineSettings engine;
  const sim::DeviceMemory memory{*setup.accelerator,     *setup.card,          setup.types, engine,
                                 steps.activation_bytes, steps.non_torch_bytes};
  return sim::kv_capacity(memory, setup.tp).usable_tokens(engine.block_size_tokens);
}

// 0: the memory that kvsim expects does not hold it.
std::uint64_t requests_together(const PointSetup& setup, const models::StepTimeResult& steps) {
  const double fitting = static_cast<double>(tokens_that_fit(setup, steps));
  const double longest = setup.input_tokens + setup.output_tokens;
  if (setup.kind != PointKind::kOffline)
    return setup.batch * longest <= fitting || setup.kind == PointKind::kSteady ? whole(setup.batch) : 0;
  const double mean = setup.input_tokens + setup.output_tokens / 2;
  return fitting < longest ? 0 : std::min(kMostSequences, static_cast<std::uint64_t>(fitting / mean));
}

double simulated_seconds(const PointSetup& setup, const models::StepTimeModel& model, std::uint64_t batch) {
  const PointShape shape{whole(setup.input_tokens), whole(setup.output_tokens)};
  switch (setup.kind) {
    case PointKind::kStaticBatch:
      return static_batch_seconds(model, shape, batch);
    case PointKind::kFirstToken:
      return prefill_seconds(model, shape, batch);
    case PointKind::kSteady:
      return steady_step_seconds(model, shape, batch);
    case PointKind::kOffline:
      break;
  }
  return steady_step_seconds(model, shape, batch) / static_cast<double>(batch);
}

std::variant<double, Unusable> simulate(const PointSetup& setup, const models::ProfileLibrary& priors) {
  models::StepTimeInput input{.card = *setup.card, .accelerator = *setup.accelerator, .types = setup.types};
  input.tp = setup.tp;
  input.async_scheduling = setup.hides_planning;
  input.library = &priors;
  try {
    const models::StepTimeResult steps = models::make_step_time(input);
    const std::uint64_t batch = requests_together(setup, steps);
    if (batch > 0) return simulated_seconds(setup, *steps.model, batch);
    return Unusable{"more than the memory that kvsim expects",
                    fmt::format("{} on {} x {}", setup.card->name, setup.tp, setup.accelerator->name)};
  } catch (const InputError& error) {
    return Unusable{"refused by the step-time model", error.problems().front().message};
  }
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
    check_.points.push_back({point.line, known.accelerator->name, known.card->name, name(known.kind),
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
