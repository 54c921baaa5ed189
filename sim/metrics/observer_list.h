// SPDX-License-Identifier: Apache-2.0
// Several observers as one, told in order.
#pragma once

#include <utility>
#include <vector>

#include "sim/metrics/observer.h"

namespace kvsim::sim {

class ObserverList final : public Observer {
 public:
  explicit ObserverList(std::vector<Observer*> observers) : observers_(std::move(observers)) {}

  void on_group(std::uint32_t index, const Group& group) override {
    for (Observer* observer : observers_) observer->on_group(index, group);
  }
  void on_arrival(Nanoseconds time, std::uint32_t group) override {
    for (Observer* observer : observers_) observer->on_arrival(time, group);
  }
  void on_finished(const RequestRecord& record) override {
    for (Observer* observer : observers_) observer->on_finished(record);
  }
  void on_routed(const RoutingRecord& record) override {
    for (Observer* observer : observers_) observer->on_routed(record);
  }
  void on_steps(const StepRun& run) override {
    for (Observer* observer : observers_) observer->on_steps(run);
  }
  void on_gaps(const TokenGaps& gaps) override {
    for (Observer* observer : observers_) observer->on_gaps(gaps);
  }
  void on_sample(Nanoseconds time, Nanoseconds width, const ReplicaSnapshot* replicas,
                 std::uint32_t count) override {
    for (Observer* observer : observers_) observer->on_sample(time, width, replicas, count);
  }
  void on_replica(Nanoseconds time, std::uint32_t replica, ReplicaState state) override {
    for (Observer* observer : observers_) observer->on_replica(time, replica, state);
  }
  void on_lost(Nanoseconds time, std::uint32_t replica, bool sent_again) override {
    for (Observer* observer : observers_) observer->on_lost(time, replica, sent_again);
  }
  void on_links(const std::vector<LinkInfo>& links) override {
    for (Observer* observer : observers_) observer->on_links(links);
  }
  void on_tiers(const TierSample& sample) override {
    for (Observer* observer : observers_) observer->on_tiers(sample);
  }
  void on_tenant_kv(std::uint32_t replica, const std::vector<TenantKv>& moved) override {
    for (Observer* observer : observers_) observer->on_tenant_kv(replica, moved);
  }

 private:
  std::vector<Observer*> observers_;
};

}  // namespace kvsim::sim
