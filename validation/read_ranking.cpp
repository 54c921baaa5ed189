// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "validation/ranking.h"

namespace kvsim::validation {
namespace {

template <class List, class Name>
std::optional<std::size_t> index_of(const List& list, const Name& has_name) {
  const auto found = std::find_if(list.begin(), list.end(), has_name);
  return found == list.end() ? std::nullopt : std::optional<std::size_t>(found - list.begin());
}

std::vector<double> xs(const Curve& curve) {
  std::vector<double> result;
  for (const CurveValue& value : curve.values) result.push_back(value.x);
  return result;
}

void read_members(Fields& entry, const std::vector<Curve>& curves, Ranking& ranking) {
  std::vector<std::string> names;
  for (const Curve& curve : curves) names.push_back(curve.name);
  Fields members = entry.map("curves");
  for (const std::string& name : members.keys()) {
    const std::string curve = members.choice(name, names);
    if (const auto index = index_of(curves, [&](const Curve& one) { return one.name == curve; }))
      ranking.members.push_back({name, *index});
  }
  if (ranking.members.size() < 2) {
    entry.problem("curves", "nothing to rank", "give two and more of NAME: name of a curve");
    return;
  }
  for (const Ranking::Member& member : ranking.members)
    if (xs(curves[member.curve]) != xs(curves[ranking.members.front().curve]))
      members.problem(member.name, "the x are not those of the first curve",
                      "rank curves with values at the same x, in the same order");
}

class ExpectedReader {
 public:
  ExpectedReader(Fields& entry, Ranking& ranking) : entry_(entry), ranking_(ranking) {
    for (const Ranking::Member& member : ranking.members) names_.push_back(member.name);
  }

  void read() {
    const Node* list = entry_.raw("expected");
    if (list == nullptr) return;
    if (!list->is_sequence()) return problem("found no list");
    for (const Node& item : list->items) {
      ranking_.expected.emplace_back();
      if (!item.is_sequence()) add(item);
      for (const Node& one : item.items) add(one);
    }
    if (!refused_ && seen_.size() != names_.size()) problem("not every curve of the ranking has a place");
  }

 private:
  void problem(const std::string& what) {
    refused_ = true;
    entry_.problem("expected", what,
                   "give a list, best first, of names under `curves`; names of which nothing is claimed "
                   "stand in a list of their own");
  }

  void add(const Node& name) {
    const auto index =
        index_of(names_, [&](const std::string& one) { return name.is_scalar() && one == name.scalar; });
    if (!index)
      problem(fmt::format("'{}' is not ranked", name.scalar));
    else if (!seen_.insert(*index).second)
      problem(fmt::format("'{}' stands there twice", name.scalar));
    else
      ranking_.expected.back().push_back(*index);
  }

  Fields& entry_;
  Ranking& ranking_;
  std::vector<std::string> names_;
  std::set<std::size_t> seen_;
  bool refused_ = false;
};

}  // namespace

Ranking read_ranking(Fields& entry, const std::vector<Curve>& curves) {
  Ranking ranking;
  ranking.name = entry.text("name");
  read_members(entry, curves, ranking);
  ranking.largest_first = entry.choice("first", {"largest", "smallest"}, "largest") == "largest";
  ranking.tie = entry.number("tie", {0, 1}, 0);
  ExpectedReader(entry, ranking).read();
  ranking.judged_from = entry.number("judged_from", {0, kLargestValue}, 0);
  ranking.explained = entry.text("explained", "");
  entry.finish();
  return ranking;
}

}  // namespace kvsim::validation
