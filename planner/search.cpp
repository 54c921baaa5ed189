// SPDX-License-Identifier: Apache-2.0
#include "planner/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "base/progress.h"
#include "planner/known_watts.h"
#include "planner/loads.h"
#include "planner/neighbours.h"
#include "planner/residency_flow.h"
#include "planner/solver.h"
#include "planner/uses.h"

namespace kvsim::planner {
namespace {

constexpr double kMultiples[] = {0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0};
constexpr double kFineStep = 0.05;  // of the demand, between a multiple that fails and one that passes
constexpr double kSameCost = 1e-9;  // relative

SolverLimits limits_of(const Problem& problem) { return {problem.search.nodes, problem.search.gap}; }

Load multiplied(Load load, double factor) {
  for (auto& parts : load.seconds)
    for (auto& options : parts)
      for (double& seconds : options) seconds *= factor;
  return load;
}

Problem without_spares(Problem problem) {
  problem.constraints.spare.clear();
  return problem;
}

class Search {
 public:
  Search(const Judging& judging, Simulations& simulations, const Told& told, Plan& plan)
      : judging_(judging),
        problem_(judging.problem),
        options_(judging.options),
        simulations_(simulations),
        told_(told),
        plan_(plan),
        solver_(simulations.store() + "/solutions", limits_of(problem_)),
        idle_(idle_watts(problem_, options_.pools)),
        pools_(judged_pools()),
        bound_load_(bound_load(problem_, options_, judging.demand, pools_)),
        bounds_(without_spares(problem_), options_, bound_load_, idle_) {}

  void run() {
    if (!is_possible()) return;
    find_capacities();
    try_multiples();
    try_each_use();
    try_runners_up();
    try_neighbours();
    close_the_gap();
    plan_.state = plan_.best ? PlanState::kFound : PlanState::kNotFound;
  }

 private:
  PoolsByName judged_pools() const {
    PoolsByName pools = pools_at_best(problem_, options_.pools, judging_.inputs);
    for (const auto& [name, pool] : judging_.pools.pools) pools[name] = pool;
    return pools;
  }

  // Spares multiply the program: they are held against the heaviest part of each class only.
  bool is_possible() {
    const Solution least = solver_.solve(bounds_.program());
    plan_.bound = least.bound;
    if (least.state == SolverState::kInfeasible) return refuse(bounds_.program());
    if (problem_.constraints.spare.empty()) return true;
    const FleetProgram with_spares(problem_, options_, heaviest_part(bound_load_), idle_);
    const Solution spared = solver_.solve(with_spares.program());
    if (spared.state == SolverState::kInfeasible) return refuse(with_spares.program());
    plan_.bound = std::max(plan_.bound, spared.bound);
    return true;
  }

  bool refuse(const IntegerProgram& program) {
    plan_.state = PlanState::kInfeasible;
    if (const auto shortage = lawful_shortage(problem_, options_, bound_load_))
      plan_.shortage = shortage->in_words;
    plan_.conflicts = conflicting_rules(program, limits_of(problem_));
    return false;
  }

  void find_capacities() {
    const bool are_known = !plan_.capacities.empty();
    if (!are_known) plan_.capacities = hand_capacities(problem_, options_, judging_.demand, pools_);
    FleetProgram by_hand(problem_, options_, load(&Capacity::analytic), idle_);
    const Solution first = solver_.solve(by_hand.program());
    if (first.found) plan_.analytic = by_hand.choice(first);
    told_("analytic");
    if (are_known) return;
    simulate_capacities({problem_, options_, judging_.demand, judging_.pools, judging_.inputs}, simulations_,
                        plan_.capacities);
    told_("capacities");
  }

  Load load(double Capacity::*of) const {
    Load load = load_of(options_, judging_.demand, plan_.capacities, of);
    load.degraded_share = bound_load_.degraded_share;
    return load;
  }

