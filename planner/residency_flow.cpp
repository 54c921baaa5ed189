// SPDX-License-Identifier: Apache-2.0
#include "planner/residency_flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>

#include "base/text.h"
#include "planner/demand_rows.h"

namespace kvsim::planner {
namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using Graph = boost::adjacency_list<
    boost::vecS, boost::vecS, boost::directedS, boost::no_property,
    boost::property<boost::edge_capacity_t, std::int64_t,
                    boost::property<boost::edge_residual_capacity_t, std::int64_t,
                                    boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;

constexpr double kUnits = 1e12;  // of flow, that all of the demand is

// A network whose capacities are whole: flows are exact, and the answer does not depend on rounding.
class Network {
 public:
  std::size_t node() { return boost::add_vertex(graph_); }

  void arc(std::size_t from, std::size_t to, std::int64_t capacity) {
    const auto forth = boost::add_edge(from, to, graph_).first;
    const auto back = boost::add_edge(to, from, graph_).first;
    boost::put(boost::edge_capacity, graph_, forth, capacity);
    boost::put(boost::edge_capacity, graph_, back, 0);
    boost::put(boost::edge_reverse, graph_, forth, back);
    boost::put(boost::edge_reverse, graph_, back, forth);
  }

  std::int64_t flow(std::size_t from, std::size_t to) {
    return boost::push_relabel_max_flow(graph_, from, to);
  }

  // Nodes on the source's side of a minimum cut: those that more could flow to. After flow().
  std::set<std::size_t> reached_from(std::size_t source) const {
    std::set<std::size_t> reached{source};
    std::vector<std::size_t> open{source};
    while (!open.empty()) {
      const std::size_t node = open.back();
      open.pop_back();
      for (const auto edge : boost::make_iterator_range(boost::out_edges(node, graph_))) {
        const std::size_t next = boost::target(edge, graph_);
        const bool has_room = boost::get(boost::edge_residual_capacity, graph_, edge) > 0;
        if (has_room && reached.insert(next).second) open.push_back(next);
      }
    }
    return reached;
  }

 private:
  Graph graph_;
};

struct Part {  // of a class
  std::size_t demand = 0;
  std::size_t node = 0;
  double need = 0;  // server-seconds a second on its fastest lawful option
  std::int64_t units = 0;
};

class LawfulFlow {
 public:
  LawfulFlow(const Problem& problem, const Options& options, const Load& load)
      : problem_(problem), options_(options), load_(load), source_(net_.node()), sink_(net_.node()) {}

  std::optional<Shortage> shortage() {
    per_second_ = kUnits / total_need();
    for (std::size_t demand = 0; demand < options_.demand.size(); ++demand) {
      for (const std::vector<double>& seconds : load_.seconds[demand]) add_part(demand, seconds);
    }
    add_limits();
    std::int64_t asked = 0;
    for (const Part& part : parts_) asked += part.units;
    const std::int64_t carried = net_.flow(source_, sink_);
    if (carried == asked) return std::nullopt;
    return described(asked - carried);
  }

 private:
  using Kind = std::pair<std::size_t, std::size_t>;  // of servers: site, server

  // Infinite where no lawful option serves the part.
  double need(std::size_t demand, const std::vector<double>& seconds) const {
    double least = std::numeric_limits<double>::infinity();
    for (const std::size_t option : options_.demand[demand].lawful) least = std::min(least, seconds[option]);
    return least;
  }

  double total_need() const {
    double sum = 0;
    for (std::size_t demand = 0; demand < options_.demand.size(); ++demand) {
      for (const std::vector<double>& seconds : load_.seconds[demand]) {
        const double one = need(demand, seconds);
        if (std::isfinite(one)) sum += one;
      }
    }
    return sum > 0 ? sum : 1;
  }

  // What is asked is rounded down, what can be carried up.
  void add_part(std::size_t demand, const std::vector<double>& seconds) {
    const double least = need(demand, seconds);
    if (least == 0) return;
    const bool is_served = std::isfinite(least);
    const double asked = is_served ? least * per_second_ : kUnits;
    parts_.push_back({demand, net_.node(), least, static_cast<std::int64_t>(std::floor(asked))});
    net_.arc(source_, parts_.back().node, parts_.back().units);
    if (!is_served) return;
    for (const std::size_t option : options_.demand[demand].lawful) {
      if (std::isfinite(seconds[option])) add_use(parts_.back(), option, seconds[option]);
    }
  }

