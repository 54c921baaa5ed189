// SPDX-License-Identifier: Apache-2.0
#include "validation/measured_requests.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "validation/measurements/csv_table.h"

namespace kvsim::validation {
namespace {

constexpr std::int64_t kMostRequests = 10'000'000;

class RequestsReader {
 public:
  RequestsReader(std::string_view text, const std::string& file, Problems& problems)
      : file_(file), problems_(problems), table_(text, file, problems) {}

  std::vector<MeasuredRequests> read() {
    for (const CsvTable::Row& row : table_.rows())
      if (const auto request = request_of(row)) add(row, *request);
    std::erase_if(lists_, [](const MeasuredRequests& list) { return list.values.empty(); });
    if (lists_.empty())
      problems_.add({file_, 1}, "", "holds no latency of a request",
                    "give the columns request, ttft_seconds and e2e_seconds");
    return std::move(lists_);
  }

 private:
  std::optional<std::uint64_t> request_of(const CsvTable::Row& row) {
    const std::string cell = table_.text(row, "request");
    const auto number = parse_integer(cell);
    if (!number || *number < 0 || *number >= kMostRequests) {
      problems_.add({file_, row.line}, "request", fmt::format("found '{}'", shortened(cell)),
                    "give the request's place in the order of arrival, from 0");
      return {};
    }
    const auto request = static_cast<std::uint64_t>(*number);
    if (seen_.insert(request).second) return request;
    problems_.add({file_, row.line}, "request", fmt::format("{} stands here a second time", request),
                  "keep one of them");
    return {};
  }

  void add(const CsvTable::Row& row, std::uint64_t request) {
    const std::string part = table_.text(row, "part");
    for (const std::string& metric : request_metrics()) {
      const std::optional<double> seconds = table_.number(row, metric);
      if (!seconds) continue;
      if (*seconds > 0)
        list_of(metric, part).values.push_back({request, *seconds});
      else
        problems_.add({file_, row.line}, metric, "found 0, of which there is no relative error",
                      "give a time over 0, or leave the cell empty");
    }
  }

  // Parts stand in their order in the file, each with all metrics.
  MeasuredRequests& list_of(const std::string& metric, const std::string& part) {
    const auto find = [&] {
      return std::find_if(lists_.begin(), lists_.end(), [&](const MeasuredRequests& list) {
        return list.metric == metric && list.part == part;
      });
    };
    if (find() == lists_.end())
      for (const std::string& each : request_metrics()) lists_.push_back({each, part, {}});
    return *find();
  }

  std::string file_;
  Problems& problems_;
  CsvTable table_;
  std::set<std::uint64_t> seen_;
  std::vector<MeasuredRequests> lists_;
};

}  // namespace

const std::vector<std::string>& request_metrics() {
  static const std::vector<std::string> names{"ttft_seconds", "e2e_seconds"};
  return names;
}

std::vector<MeasuredRequests> read_measured_requests(std::string_view text, const std::string& file,
                                                     Problems& problems) {
  return RequestsReader(text, file, problems).read();
}

}  // namespace kvsim::validation
