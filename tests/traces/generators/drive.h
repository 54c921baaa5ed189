// SPDX-License-Identifier: Apache-2.0
// A fleet of unlimited servers that answers every request after the same time: enough to run closed loops.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "traces/source.h"
#include "traces/workload.h"

namespace kvsim::traces::testing {

// A file in a folder of its own, removed with it.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& content, const std::string& name = "workload.yaml") {
    std::string pattern = (std::filesystem::temp_directory_path() / "kvsim-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = folder_ / name;
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() {
    std::error_code unknown;
    std::filesystem::remove_all(folder_, unknown);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }
  std::filesystem::path folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

inline std::unique_ptr<Source> open_text(const std::string& yaml, std::uint64_t seed = 1) {
  return open_workload(TemporaryFile(yaml).path(), seed);
}

struct Driven {
  std::vector<Request> requests;  // in the order taken
  std::vector<Nanoseconds> ends;  // of the request with that id
  std::uint64_t most_in_flight = 0;
};

using Service = std::function<Nanoseconds(const Request&)>;
using Verdict = std::function<Outcome(const Request&)>;

inline Driven drive(
    Source& source, const Service& service,
    const Verdict& verdict = [](const Request&) { return Outcome::kCompleted; }) {
  using End = std::pair<Nanoseconds, std::uint64_t>;
  std::priority_queue<End, std::vector<End>, std::greater<>> running;
  Driven driven;
  while (true) {
    const auto arrival = source.next_arrival();
    if (arrival && (running.empty() || *arrival < running.top().first)) {
      driven.requests.push_back(source.take());
      const Request& request = driven.requests.back();
      driven.ends.push_back(request.arrival + service(request));
      running.push({driven.ends.back(), request.id});
      driven.most_in_flight = std::max<std::uint64_t>(driven.most_in_flight, running.size());
    } else if (!running.empty()) {
      const End end = running.top();
      running.pop();
      source.finished({end.second, end.first, verdict(driven.requests[end.second])});
    } else {
      return driven;
    }
  }
}

inline Driven drive(Source& source, double service_seconds) {
  return drive(source, [service_seconds](const Request&) { return from_seconds(service_seconds); });
}

}  // namespace kvsim::traces::testing
