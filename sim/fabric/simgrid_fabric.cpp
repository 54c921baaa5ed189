// SPDX-License-Identifier: Apache-2.0
// Flows as SimGrid communications between the hosts of one star zone, without actors: we ask the models for
// the date of the next event, run the engine up to it, and collect what its callback tells.
#include <fmt/format.h>
#include <signal.h>
#include <xbt/log.h>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "base/errors.h"
#include "base/text.h"
#include "sim/fabric/fabric.h"

namespace kvsim::sim {
namespace {

namespace s4u = simgrid::s4u;

// SimGrid's clock goes on from one engine to the next. All fabrics of a process begin at a whole second
// beyond this one, where doubles are evenly spaced for another 36 hours: so the same flows round to the same
// times, whatever ran before. The spacing is 0.03 ns.
constexpr double kFirstEpoch = 131072;
constexpr double kNoiseNanoseconds = 0.125;
constexpr double kGreatestBytes = 1e18;

// The engine takes over signals that are ours.
class KeptSignals {
 public:
  KeptSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], nullptr, &kept_[i]);
  }
  ~KeptSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &kept_[i], nullptr);
  }
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;

 private:
  static constexpr std::array<int, 6> kSignals = {SIGINT, SIGTERM, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
  std::array<struct sigaction, kSignals.size()> kept_{};
};

struct Flow {
  s4u::CommPtr comm;  // nothing: it had nothing to carry
  const std::vector<LinkId>* links = nullptr;
  double bytes = 0;
  bool ended = false;
  double carried() const { return ended || !comm ? bytes : bytes - comm->get_remaining(); }
};

[[noreturn]] void misuse(const std::string& what) { throw Error(ExitCode::kInternal, "fabric: " + what); }

class SimgridFabric final : public Fabric {
 public:
  explicit SimgridFabric(const FabricPlan& plan);
  ~SimgridFabric() override;

  void start(Nanoseconds now, FlowId id, std::uint32_t from_port, std::uint32_t to_port,
             double bytes) override;
  void cancel(Nanoseconds now, FlowId id) override;
  Nanoseconds next() override;
  void take_ended(Nanoseconds now, std::vector<FlowId>& ended) override;
  void carried(Nanoseconds now, std::vector<double>& bytes) override;

 private:
  static std::unique_ptr<s4u::Engine> make_engine();
  static void note_completion(const s4u::Activity& activity);
  void build(const FabricPlan& plan);
  const std::vector<LinkId>& route(std::uint32_t from_port, std::uint32_t to_port);
  void check(FlowId id, std::uint32_t from_port, std::uint32_t to_port, double bytes) const;
  void launch(FlowId id, Flow& flow, std::uint32_t from_port, std::uint32_t to_port);
  double date_of(Nanoseconds time) const { return epoch_ + to_seconds(time); }
  void refresh_next();
  void run_to(double date);
  void advance(Nanoseconds now);
  void credit(const Flow& flow, std::vector<double>& bytes) const;

  static SimgridFabric* alive_;

  std::unique_ptr<s4u::Engine> engine_;
  std::vector<simgrid::kernel::resource::Model*> models_;
  std::vector<FabricPort> ports_;
  std::vector<s4u::Host*> senders_, receivers_;  // of each port
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<LinkId>> routes_;
  std::map<FlowId, Flow> flows_;
  std::vector<FlowId> ended_;           // not taken yet
  std::vector<double> carried_before_;  // by flows that are gone
  double epoch_ = 0;
  Nanoseconds now_ = 0;
  bool next_is_known_ = false;
  double next_date_ = 0;
  Nanoseconds next_time_ = kNever;
};

SimgridFabric* SimgridFabric::alive_ = nullptr;

// The configuration holds for the process: SimGrid refuses to set it twice.
void configure_once() {
  static const bool done = [] {
    xbt_log_control_set("root.thresh:warning");
    for (const char* setting :
         {"network/model:CM02", "network/crosstraffic:0", "network/TCP-gamma:0", "network/latency-factor:1",
          "network/bandwidth-factor:1", "network/weight-S:0"})
      s4u::Engine::set_config(setting);
    return true;
  }();
  static_cast<void>(done);
}

