// SPDX-License-Identifier: Apache-2.0
// What one router replica has been told of its endpoints' engines: gauges as of the last scrape. Arrays are
// by endpoint. Between scrapes they stand still, as they do in a real router.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/routing/endpoint.h"

namespace kvsim::sim {

struct Gauges {
  double waiting = 0;   // vllm:num_requests_waiting
  double running = 0;   // vllm:num_requests_running
  double kv_usage = 0;  // vllm:kv_cache_usage_perc, 0..1
  friend bool operator==(const Gauges&, const Gauges&) = default;
};

// The first of the ticks `first`, first + every, first + 2 every, ... after `now`.
inline Nanoseconds tick_after(Nanoseconds now, Nanoseconds first, Nanoseconds every) {
  return now < first ? first : first + ((now - first) / every + 1) * every;
}

// Endpoint i is scraped at first[i], first[i] + every, ...; before that, gauges are those of an idle engine.
// A scrape that would find nothing new need not be told.
class Signals {
 public:
  Signals(std::vector<Nanoseconds> first, Nanoseconds every)
      : waiting_(first.size()),
        running_(first.size()),
        kv_usage_(first.size()),
        changed_(first.size()),
        first_(std::move(first)),
        every_(every) {}

  void scraped(EndpointId endpoint, const Gauges& gauges) {
    if (Gauges{waiting_[endpoint], running_[endpoint], kv_usage_[endpoint]} == gauges) return;
    waiting_[endpoint] = gauges.waiting;
    running_[endpoint] = gauges.running;
    kv_usage_[endpoint] = gauges.kv_usage;
    note_change(endpoint);
  }

  // Its pod goes, or comes as a new one.
  void set_present(EndpointId endpoint, bool present) {
    if (absent_.empty()) absent_.resize(first_.size());
    absences_ += (present ? 0 : 1) - (absent_[endpoint] ? 1 : 0);
    absent_[endpoint] = !present;
    waiting_[endpoint] = running_[endpoint] = kv_usage_[endpoint] = 0;
    note_change(endpoint);
    ++presence_version_;
  }
  bool present(EndpointId endpoint) const { return absences_ == 0 || !absent_[endpoint]; }
  std::uint64_t presence_version() const { return presence_version_; }  // grows with each coming and going

  const std::vector<double>& waiting() const { return waiting_; }
  const std::vector<double>& running() const { return running_; }
  const std::vector<double>& kv_usage() const { return kv_usage_; }
  // Grows with every change of a value: what is derived from gauges may be kept as long as it stays.
  std::uint64_t version() const { return version_; }
  // Calls visit(endpoint) for each change since that version, the oldest first. False: these are more than
  // are remembered, which is one an endpoint.
  template <class Visit>
  bool visit_changes(std::uint64_t since, const Visit& visit) const {
    if (version_ - since > changed_.size()) return false;
    for (; since < version_; ++since) visit(changed_[since % changed_.size()]);
    return true;
  }
  Nanoseconds every() const { return every_; }

  Nanoseconds first_scrape(EndpointId endpoint) const { return first_[endpoint]; }
  Nanoseconds next_scrape(EndpointId endpoint, Nanoseconds now) const {  // after `now`
    return tick_after(now, first_[endpoint], every_);
  }
  // Since the last scrape before `now`, or since the start of the run.
  Nanoseconds age(EndpointId endpoint, Nanoseconds now) const {
    const Nanoseconds next = next_scrape(endpoint, now - 1);
    return next - every_ < first_[endpoint] ? now : now - (next - every_);
  }

 private:
  void note_change(EndpointId endpoint) { changed_[version_++ % changed_.size()] = endpoint; }

  std::vector<double> waiting_, running_, kv_usage_;
  std::vector<EndpointId> changed_;  // by what changes of version, the newest of them
  std::vector<Nanoseconds> first_;
  Nanoseconds every_;
  std::uint64_t version_ = 0;
  std::vector<bool> absent_;  // empty: nobody ever was
  std::uint32_t absences_ = 0;
  std::uint64_t presence_version_ = 0;
};

}  // namespace kvsim::sim
