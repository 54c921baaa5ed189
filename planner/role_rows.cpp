// SPDX-License-Identifier: Apache-2.0
#include "planner/role_rows.h"

#include <map>

#include "planner/pool_pairs.h"

namespace kvsim::planner {
namespace {

class RoleRows {
 public:
  RoleRows(const Options& options, const std::vector<double>& most, const Parts<std::size_t>& columns,
           IntegerProgram& program)
      : options_(options), most_(most), columns_(columns), program_(program) {}

  void add_partners(std::size_t option) {
    const std::vector<std::size_t> others = partners(options_, option);
    Row row{.name = "what works with " + name(option), .high = 0, .terms = {{used(option), 1}}};
    for (const std::size_t other : others) row.terms.emplace_back(columns_.server[other], -1);
    program_.add(std::move(row));
  }

  void add_unfit(const UnfitPair& pair) {
    program_.add(Row{.name = name(pair.a) + " or " + name(pair.b),
                     .high = 1,
                     .terms = {{used(pair.a), 1}, {used(pair.b), 1}}});
  }

 private:
  const std::string& name(std::size_t option) const { return options_.pools[option].name; }

  // The column that is 1 where the option has servers.
  std::size_t used(std::size_t option) {
    const auto [known, is_new] = used_.try_emplace(option);
    if (!is_new) return known->second;
    known->second = program_.add(Column{.name = "use of " + name(option), .high = 1, .whole = true});
    program_.add(Row{.name = "use of " + name(option),
                     .high = 0,
                     .terms = {{columns_.server[option], 1}, {known->second, -most_[option]}}});
    return known->second;
  }

  const Options& options_;
  const std::vector<double>& most_;
  const Parts<std::size_t>& columns_;
  IntegerProgram& program_;
  std::map<std::size_t, std::size_t> used_;
};

}  // namespace

void add_roles(const Options& options, const std::vector<double>& most, const Parts<std::size_t>& columns,
               IntegerProgram& program) {
  RoleRows rows(options, most, columns, program);
  for (std::size_t option = 0; option < options.pools.size(); ++option)
    if (options.pools[option].role != sim::PoolRole::kBoth) rows.add_partners(option);
  for (const UnfitPair& pair : options.unfit) rows.add_unfit(pair);
}

}  // namespace kvsim::planner
