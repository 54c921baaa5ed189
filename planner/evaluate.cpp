// SPDX-License-Identifier: Apache-2.0
#include "planner/evaluate.h"

#include <fmt/format.h>

#include "planner/compose_fleet.h"
#include "planner/known_watts.h"
#include "planner/losses.h"

namespace kvsim::planner {
namespace {

// Runs of one fleet, one for each seed, or why it has none.
struct FleetRuns {
  std::size_t first = 0;  // of the list of runs
  std::size_t count = 0;
  std::string refused;
};

class RunList {
 public:
  explicit RunList(const Judging& judging) : judging_(judging) {}

  FleetRuns add(const Problem& problem, const FleetChoice& choice, const DrawnPools& pools,
                const std::vector<std::uint64_t>& seeds, const FleetChange& change = {}) {
    FleetRuns runs{wanted_.size(), 0, ""};
    try {
      Document document = compose_fleet(problem, judging_.options.pools, choice);
      if (change) document = change(document);
      const auto fleet =
          std::make_shared<sim::Fleet>(with_pools(sim::read_fleet(document, judging_.inputs), pools));
      for (const std::uint64_t seed : seeds)
        wanted_.push_back({fleet, pools.said, problem.workload.trace, reading_of(problem, seed)});
      runs.count = seeds.size();
    } catch (const InputError& error) {
      runs.refused = error.what();
    }
    return runs;
  }

  void run(Simulations& simulations, const std::string& what) { answers_ = simulations.run(wanted_, what); }

  Summaries summaries(const FleetRuns& runs) const {
    Summaries summaries;
    for (std::size_t i = runs.first; i < runs.first + runs.count; ++i)
      if (answers_[i].summary != nullptr) summaries.push_back(answers_[i].summary);
    return summaries;
  }

  Judgement judgement(const Problem& problem, const FleetRuns& runs) const {
    for (std::size_t i = runs.first; i < runs.first + runs.count; ++i)
      if (answers_[i].summary == nullptr) return refused(answers_[i].failure.message);
    const Summaries summaries = this->summaries(runs);
    return summaries.empty() ? refused(runs.refused) : judge(problem, judging_.options.pools, summaries);
  }

 private:
  static Judgement refused(const std::string& reason) {
    return {false, false, {}, {reason}, 0, 0, false, {}};
  }

  const Judging& judging_;
  std::vector<WantedRun> wanted_;
  std::vector<RunAnswer> answers_;
};

std::vector<std::uint64_t> seeds_of(const Problem& problem) {
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t i = 0; i < problem.search.seeds; ++i) seeds.push_back(problem.search.seed + i);
  return seeds;
}

void add_degraded_cases(const Judging& judging, std::vector<EvaluatedFleet>& fleets,
                        Simulations& simulations) {
  const Problem degraded = in_degraded_operation(judging.problem);
  RunList list(judging);
  std::vector<FleetRuns> runs;  // of all cases of all fleets, in their order
  for (EvaluatedFleet& fleet : fleets) {
    if (!fleet.normal.passes) continue;
    for (const Loss& loss : losses_of(judging.problem, judging.options.pools, fleet.choice)) {
      const FleetChange lose = [&](const Document& document) {
        return with_loss(document, loss, judging.demand.span_seconds);
      };
      fleet.degraded.push_back({loss.in_words, {}});
      runs.push_back(list.add(degraded, fleet.choice, judging.pools, seeds_of(degraded), lose));
    }
  }
  list.run(simulations, "losses");
  auto next = runs.begin();
  for (EvaluatedFleet& fleet : fleets)
    for (DegradedCase& one : fleet.degraded) one.judgement = list.judgement(degraded, *next++);
}

}  // namespace

sim::Fleet fleet_of(const Problem& problem, const std::vector<PoolOption>& options, const FleetChoice& choice,
                    const sim::FleetInputs& inputs) {
  return sim::read_fleet(compose_fleet(problem, options, choice), inputs);
}

std::vector<EvaluatedFleet> evaluate(const Judging& judging, const std::vector<Proposal>& proposals,
                                     Simulations& simulations) {
  RunList list(judging);
  std::vector<FleetRuns> runs;
  for (const Proposal& proposal : proposals)
    runs.push_back(list.add(judging.problem, proposal.choice, judging.pools, seeds_of(judging.problem)));
  list.run(simulations, "fleets");
  std::vector<EvaluatedFleet> fleets;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    EvaluatedFleet fleet;
    fleet.choice = proposals[i].choice;
    fleet.origin = proposals[i].origin;
    fleet.normal = list.judgement(judging.problem, runs[i]);
    fleet.cost = cost_of(judging.problem, judging.options.pools, fleet.choice,
                         known_watts(judging.problem, judging.options.pools, fleet.normal));
    fleet.violations = violations(judging.problem, judging.options, fleet.choice, fleet.cost);
    fleets.push_back(std::move(fleet));
  }
  add_degraded_cases(judging, fleets, simulations);
  return fleets;
}

Summaries summaries_of(const Judging& judging, const FleetChoice& choice, Simulations& simulations) {
  RunList list(judging);
  const FleetRuns runs = list.add(judging.problem, choice, judging.pools, seeds_of(judging.problem));
  list.run(simulations, "results");
  return list.summaries(runs);
}

std::vector<Judgement> judge_variants(const Judging& judging, const FleetChoice& choice,
                                      const std::vector<Variant>& variants, Simulations& simulations) {
  RunList list(judging);
  std::vector<FleetRuns> runs;
  for (const Variant& variant : variants)
    runs.push_back(list.add(judging.problem, choice, variant.pools, {variant.seed}, variant.change));
  list.run(simulations, "variants");
  std::vector<Judgement> judgements;
  for (const FleetRuns& of_variant : runs) judgements.push_back(list.judgement(judging.problem, of_variant));
  return judgements;
}

}  // namespace kvsim::planner