  // --- rounds ---
  bool may_go_on() const { return plan_.evaluated.size() < problem_.search.evaluations; }
  bool is_new(const FleetChoice& choice) const { return !seen_.contains(choice); }
  const EvaluatedFleet* leader() const { return plan_.best ? &plan_.evaluated[*plan_.best] : nullptr; }
  double to_beat() const { return leader() == nullptr ? kUnbounded : leader()->cost.objective; }

  // In order; what does not fit into the evaluations that are left is not looked at.
  void judge_round(std::vector<Proposal> proposals) {
    const std::size_t left = problem_.search.evaluations - plan_.evaluated.size();
    if (proposals.size() > left) proposals.resize(left);
    for (const Proposal& proposal : proposals) {
      seen_.insert(proposal.choice);
      bounds_.exclude(proposal.choice);
    }
    for (EvaluatedFleet& fleet : evaluate(judging_, proposals, simulations_)) {
      plan_.evaluated.push_back(std::move(fleet));
      compete(plan_.evaluated.size() - 1);
    }
    throw_if_interrupted();
    told_("round");
  }

  // It leads where it is cheaper than the leader, or as cheap with a bill of materials that comes first.
  void compete(std::size_t index) {
    const EvaluatedFleet& fleet = plan_.evaluated[index];
    if (fleet.feasible() && (leader() == nullptr || goes_before(fleet, *leader()))) plan_.best = index;
  }
  static bool goes_before(const EvaluatedFleet& fleet, const EvaluatedFleet& leader) {
    const double objective = fleet.cost.objective, to_beat = leader.cost.objective;
    const bool is_equal = std::abs(objective - to_beat) <= kSameCost * std::abs(to_beat);
    return is_equal ? fleet.choice < leader.choice : objective < to_beat;
  }

  std::optional<FleetChoice> at_multiple(const Load& load, double multiple) const {
    FleetProgram program(problem_, options_, multiplied(load, multiple), idle_);
    const Solution solution = solver_.solve(program.program());
    if (!solution.found) return std::nullopt;
    return program.choice(solution);
  }

  void propose(const std::optional<FleetChoice>& choice, const std::string& origin,
               std::vector<Proposal>& proposals) const {
    const auto is_same = [&choice](const Proposal& other) { return other.choice == *choice; };
    if (!choice || !is_new(*choice) || std::any_of(proposals.begin(), proposals.end(), is_same)) return;
    proposals.push_back({*choice, origin});
  }

  // And the same with larger storage, and with one more of each option that has a role: one server's capacity
  // does not tell what many ask of storage together, nor in which ratio pools keep each other busy.
  void propose_around(std::optional<FleetChoice> choice, const std::string& origin,
                      std::vector<Proposal>& proposals) const {
    propose(choice, origin, proposals);
    if (!choice) return;
    for (std::size_t i = 0; i < choice->servers.size(); ++i) {
      if (choice->servers[i] == 0 || options_.pools[i].role == sim::PoolRole::kBoth) continue;
      FleetChoice more = *choice;
      ++more.servers[i];
      if (keeps_rules(more)) propose(more, origin + ", one more of " + options_.pools[i].name, proposals);
    }
    for (std::size_t i = 0; i < choice->storage.size(); ++i) {
      while (choice->storage[i] && *choice->storage[i] + 1 < problem_.storage[i].sizes.size()) {
        ++*choice->storage[i];
        if (keeps_rules(*choice))
          propose(choice, origin + ", a larger " + problem_.storage[i].name, proposals);
      }
    }
  }

  static std::string origin_at(double multiple) {
    return fmt::format("program at {:.3g} x the demand", multiple);
  }