  void add_use(const Part& part, std::size_t option, double seconds) {
    const PoolOption& pool = options_.pools[option];
    const double speed = part.need / seconds;  // against the fastest
    const auto [at, is_new] = options_used_.try_emplace(option);
    if (is_new) at->second.node = net_.node();
    at->second.speed = std::max(at->second.speed, speed);
    Use& kind = kinds_[{pool.site, pool.server}];
    kind.speed = std::max(kind.speed, speed);
    kind.most = std::max(kind.most, pool.most);
    net_.arc(part.node, at->second.node, std::min(part.units, units(pool.most * speed)));
  }

  std::int64_t units(double seconds) const {
    return static_cast<std::int64_t>(std::ceil(std::min(2 * kUnits, seconds * per_second_)));
  }

  void add_limits() {
    for (auto& [key, kind] : kinds_) {
      kind.node = net_.node();
      net_.arc(kind.node, sink_, units(kind.most * kind.speed));
    }
    for (const auto& [option, use] : options_used_) {
      const PoolOption& pool = options_.pools[option];
      net_.arc(use.node, kinds_[{pool.site, pool.server}].node, units(pool.most * use.speed));
    }
  }

  Shortage described(std::int64_t missing) const {
    const std::set<std::size_t> reached = net_.reached_from(source_);
    std::set<std::size_t> demand;
    double asked = 0;
    for (const Part& part : parts_) {
      if (!reached.contains(part.node)) continue;
      demand.insert(part.demand);
      asked += static_cast<double>(part.units);
    }
    Shortage shortage{{demand.begin(), demand.end()}, 1 - static_cast<double>(missing) / asked, ""};
    const std::string servers = lawful_servers(shortage.demand);
    shortage.in_words = servers.empty()
                            ? nothing_left(shortage.demand)
                            : fmt::format("{}: lawful options carry at most {:.3g} % of their demand: {}",
                                          classes(shortage.demand), 100 * shortage.share, servers);
    return shortage;
  }

  std::string nothing_left(const std::vector<std::size_t>& demand) const {
    return classes(demand) +
           ": of servers that could be used for them there are none; what was left out, and why, is listed";
  }

  std::string classes(const std::vector<std::size_t>& demand) const {
    std::vector<std::string> names;
    for (const std::size_t one : demand) names.push_back(in_words(options_.demand[one]));
    return join(names, ", ");
  }

  // "4 hgx at paris, 2 mi at lyon": of all options of these classes.
  std::string lawful_servers(const std::vector<std::size_t>& demand) const {
    std::map<Kind, std::uint32_t> most;
    for (const std::size_t one : demand) {
      for (const std::size_t option : options_.demand[one].lawful) {
        const PoolOption& pool = options_.pools[option];
        std::uint32_t& count = most[{pool.site, pool.server}];
        count = std::max(count, pool.most);
      }
    }
    std::vector<std::string> servers;
    for (const auto& [kind, count] : most) {
      servers.push_back(fmt::format("{} {} at {}", count, problem_.servers[kind.second].name,
                                    problem_.sites[kind.first].name));
    }
    return join(servers, ", ");
  }

  struct Use {
    std::size_t node = 0;
    double speed = 0;  // of the class that it is fastest for, against that class's fastest
    std::uint32_t most = 0;
  };

  const Problem& problem_;
  const Options& options_;
  const Load& load_;
  Network net_;
  std::size_t source_, sink_;
  double per_second_ = 0;  // units of flow
  std::vector<Part> parts_;
  std::map<std::size_t, Use> options_used_;
  std::map<Kind, Use> kinds_;
};

}  // namespace

std::optional<Shortage> lawful_shortage(const Problem& problem, const Options& options, const Load& load) {
  return LawfulFlow(problem, options, load).shortage();
}

}  // namespace kvsim::planner
