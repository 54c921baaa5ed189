// SPDX-License-Identifier: Apache-2.0
#include "planner/fleet_columns.h"

#include <map>

namespace kvsim::planner {
namespace {

class FleetColumns {
 public:
  FleetColumns(const Problem& problem, const std::vector<PoolOption>& pools, const UnitCosts& units,
               const std::vector<double>& most, IntegerProgram& program)
      : problem_(problem),
        pools_(pools),
        most_(most),
        program_(program),
        columns_(shaped_parts<std::size_t>(problem, pools)) {
    for_each_part(units, columns_, [&](const Totals& unit, std::size_t& column) {
      column = program_.add(Column{.high = 1, .cost = unit.objective, .whole = true});
    });
    for (std::size_t option = 0; option < pools.size(); ++option) set_servers(option);
    for (std::size_t site = 0; site < problem.sites.size(); ++site) add_installed(site);
    for (std::size_t storage = 0; storage < problem.storage.size(); ++storage) add_storage(storage);
    if (problem.constraints.vendors) add_vendors();
  }

  Parts<std::size_t> columns() const { return columns_; }

 private:
  void set_servers(std::size_t option) {
    Column& column = program_.columns[columns_.server[option]];
    column.name = pools_[option].name;
    column.high = most_[option];
    program_.columns[columns_.site[pools_[option].site]].name = problem_.sites[pools_[option].site].name;
    add_only_with(columns_.server[option], most_[option], {columns_.site[pools_[option].site]});
  }

  // `column`, at most `most`, is above 0 only where one of `others` is 1.
  void add_only_with(std::size_t column, double most, const std::vector<std::size_t>& others) {
    Row row{.name = program_.columns[column].name, .high = 0, .terms = {{column, 1}}};
    for (const std::size_t other : others) row.terms.emplace_back(other, -most);
    program_.add(std::move(row));
  }

  // Whole servers leave whole installed ones: these columns need not be told.
  void add_installed(std::size_t site) {
    std::map<std::size_t, Row> by_server;
    for (std::size_t entry = 0; entry < columns_.installed[site].size(); ++entry) {
      const InstalledServers& installed = problem_.sites[site].installed[entry];
      Column& column = program_.columns[columns_.installed[site][entry]];
      column.name = installed.server + " installed";
      column.high = installed.count;
      column.whole = false;
      by_server[server_index(problem_, installed.server)].terms.emplace_back(columns_.installed[site][entry],
                                                                             1);
    }
    for (auto& [server, row] : by_server) {
      row.name = "installed servers in use";
      row.high = 0;
      for (std::size_t option = 0; option < pools_.size(); ++option) {
        const bool same = pools_[option].site == site && pools_[option].server == server;
        if (same) row.terms.emplace_back(columns_.server[option], -1);
      }
      program_.add(std::move(row));
    }
  }

  void add_storage(std::size_t storage) {
    const std::string& name = problem_.storage[storage].name;
    const std::vector<std::size_t>& sizes = columns_.storage[storage];
    Row one{.name = "one size of " + name, .high = 1}, used{.name = "use of " + name, .high = 0};
    for (const std::size_t size : sizes) {
      program_.columns[size].name = name;
      one.terms.emplace_back(size, 1);
      used.terms.emplace_back(size, 1);
      for (std::size_t site = 0; site < problem_.sites.size(); ++site) {
        const bool here = problem_.sites[site].name == problem_.storage[storage].site;
        if (here) add_only_with(size, 1, {columns_.site[site]});
      }
    }
    for (std::size_t option = 0; option < pools_.size(); ++option) {
      if (pools_[option].storage != storage) continue;
      add_only_with(columns_.server[option], most_[option], sizes);
      used.terms.emplace_back(columns_.server[option], -1);
    }
    program_.add(std::move(one));
    program_.add(std::move(used));
  }

  void add_vendors() {
    std::map<std::string, Row> vendors;
    for (std::size_t option = 0; option < pools_.size(); ++option) {
      vendors[problem_.servers[pools_[option].server].vendor].terms.emplace_back(columns_.server[option], -1);
    }
    Row enough{
        .name = "vendors", .low = double(*problem_.constraints.vendors), .rule = "constraints.vendors"};
    for (auto& [vendor, row] : vendors) {
      row.name = "servers of " + vendor;
      row.high = 0;
      row.terms.emplace_back(program_.add(Column{.name = vendor, .high = 1, .whole = true}), 1);
      enough.terms.emplace_back(row.terms.back().first, 1);
      program_.add(std::move(row));
    }
    program_.add(std::move(enough));
  }

  const Problem& problem_;
  const std::vector<PoolOption>& pools_;
  const std::vector<double>& most_;
  IntegerProgram& program_;
  Parts<std::size_t> columns_;
};

}  // namespace

Parts<std::size_t> add_fleet_columns(const Problem& problem, const std::vector<PoolOption>& pools,
                                     const UnitCosts& units, const std::vector<double>& most,
                                     IntegerProgram& program) {
  return FleetColumns(problem, pools, units, most, program).columns();
}

}  // namespace kvsim::planner
