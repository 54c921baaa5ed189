// SPDX-License-Identifier: Apache-2.0
#include "planner/spare_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/fleet_rules.h"

namespace kvsim::planner {
namespace {

class SpareRows {
 public:
  SpareRows(const Problem& problem, const Options& options, const Load& load, const std::vector<double>& most,
            const Parts<std::size_t>& columns, IntegerProgram& program)
      : problem_(problem),
        options_(options),
        load_(load),
        most_(most),
        columns_(columns),
        program_(program) {}

  void add(Spare spare, const std::string& rule) {
    if (spare == Spare::kSite) {
      for (std::size_t site = 0; site < problem_.sites.size(); ++site) lose_site(site, rule);
    } else if (spare != Spare::kNothing) {
      for (std::size_t option = 0; option < most_.size(); ++option) {
        lose_servers(option, spare == Spare::kNode ? 1 : rack_of(option), rule);
      }
    }
  }

 private:
  double rack_of(std::size_t option) const {
    const PoolOption& pool = options_.pools[option];
    return std::max(1.0, servers_per_rack(problem_.sites[pool.site], problem_.servers[pool.server]));
  }

  template <class Remains>
  Assignment assign(const std::string& rule, const Remains& remains) {
    return add_assignment(
        options_, load_.after_a_loss(), load_.are_whole, load_.degraded_share,
        [&](std::size_t demand, std::size_t option) {
          return is_lawful(options_.demand[demand], option) && remains(option);
        },
        [&](std::size_t) { return rule; }, program_);
  }

  void lose_site(std::size_t site, const std::string& rule) {
    const Assignment left =
        assign(rule, [&](std::size_t option) { return options_.pools[option].site != site; });
    for (std::size_t option = 0; option < most_.size(); ++option) add_load_row(left, option, rule);
  }

  void lose_servers(std::size_t lost, double count, const std::string& rule) {
    const Assignment left =
        assign(rule, [&](std::size_t option) { return option != lost || most_[option] > count; });
    for (std::size_t option = 0; option < most_.size(); ++option) {
      if (option != lost) add_load_row(left, option, rule);
    }
    if (!left.load[lost].empty()) add_rest(left, lost, count, rule);
  }

  void add_load_row(const Assignment& assignment, std::size_t option, const std::string& rule) {
    if (!assignment.load[option].empty()) program_.add(load_row(assignment, option, columns_, rule));
  }

  // The load of `lost` fits max(0, servers - count): with b whole, load <= servers - count x b and
  // load <= (most - count) x b.
  void add_rest(const Assignment& assignment, std::size_t lost, double count, const std::string& rule) {
    const std::size_t more = program_.add(
        Column{.name = "more than is lost of " + options_.pools[lost].name, .high = 1, .whole = true});
    Row rest = load_row(assignment, lost, columns_, rule);
    Row none = rest;
    rest.terms.emplace_back(more, count);
    none.terms.back() = {more, count - most_[lost]};
    program_.add(std::move(rest));
    program_.add(std::move(none));
  }

  const Problem& problem_;
  const Options& options_;
  const Load& load_;
  const std::vector<double>& most_;
  const Parts<std::size_t>& columns_;
  IntegerProgram& program_;
};

}  // namespace

void add_spare(const Problem& problem, const Options& options, const Load& load,
               const std::vector<double>& most, const Parts<std::size_t>& columns, IntegerProgram& program) {
  if (load.degraded_share <= 0) return;  // nothing need be carried any more
  SpareRows rows(problem, options, load, most, columns, program);
  for (std::size_t i = 0; i < problem.constraints.spare.size(); ++i) {
    rows.add(problem.constraints.spare[i], fmt::format("constraints.spare[{}]", i));
  }
}

}  // namespace kvsim::planner