  // The first round that holds a fleet that passes ends it; between it and the one before, once more.
  void try_multiples() {
    const Load simulated = load(&Capacity::simulated);
    std::vector<Proposal> proposals;
    for (const FleetChoice& hint : plan_.hints) propose(hint, "of the base plan", proposals);
    propose(plan_.analytic, "analytic", proposals);
    for (const double multiple : kMultiples)
      propose_around(at_multiple(simulated, multiple), origin_at(multiple), proposals);
    judge_in_rounds(std::move(proposals), [this] { return leader() != nullptr; });
    if (leader() == nullptr) return;
    proposals.clear();
    for (double multiple = kMultiples[0]; multiple < kMultiples[std::size(kMultiples) - 1];
         multiple += kFineStep) {
      const auto choice = at_multiple(simulated, multiple);
      if (!choice || least_objective(*choice) >= to_beat()) break;  // more demand costs more
      if (least_objective(*choice) >= dearest_miss()) propose(choice, origin_at(multiple), proposals);
    }
    judge_in_rounds(std::move(proposals), [] { return false; });
  }

  // Of those cheaper than the leader that missed a goal.
  double dearest_miss() const {
    double dearest = 0;
    for (const EvaluatedFleet& fleet : plan_.evaluated)
      if (!fleet.feasible() && fleet.cost.objective < to_beat())
        dearest = std::max(dearest, fleet.cost.objective);
    return dearest;
  }

  // Each way of use alone, until it passes or would cost more than the leader: what one server was simulated
  // to do may be further from what a fleet does for one use than for another.
  void try_each_use() {
    std::vector<Load> uses = loads_of_uses(options_, load(&Capacity::simulated));
    std::ranges::move(cheapest_pairs(), std::back_inserter(uses));
    for (const double multiple : kMultiples) {
      std::vector<Proposal> proposals;
      std::erase_if(uses, [&](const Load& use) {
        const auto choice = at_multiple(use, multiple);
        if (!choice || least_objective(*choice) >= to_beat()) return true;
        propose_around(choice, "one use alone, " + origin_at(multiple), proposals);
        return false;
      });
      judge_in_rounds(std::move(proposals), [] { return false; });
    }
  }

  // A round of them, by what they cost for the demand as it is.
  std::vector<Load> cheapest_pairs() const {
    std::vector<std::pair<double, Load>> pairs;
    for (Load& pair : loads_of_pairs(options_, load(&Capacity::simulated)))
      if (const auto choice = at_multiple(pair, 1))
        pairs.emplace_back(least_objective(*choice), std::move(pair));
    std::ranges::stable_sort(pairs, {}, &std::pair<double, Load>::first);
    std::vector<Load> loads;
    for (std::size_t i = 0; i < std::min<std::size_t>(pairs.size(), problem_.search.round); ++i)
      loads.push_back(std::move(pairs[i].second));
    return loads;
  }

  // The program has one cheapest fleet; the simulator may like others better that cost a little more.
  void try_runners_up() {
    double before = kUnbounded;
    do {
      before = to_beat();
      std::vector<Proposal> proposals = strongest_cheaper();
      if (proposals.empty()) return;
      judge_round(std::move(proposals));
    } while (may_go_on() && (leader() == nullptr || to_beat() < before));
  }

  // A round of fleets that can be cheaper than the leader; first those whose servers carry most together.
  std::vector<Proposal> strongest_cheaper() const {
    const Load simulated = load(&Capacity::simulated);
    std::vector<Proposal> proposals;
    for (auto multiple = std::rbegin(kMultiples); multiple != std::rend(kMultiples); ++multiple) {
      FleetProgram program(problem_, options_, multiplied(simulated, *multiple), idle_);
      for (const FleetChoice& choice : seen_)
        if (least_objective(choice) < to_beat()) program.exclude(choice);
      for (const Proposal& proposal : proposals) program.exclude(proposal.choice);
      const std::size_t wanted = problem_.search.round - proposals.size();
      Listed next = list_by_cost(std::move(program), "runner-up, " + origin_at(*multiple), wanted);
      std::move(next.proposals.begin(), next.proposals.end(), std::back_inserter(proposals));
      if (proposals.size() == problem_.search.round) break;
    }
    return proposals;
  }

