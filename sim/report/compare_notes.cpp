// SPDX-License-Identifier: Apache-2.0
#include "sim/report/compare_notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/report/sweep_runs.h"

namespace kvsim::sim {
namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void note_lonely(const ComparedSide& side, const char* which, const SeedPairs& pairs,
                 std::vector<std::string>& notes) {
  std::vector<std::uint64_t> lonely;
  for (const std::uint64_t seed : seeds_of(side))
    if (std::none_of(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first->seed == seed; }))
      lonely.push_back(seed);
  if (!lonely.empty())
    notes.push_back(fmt::format("{}: only {} has them; left out", seeds_text(lonely), which));
}

std::vector<std::uint64_t> seeds_that_differ(const SeedPairs& pairs, const char* path) {
  std::vector<std::uint64_t> seeds;
  for (const auto& [a, b] : pairs)
    if (text_of(*a->summary, path) != text_of(*b->summary, path)) seeds.push_back(a->seed);
  return seeds;
}

void note_growing(const std::vector<const ComparedRun*>& runs, const char* which,
                  std::vector<std::string>& notes) {
  const auto grows = [](const ComparedRun* run) {
    return text_of(*run->summary, "verdict.state") == "queue_grows";
  };
  const auto count = std::count_if(runs.begin(), runs.end(), grows);
  if (count > 0)
    notes.push_back(
        fmt::format("{}: the queue grows in {} of {} runs; latencies there depend on how long a run is",
                    which, count, runs.size()));
}

void note_growing(const SeedPairs& pairs, std::vector<std::string>& notes) {
  std::vector<const ComparedRun*> a, b;
  for (const auto& [left, right] : pairs) {
    a.push_back(left);
    b.push_back(right);
  }
  note_growing(a, "a", notes);
  note_growing(b, "b", notes);
}

void add_names(const ComparedRun& run, const ComparedKind& kind, std::vector<std::string>& names) {
  const Node* list = run.summary->find(kind.list);
  if (list == nullptr) return;
  for (const Node& item : list->items)
    if (const std::string name = text_of(item, kind.key); !holds(names, name)) names.push_back(name);
}

}  // namespace

std::vector<std::uint64_t> seeds_of(const ComparedSide& side) {
  std::vector<std::uint64_t> seeds;
  for (const ComparedRun& run : side.runs) seeds.push_back(run.seed);
  return seeds;
}

std::string seeds_text(const std::vector<std::uint64_t>& seeds) {
  std::vector<std::string> rows;
  for (std::size_t first = 0, last; first < seeds.size(); first = last + 1) {
    for (last = first; last + 1 < seeds.size() && seeds[last + 1] == seeds[last] + 1;) ++last;
    rows.push_back(first == last ? std::to_string(seeds[first])
                                 : fmt::format("{} to {}", seeds[first], seeds[last]));
  }
  return (seeds.size() == 1 ? "seed " : "seeds ") + join(rows, ", ");
}

std::vector<std::string> notes_on_runs(const ComparedSide& a, const ComparedSide& b, const SeedPairs& pairs) {
  std::vector<std::string> notes;
  note_lonely(a, "a", pairs, notes);
  note_lonely(b, "b", pairs, notes);
  if (pairs.size() == 1)
    notes.push_back(
        "one pair: there is no interval, and nothing can be called significant; simulate several seeds");
  const auto seeds = seeds_that_differ(pairs, "scenario.digests.trace");
  if (!seeds.empty())
    notes.push_back(
        fmt::format("{}: a and b have other workloads (scenario.digests.trace), so that differences "
                    "are not of the fleets alone",
                    seeds_text(seeds)));
  if (!seeds_that_differ(pairs, "kvsim.version").empty())
    notes.push_back("a and b come from different versions of kvsim, whose models may differ");
  if (has_other_currency(pairs)) notes.push_back("a and b have different currencies: costs are left out");
  note_growing(pairs, notes);
  return notes;
}

bool has_other_currency(const SeedPairs& pairs) { return !seeds_that_differ(pairs, "cost.currency").empty(); }

SharedNames shared_names(const SeedPairs& pairs, const ComparedKind& kind) {
  if (*kind.name == '\0') return {{""}, {}};
  std::vector<std::string> a, b;
  for (const auto& [left, right] : pairs) {
    add_names(*left, kind, a);
    add_names(*right, kind, b);
  }
  SharedNames names;
  const auto only = [&](const char* side, const std::string& name) {
    names.notes.push_back(fmt::format("{} {}: only {} has it; left out", kind.name, shortened(name), side));
  };
  for (const std::string& name : a) holds(b, name) ? names.both.push_back(name) : only("a", name);
  for (const std::string& name : b)
    if (!holds(a, name)) only("b", name);
  return names;
}

}  // namespace kvsim::sim
