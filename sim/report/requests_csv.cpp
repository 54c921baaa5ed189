// SPDX-License-Identifier: Apache-2.0
#include "sim/report/requests_csv.h"

#include <fmt/format.h>

#include "sim/report/csv.h"
#include "sim/report/labels.h"

namespace kvsim::sim {
namespace {

constexpr const char* kHeader =
    "request,status,model,class,tenant,pool,replica,stage,input_tokens,output_tokens,hit_tokens,"
    "host_hit_tokens,storage_hit_tokens,load_wait_seconds,preemptions,recomputed_tokens,intended_seconds,"
    "arrival_seconds,queued_seconds,scheduled_seconds,first_token_seconds,"
    "finished_seconds,prefill_replica,pulled_tokens,prefill_queued_seconds,prefill_scheduled_seconds,"
    "prefill_ended_seconds\n";

const char* status_name(RequestStatus status) {
  switch (status) {
    case RequestStatus::kCompleted:
      return "completed";
    case RequestStatus::kTimedOut:
      return "timed_out";
    case RequestStatus::kRejectedTooLong:
      return "rejected_too_long";
    case RequestStatus::kShed:
      return "shed";
    case RequestStatus::kRouterFailed:
      return "router_failed";
    case RequestStatus::kHandOverFailed:
      return "hand_over_failed";
    case RequestStatus::kLost:
      return "lost";
    case RequestStatus::kRejectedNoRoute:
      break;
  }
  return "rejected_no_route";
}

std::string prefill_columns(const RequestRecord& record) {
  return fmt::format("{},{},{},{},{}",
                     record.prefill_replica ? fmt::format("{}", *record.prefill_replica) : "",
                     record.pulled_tokens, csv_seconds(record.prefill_queued),
                     csv_seconds(record.prefill_scheduled), csv_seconds(record.prefill_ended));
}

}  // namespace

RequestsCsv::RequestsCsv(const std::string& path, const Fleet& fleet, const traces::Names& names)
    : file_(path), fleet_(&fleet), names_(&names) {
  for (const Pool& pool : fleet.pools) pools_.push_back(csv_text(pool.name));
  file_.out() << kHeader;
}

void RequestsCsv::on_group(std::uint32_t index, const Group& group) {
  if (index >= groups_.size()) groups_.resize(index + 1);
  const std::string& tenant = names_->tenants[group.tenant];
  groups_[index] = fmt::format("{},{},{}", csv_text(model_label(*fleet_, names_->models[group.model])),
                               csv_text(class_label(*fleet_, names_->slo_classes[group.slo_class], tenant)),
                               csv_text(tenant_label(tenant)));
}

void RequestsCsv::on_finished(const RequestRecord& record) {
  const bool served = reached_a_replica(record);
  const std::string place = served ? fmt::format("{},{}", pools_[record.pool], record.replica) : ",";
  const std::string stage = record.stage < 0 ? "" : std::to_string(record.stage);
  file_.out() << fmt::format(
      "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", record.id, status_name(record.status),
      groups_.at(record.group), place, stage, record.input_tokens, record.output_tokens, record.hit_tokens,
      record.host_hit_tokens, record.storage_hit_tokens, served ? csv_seconds(record.load_wait) : "",
      record.preemptions, record.recomputed_tokens, csv_seconds(record.intended), csv_seconds(record.arrival),
      served ? csv_seconds(record.queued) : "", served ? csv_seconds(record.scheduled) : "",
      csv_seconds(record.first_token), csv_seconds(record.finished), prefill_columns(record));
}

}  // namespace kvsim::sim