  void try_neighbours() {
    while (leader() != nullptr && may_go_on()) {
      std::vector<Proposal> proposals;
      for (Proposal& proposal : neighbours(problem_, options_, leader()->choice))
        if (is_new(proposal.choice) && keeps_rules(proposal.choice) &&
            least_objective(proposal.choice) < to_beat())
          proposals.push_back(std::move(proposal));
      std::stable_sort(proposals.begin(), proposals.end(), [this](const Proposal& a, const Proposal& b) {
        return least_objective(a.choice) < least_objective(b.choice);
      });
      const double before = to_beat();
      judge_in_rounds(std::move(proposals), [&] { return to_beat() < before; });
      if (to_beat() >= before) return;
    }
  }

  FleetCost least_cost(const FleetChoice& choice) const {
    return cost_of(problem_, options_.pools, choice, idle_);
  }
  double least_objective(const FleetChoice& choice) const { return least_cost(choice).objective; }
  // At its least power and cost.
  bool keeps_rules(const FleetChoice& choice) const {
    return violations(problem_, options_, choice, least_cost(choice)).empty();
  }

  void judge_in_rounds(std::vector<Proposal> proposals, const std::function<bool()>& enough) {
    for (std::size_t at = 0; at < proposals.size() && may_go_on() && !enough(); at += problem_.search.round) {
      const std::size_t end = std::min<std::size_t>(proposals.size(), at + problem_.search.round);
      judge_round({proposals.begin() + static_cast<std::ptrdiff_t>(at),
                   proposals.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }

  // Fleets in the order of their bounds; those of a round are listed before any of them is judged.
  void close_the_gap() {
    std::uint64_t left = problem_.search.proof_evaluations;
    while (true) {
      std::vector<Proposal> proposals = next_by_bound();
      if (proposals.size() > left) proposals.resize(left);
      if (plan_.closed || proposals.empty() || !may_go_on()) return;
      left -= proposals.size();
      judge_round(std::move(proposals));
    }
  }

  std::vector<Proposal> next_by_bound() {
    Listed next = list_by_cost(bounds_, "next by its least cost", problem_.search.round);
    plan_.bound = std::max(plan_.bound, next.is_over && leader() != nullptr ? to_beat() : next.bound);
    plan_.closed = next.is_over;
    return std::move(next.proposals);
  }

  struct Listed {  // a round of them
    std::vector<Proposal> proposals;
    double bound = 0;      // of all fleets of the program
    bool is_over = false;  // none can be cheaper than the leader
  };

  // Fleets of the program in the order of their least cost, as long as they can be cheaper than the leader.
  Listed list_by_cost(FleetProgram program, const std::string& origin, std::size_t most) const {
    Listed listed;
    while (listed.proposals.size() < most) {
      const Solution solution = solver_.solve(program.program());
      const bool is_over =
          solution.state == SolverState::kInfeasible || solution.bound >= to_beat() * (1 - kSameCost);
      if (listed.proposals.empty()) {
        listed.bound = solution.bound;
        listed.is_over = is_over;
      }
      if (is_over || !solution.found) break;
      listed.proposals.push_back({program.choice(solution), origin});
      program.exclude(listed.proposals.back().choice);
    }
    return listed;
  }

  const Judging& judging_;
  const Problem& problem_;
  const Options& options_;
  Simulations& simulations_;
  const Told& told_;
  Plan& plan_;
  Solver solver_;
  AcceleratorWatts idle_;
  PoolsByName pools_;
  Load bound_load_;
  FleetProgram bounds_;
  std::set<FleetChoice> seen_;
};

}  // namespace

void search(const Judging& judging, Simulations& simulations, const Told& told, Plan& plan) {
  Search(judging, simulations, told, plan).run();
}

}  // namespace kvsim::planner