std::unique_ptr<s4u::Engine> SimgridFabric::make_engine() {
  const KeptSignals kept;
  static char name[] = "kvsim";
  std::array<char*, 2> arguments = {name, nullptr};
  int count = 1;
  auto engine = std::make_unique<s4u::Engine>(&count, arguments.data());
  configure_once();
  static const bool told = [] {
    s4u::Activity::on_completion_cb(&SimgridFabric::note_completion);
    return true;
  }();
  static_cast<void>(told);
  return engine;
}

SimgridFabric::SimgridFabric(const FabricPlan& plan) : ports_(plan.ports) {
  if (alive_ != nullptr) misuse("another one is alive");
  engine_ = make_engine();
  build(plan);
  models_ = engine_->get_all_models();
  carried_before_.assign(plan.links.size(), 0);
  epoch_ = std::max(kFirstEpoch, std::ceil(s4u::Engine::get_clock()));
  run_to(epoch_);
  alive_ = this;
}

SimgridFabric::~SimgridFabric() {
  for (auto& [id, flow] : flows_)
    if (flow.comm && !flow.ended) flow.comm->cancel();
  engine_->run_until(s4u::Engine::get_clock());
  flows_.clear();
  engine_.reset();
  alive_ = nullptr;
}

// A port is two hosts, so that a flow may lead from a port to itself.
void SimgridFabric::build(const FabricPlan& plan) {
  s4u::NetZone* zone = s4u::create_star_zone("fabric");
  std::vector<s4u::Link*> links;
  for (const FabricLink& link : plan.links) {
    links.push_back(zone->create_link(fmt::format("link-{}", links.size()), link.bytes_per_second));
    links.back()->set_latency(0)->seal();
  }
  const auto chain = [&links](const std::vector<LinkId>& ids) {
    std::vector<s4u::LinkInRoute> chained;
    for (const LinkId id : ids) chained.emplace_back(links[id]);
    return chained;
  };
  for (std::size_t i = 0; i < plan.ports.size(); ++i) {
    s4u::Host* sender = senders_.emplace_back(zone->create_host(fmt::format("sender-{}", i), 1.0));
    s4u::Host* receiver = receivers_.emplace_back(zone->create_host(fmt::format("receiver-{}", i), 1.0));
    zone->add_route(sender->get_netpoint(), nullptr, nullptr, nullptr, chain(plan.ports[i].out), false);
    zone->add_route(nullptr, receiver->get_netpoint(), nullptr, nullptr, chain(plan.ports[i].in), false);
  }
  engine_->get_netzone_root()->seal();
}

void SimgridFabric::note_completion(const s4u::Activity& activity) {
  if (activity.get_state() != s4u::Activity::State::FINISHED) return;  // cancelled ones are told as well
  const auto id = reinterpret_cast<FlowId>(const_cast<s4u::Activity&>(activity).get_data<void>());
  alive_->flows_.at(id).ended = true;
  alive_->ended_.push_back(id);
}

const std::vector<LinkId>& SimgridFabric::route(std::uint32_t from_port, std::uint32_t to_port) {
  const auto [place, is_new] = routes_.try_emplace({from_port, to_port});
  std::vector<LinkId>& links = place->second;
  if (!is_new) return links;
  for (const auto* side : {&ports_[from_port].out, &ports_[to_port].in})
    for (const LinkId link : *side)
      if (std::find(links.begin(), links.end(), link) == links.end()) links.push_back(link);
  return links;
}

void SimgridFabric::check(FlowId id, std::uint32_t from_port, std::uint32_t to_port, double bytes) const {
  if (from_port >= ports_.size() || to_port >= ports_.size()) misuse("no such port");
  if (!(bytes >= 0 && bytes <= kGreatestBytes)) misuse(fmt::format("a flow of {} bytes", bytes));
  if (flows_.count(id) > 0) misuse(fmt::format("flow {} runs already", id));
}

