// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/router_tier.h"

#include <utility>

#include "base/random.h"

namespace kvsim::sim {
namespace {

Endpoint endpoint_of(std::uint32_t replica, const Directory& directory) {
  const Pool& pool = directory.pool_of(replica);
  Endpoint endpoint;
  endpoint.replica = replica;
  endpoint.pool = directory.pool_index(replica);
  endpoint.role = pool.role;
  endpoint.labels = directory.labels_of(pool);
  endpoint.site = pool.site;
  endpoint.host =
      pool.name + "/" + std::to_string(directory.index_in_pool(replica) / pool.replicas_per_server);
  endpoint.capacity_weight = pool.capacity_weight;
  endpoint.kv_blocks = pool.kv_blocks;
  endpoint.block_tokens = pool.engine.block_size_tokens;
  endpoint.host_block_tokens = pool.tiers.host ? pool.tiers.block_tokens : 0;
  endpoint.max_batched_tokens = pool.engine.max_num_batched_tokens;
  endpoint.step_time = pool.step_time;
  return endpoint;
}

// Spread over the interval, as pods are that came up one after the other.
std::vector<Nanoseconds> first_scrapes(const std::vector<Endpoint>& endpoints, Nanoseconds every,
                                       std::uint64_t seed) {
  RandomStream draw(seed, "router/scrapes");
  std::vector<Nanoseconds> first;
  for (std::size_t i = 0; i < endpoints.size(); ++i)
    first.push_back(static_cast<Nanoseconds>(draw.below(static_cast<std::uint64_t>(every))));
  return first;
}

}  // namespace

RouterTier::RouterTier(const Fleet& fleet, const Directory& directory,
                       std::vector<std::unique_ptr<Replica>>& replicas, const RouterMaker& make,
                       std::uint64_t seed)
    : fleet_(fleet),
      directory_(directory),
      replicas_(replicas),
      per_model_(fleet.router.replicas),
      event_lag_(from_seconds(fleet.router.event_lag_seconds)),
      endpoint_of_(directory.replicas()),
      silenced_(directory.replicas()) {
  const Nanoseconds every = from_seconds(fleet.router.scrape_seconds);
  for (std::size_t m = 0; m < directory.models().size(); ++m) {
    Model& model = models_.emplace_back(replicas);
    for (const std::uint32_t replica : directory.models()[m].replicas) {
      endpoint_of_[replica] = static_cast<EndpointId>(model.endpoints.size());
      model.endpoints.push_back(endpoint_of(replica, directory));
    }
    for (std::uint32_t r = 0; r < per_model_; ++r) {
      const std::uint64_t own = seed ^ mix64(m) ^ (r == 0 ? 0 : mix64(~std::uint64_t{r}));
      model.instances.push_back({make(fleet.router, model.endpoints, own),
                                 Signals(first_scrapes(model.endpoints, every, own), every),
                                 PoolLoads(model.endpoints)});
      const RouterNeeds needs = model.instances.back().router->needs();
      reads_gauges_ |= needs.gauges || needs.kv_usage;
      reads_kv_usage_ |= needs.kv_usage;
      reads_events_ |= needs.cache_events;
    }
  }
  for (const PoolRule& rule : fleet.router.rules) reads_kv_usage_ |= rule.spill_at_kv_usage > 0;
  reads_gauges_ |= reads_kv_usage_;
}

RouterView RouterTier::view(std::uint32_t model, std::uint32_t router, Nanoseconds now) {
  if (reads_events_) deliver(now);
  models_[model].truth.set_now(now, boundaries_over_at_ == now ? now + 1 : now);
  return {now, of(model, router).signals, models_[model].truth};
}

// Events of the cache are left where they are: what they change has no part in saturation.
RouterTier::Saturation RouterTier::saturation(std::uint32_t model, std::uint32_t router, Nanoseconds now) {
  Instance& instance = of(model, router);
  const RouterView view{now, instance.signals, models_[model].truth};
  return {instance.router->saturation(view), instance.router->saturation_ages(instance.signals)};
}

void RouterTier::dispatched(std::uint32_t model, std::uint32_t router, const Ticket& ticket,
                            Nanoseconds now) {
  of(model, router).router->dispatched(ticket, now);
  of(model, router).loads.dispatched(ticket);
}

void RouterTier::prefill_ended(std::uint32_t model, std::uint32_t router, const Ticket& ticket,
                               Nanoseconds now) {
  of(model, router).router->prefill_ended(ticket, now);
  of(model, router).loads.prefill_ended(ticket);
}

void RouterTier::ended(std::uint32_t model, std::uint32_t router, const Ticket& ticket, Nanoseconds now) {
  of(model, router).router->ended(ticket, now);
  of(model, router).loads.ended(ticket);
}

std::optional<PoolChoices> RouterTier::choices(const Service& service, const std::string& tenant) const {
  return pool_choices(fleet_.router.rules, fleet_.pools, endpoints(service.model),
                      {service.slo_class, tenant, service.candidates, service.failover});
}

ScrapeWheel RouterTier::scrape_wheel() const {
  std::vector<Nanoseconds> first;
  for (std::uint32_t router = 0; router < per_model_; ++router)
    for (std::uint32_t replica = 0; replica < replicas_.size(); ++replica) {
      const Model& model = models_[directory_.model_of(replica)];
      first.push_back(model.instances[router].signals.first_scrape(endpoint_of_[replica]));
    }
  return {first, from_seconds(fleet_.router.scrape_seconds)};
}

bool RouterTier::scrape(std::uint32_t router, std::uint32_t replica, Nanoseconds now) {
  const ReplicaGauges gauges = replicas_[replica]->gauges(now, reads_kv_usage_);
  if (reads_events_) replicas_[replica]->publish_events(now);
  Instance& instance = of(directory_.model_of(replica), router);
  const std::uint64_t before = instance.signals.version();
  instance.signals.scraped(endpoint_of_[replica], {gauges.waiting, gauges.running, gauges.kv_usage});
  instance.loads.scraped(endpoint_of_[replica], gauges.kv_usage);
  if (reads_events_) collect_events(replica);
  return instance.signals.version() != before;
}

void RouterTier::collect_events(std::uint32_t replica) {
  collected_.clear();
  replicas_[replica]->take_events(collected_);
  for (StampedCacheEvent& stamped : collected_)
    pending_.push({stamped.time + event_lag_, ++events_, replica, std::move(stamped.event)});
}

void RouterTier::deliver(Nanoseconds now) {
  for (; !pending_.empty() && pending_.top().time <= now; pending_.pop()) {
    const PendingEvent& next = pending_.top();
    if (next.order <= silenced_[next.replica]) continue;
    for (Instance& instance : models_[directory_.model_of(next.replica)].instances)
      instance.router->cache_event(endpoint_of_[next.replica], next.event, next.time);
  }
}

void RouterTier::silence(std::uint32_t replica, Nanoseconds now) {
  deliver(now);
  silenced_[replica] = events_;
}

void RouterTier::set_present(std::uint32_t replica, bool present) {
  for (Instance& instance : models_[directory_.model_of(replica)].instances) {
    instance.signals.set_present(endpoint_of_[replica], present);
    instance.loads.set_present(endpoint_of_[replica], present);
  }
}

void RouterTier::forget(std::uint32_t replica) {
  for (Instance& instance : models_[directory_.model_of(replica)].instances)
    instance.router->endpoint_gone(endpoint_of_[replica]);
}

}  // namespace kvsim::sim
