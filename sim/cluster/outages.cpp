// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/outages.h"

#include <algorithm>

#include "sim/fabric/durations.h"

namespace kvsim::sim {

using What = OutageChange::What;

namespace {

// kNever where that is beyond what time can be.
Nanoseconds after(Nanoseconds start, Nanoseconds length, std::uint32_t times = 1) {
  return times > 0 && length > (kNever - start) / times ? kNever : start + times * length;
}

}  // namespace

Outages::Outages(const Fleet& fleet, const Directory& directory, std::uint64_t seed)
    : fleet_(fleet),
      directory_(directory),
      replicas_(directory.replicas()),
      storage_causes_(fleet.storage.size()) {
  for (const OutageSpec& spec : fleet.outages) add_elements(spec, seed);
  for (std::uint32_t i = 0; i < elements_.size(); ++i) begin(i);
}

// --- elements ---

void Outages::add_elements(const OutageSpec& spec, std::uint64_t seed) {
  const bool is_one = spec.scope != OutageScope::kReplicas && spec.scope != OutageScope::kServers;
  const std::vector<std::uint32_t> members = is_one ? std::vector<std::uint32_t>{0} : spec.members;
  for (const std::uint32_t member : members) {
    elements_.push_back(element_of(spec, member, seed));
    if (const auto* drains = std::get_if<Drains>(&spec.when))
      elements_.back().group =
          static_cast<std::uint32_t>(std::uint64_t{member} * drains->groups / spec.members.size());
  }
}

// Draws depend on what the element is, and on nothing else of the file.
Outages::Element Outages::element_of(const OutageSpec& spec, std::uint32_t member, std::uint64_t seed) const {
  static const char* const kScopes[] = {"replica", "server", "pool", "site", "storage"};
  const std::string stream = std::string("outages/") + kScopes[static_cast<int>(spec.scope)] + "/" +
                             spec.name + "/" + std::to_string(member);
  Element element{&spec, {}, {}, RandomStream(seed, stream)};
  if (spec.scope == OutageScope::kSite) add_site(spec.name, element);
  for (std::uint32_t i = 0; i < fleet_.storage.size(); ++i)
    if (spec.scope == OutageScope::kStorage && fleet_.storage[i].name == spec.name)
      element.storage.push_back(i);
  if (spec.scope == OutageScope::kSite || spec.scope == OutageScope::kStorage) return element;
  for (std::uint32_t i = 0; i < directory_.replicas(); ++i) {
    const Pool& pool = directory_.pool_of(i);
    const std::uint32_t index = directory_.index_in_pool(i);
    const bool is_in =
        spec.scope == OutageScope::kPool ||
        (spec.scope == OutageScope::kReplicas ? index : index / pool.replicas_per_server) == member;
    if (pool.name == spec.name && is_in) element.replicas.push_back(i);
  }
  return element;
}

void Outages::add_site(const std::string& site, Element& element) const {
  for (std::uint32_t i = 0; i < directory_.replicas(); ++i)
    if (directory_.pool_of(i).site == site) element.replicas.push_back(i);
  for (std::uint32_t i = 0; i < fleet_.storage.size(); ++i)
    if (fleet_.storage[i].site == site) element.storage.push_back(i);
}

void Outages::begin(std::uint32_t index) {
  Element& element = elements_[index];
  if (const auto* once = std::get_if<ScheduledOutage>(&element.spec->when))
    put(once->at, Act::kDown, index);
  else if (const auto* drains = std::get_if<Drains>(&element.spec->when))
    put(after(drains->first, drains->every, element.group), Act::kTurn, index);
  else
    put(later(0, element.draw.exponential(to_seconds(std::get<RandomOutages>(element.spec->when).mtbf))),
        Act::kDown, index);
}

Nanoseconds Outages::lasts(Element& element) const {
  if (const auto* once = std::get_if<ScheduledOutage>(&element.spec->when)) return once->lasts;
  if (const auto* drains = std::get_if<Drains>(&element.spec->when)) return drains->lasts;
  return later(0, element.draw.exponential(to_seconds(std::get<RandomOutages>(element.spec->when).mttr)));
}

Nanoseconds Outages::startup(const Element& element, std::uint32_t replica) const {
  return element.spec->startup.value_or(from_seconds(directory_.pool_of(replica).startup_seconds));
}

Nanoseconds Outages::longest_startup(const Element& element) const {
  Nanoseconds longest = 0;
  for (const std::uint32_t replica : element.replicas) longest = std::max(longest, startup(element, replica));
  return longest;
}

// --- the timeline ---

Nanoseconds Outages::next() const { return due_.empty() ? kNever : due_.top().time; }

std::optional<OutageChange> Outages::take(Nanoseconds now) {
  while (changes_.empty() && !due_.empty() && due_.top().time <= now) {
    const Due due = due_.top();
    due_.pop();
    act(due);
  }
  if (changes_.empty()) return {};
  const OutageChange first = changes_.front();
  changes_.pop_front();
  return first;
}

void Outages::put(Nanoseconds time, Act act, std::uint32_t index, std::uint64_t stamp) {
  if (time != kNever) due_.push({time, ++last_order_, act, index, stamp});
}

void Outages::change(What what, std::uint32_t index) {
  changes_.push_back({what, index});
  ++version_;
}

void Outages::act(const Due& due) {
  switch (due.act) {
    case Act::kDown:
      return go_down(due.index, due.time);
    case Act::kUp:
      return come_up(due.index, due.time);
    case Act::kTurn:
      return turn(due.index, due.time);
    case Act::kNotice:
      if (due.stamp == replicas_[due.index].failures) notice(due.index);
      return;
    case Act::kServe:
      if (due.stamp == replicas_[due.index].stamp) serve(due.index);
      return;
  }
}

// --- elements go and come ---

void Outages::turn(std::uint32_t index, Nanoseconds now) {
  Element& element = elements_[index];
  const Drains& drains = std::get<Drains>(element.spec->when);
  put(after(now, drains.every, drains.groups), Act::kTurn, index);
  if (element.busy) return;
  element.busy = element.draining = true;
  for (const std::uint32_t replica : element.replicas) {
    if (replicas_[replica].drains++ > 0) continue;
    replicas_[replica].is_empty = false;
    change(What::kDrains, replica);
  }
  if (is_drained(element)) put(now, Act::kDown, index);
}

void Outages::empty(std::uint32_t replica, Nanoseconds now) {
  if (replicas_[replica].is_empty) return;
  replicas_[replica].is_empty = true;
  for (std::uint32_t i = 0; i < elements_.size(); ++i) {
    const std::vector<std::uint32_t>& own = elements_[i].replicas;
    if (elements_[i].draining && std::find(own.begin(), own.end(), replica) != own.end() &&
        is_drained(elements_[i]))
      put(now, Act::kDown, i);
  }
}

bool Outages::is_drained(const Element& element) const {
  return std::all_of(element.replicas.begin(), element.replicas.end(),
                     [&](std::uint32_t replica) { return replicas_[replica].is_empty; });
}

void Outages::go_down(std::uint32_t index, Nanoseconds now) {
  Element& element = elements_[index];
  const bool planned = element.draining;
  element.busy = true;
  element.draining = false;
  for (const std::uint32_t replica : element.replicas) {
    if (planned) --replicas_[replica].drains;
    take_down(replica, planned, now);
  }
  for (const std::uint32_t system : element.storage)
    if (storage_causes_[system]++ == 0) change(What::kStorageFails, system);
  ++version_;
  put(after(now, lasts(element)), Act::kUp, index);
}

void Outages::come_up(std::uint32_t index, Nanoseconds now) {
  Element& element = elements_[index];
  element.busy = false;
  for (const std::uint32_t replica : element.replicas) let_start(replica, element, now);
  for (const std::uint32_t system : element.storage)
    if (--storage_causes_[system] == 0) change(What::kStorageServes, system);
  const auto* random = std::get_if<RandomOutages>(&element.spec->when);
  if (random == nullptr) return;
  const Nanoseconds from = after(now, longest_startup(element));
  put(later(from, element.draw.exponential(to_seconds(random->mtbf))), Act::kDown, index);
}

// --- replicas go and come ---

void Outages::take_down(std::uint32_t index, bool planned, Nanoseconds now) {
  Replica& replica = replicas_[index];
  if (replica.causes++ > 0) return;
  const bool served = replica.state == State::kUp;
  replica.state = State::kDown;
  ++replica.stamp;
  if (!served) return change(What::kFails, index);
  replica.unnoticed = true;
  ++replica.failures;
  change(What::kFails, index);
  if (planned || fleet_.recovery.detection == 0)
    notice(index);
  else
    put(after(now, fleet_.recovery.detection), Act::kNotice, index, replica.failures);
}

void Outages::let_start(std::uint32_t index, const Element& element, Nanoseconds now) {
  Replica& replica = replicas_[index];
  if (--replica.causes > 0) return;
  replica.state = State::kStarting;
  change(What::kStarts, index);
  put(after(now, startup(element, index)), Act::kServe, index, ++replica.stamp);
}

void Outages::serve(std::uint32_t index) {
  notice(index);
  replicas_[index].state = State::kUp;
  change(What::kServes, index);
}

void Outages::notice(std::uint32_t index) {
  if (!replicas_[index].unnoticed) return;
  replicas_[index].unnoticed = false;
  change(What::kNoticed, index);
}

bool Outages::is_sent_to(std::uint32_t index) const {
  const Replica& replica = replicas_[index];
  return replica.drains == 0 && (replica.state == State::kUp || replica.unnoticed);
}

}  // namespace kvsim::sim
