// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/line_records.h"

#include <fmt/format.h>

namespace kvsim::traces {
namespace {

constexpr std::size_t kFaultsTold = 20;
constexpr int kLinesReadOn = 1000;
constexpr std::size_t kMostNames = 4096;

}  // namespace

LineRecords::LineRecords(LineReader lines, std::string format, const TraceOptions& options)
    : lines_(std::move(lines)), format_(std::move(format)), options_(options) {}

bool LineRecords::next(Record& record) {
  while (const std::optional<Line> line = lines_.next()) {
    line_ = line->number;
    record = Record{};
    record.number = records_;
    record.line = line_;
    const bool parsed = parse(*line, record) && in_order(record);
    if (give_up()) problems_.throw_if_any();
    if (!parsed || !problems_.empty()) continue;
    ++records_;
    return true;
  }
  problems_.throw_if_any();
  return false;
}

bool LineRecords::in_order(const Record& record) {
  if (record.is_turn || options_.sort) return true;
  const Nanoseconds arrival = record.request.arrival;
  if (arrival >= latest_) {
    latest_ = arrival;
    return true;
  }
  fault("", fmt::format("arrives {} s before the record above it", to_seconds(latest_ - arrival)),
        "put the trace in order of arrival with `kvsim trace convert --sort`");
  return false;
}

bool LineRecords::give_up() const {
  if (problems_.empty()) return false;
  return problems_.all().size() >= kFaultsTold || line_ - first_fault_line_ >= kLinesReadOn;
}

void LineRecords::fault(std::string path, std::string message, std::string remedy) {
  if (problems_.empty()) first_fault_line_ = line_;
  problems_.add({lines_.path(), line_}, std::move(path), std::move(message), std::move(remedy));
}

bool LineRecords::skip(const std::string& reason) {
  ++skipped_[reason];
  return false;
}

std::vector<Skipped> LineRecords::skipped() const {
  std::vector<Skipped> result;
  for (const auto& [reason, records] : skipped_) result.push_back({reason, records});
  return result;
}

void LineRecords::fill_prompt(Record& record) {
  Request& request = record.request;
  const std::uint64_t named = total_tokens(request.prompt);
  append_piece(request.prompt,
               {own_prompt(record.number), 0, static_cast<std::uint32_t>(request.input_tokens - named)});
}

void LineRecords::set_model(Record& record, const std::string& traced_name, bool keep_unmapped) {
  const auto mapped = options_.model_names.find(traced_name);
  if (mapped != options_.model_names.end()) {
    record.request.model = name_index(names_.models, mapped->second, "model");
  } else if (keep_unmapped) {
    record.request.model = name_index(names_.models, traced_name, "model");
  }
}

std::uint32_t LineRecords::name_index(std::vector<std::string>& names, const std::string& name,
                                      const char* path) {
  const std::uint32_t index = intern(names, name);
  if (names.size() <= kMostNames) return index;
  names.pop_back();
  fault(path, fmt::format("more than {} different names", kMostNames), "check that this is the right field");
  return 0;
}

}  // namespace kvsim::traces