void SimgridFabric::start(Nanoseconds now, FlowId id, std::uint32_t from_port, std::uint32_t to_port,
                          double bytes) {
  check(id, from_port, to_port, bytes);
  if (now > now_) advance(now);
  Flow& flow = flows_[id];
  flow.bytes = bytes > 0 ? std::max(std::round(bytes), 1.0) : 0;
  flow.links = &route(from_port, to_port);
  if (flow.bytes > 0 && !flow.links->empty()) return launch(id, flow, from_port, to_port);
  flow.ended = true;
  ended_.push_back(id);
}

void SimgridFabric::launch(FlowId id, Flow& flow, std::uint32_t from_port, std::uint32_t to_port) {
  flow.comm = s4u::Comm::sendto_init(senders_[from_port], receivers_[to_port]);
  flow.comm->set_payload_size(static_cast<std::uint64_t>(flow.bytes));
  flow.comm->set_data(reinterpret_cast<void*>(id));
  flow.comm->vetoable_start();
  next_is_known_ = false;
}

void SimgridFabric::cancel(Nanoseconds now, FlowId id) {
  if (now > now_) advance(now);
  const auto place = flows_.find(id);
  if (place == flows_.end()) misuse(fmt::format("flow {} is not there to be cancelled", id));
  credit(place->second, carried_before_);
  if (place->second.ended) {
    ended_.erase(std::find(ended_.begin(), ended_.end(), id));
  } else {
    place->second.comm->cancel();
    engine_->run_until(s4u::Engine::get_clock());  // else it keeps its share until the next event
    next_is_known_ = false;
  }
  flows_.erase(place);
}

void SimgridFabric::refresh_next() {
  if (next_is_known_) return;
  next_is_known_ = true;
  const double clock = s4u::Engine::get_clock();
  double wait = std::numeric_limits<double>::infinity();
  for (auto* model : models_) {
    const double seconds = model->next_occurring_event(clock);
    if (seconds >= 0) wait = std::min(wait, seconds);
  }
  next_date_ = clock + wait;
  const double nanoseconds = std::ceil((next_date_ - epoch_) * 1e9 - kNoiseNanoseconds);
  next_time_ = nanoseconds < static_cast<double>(kNever) ? static_cast<Nanoseconds>(nanoseconds) : kNever;
}

Nanoseconds SimgridFabric::next() {
  if (!ended_.empty()) return now_;
  refresh_next();
  return std::max(now_, next_time_);
}

// run_until() returns up to 10 us early.
void SimgridFabric::run_to(double date) {
  do engine_->run_until(std::max(date, s4u::Engine::get_clock()));
  while (s4u::Engine::get_clock() < date);
  next_is_known_ = false;
}

void SimgridFabric::advance(Nanoseconds now) {
  now_ = std::max(now_, now);
  run_to(date_of(now_));
  for (refresh_next(); next_time_ <= now_; refresh_next()) run_to(next_date_);
}

void SimgridFabric::take_ended(Nanoseconds now, std::vector<FlowId>& ended) {
  advance(now);
  std::sort(ended_.begin(), ended_.end());
  for (const FlowId id : ended_) {
    const auto place = flows_.find(id);
    credit(place->second, carried_before_);
    flows_.erase(place);
  }
  ended.insert(ended.end(), ended_.begin(), ended_.end());
  ended_.clear();
}

void SimgridFabric::credit(const Flow& flow, std::vector<double>& bytes) const {
  const double carried = flow.carried();
  for (const LinkId link : *flow.links) bytes[link] += carried;
}

void SimgridFabric::carried(Nanoseconds now, std::vector<double>& bytes) {
  if (now > now_) advance(now);
  bytes = carried_before_;
  for (const auto& [id, flow] : flows_) credit(flow, bytes);
}

}  // namespace

bool has_simgrid() { return true; }

std::unique_ptr<Fabric> make_fabric(const FabricPlan& plan) {
  if (const auto found = faults(plan); !found.empty()) throw Error(ExitCode::kBadInput, join(found, "\n"));
  return std::make_unique<SimgridFabric>(plan);
}

}  // namespace kvsim::sim
