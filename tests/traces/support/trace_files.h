// SPDX-License-Identifier: Apache-2.0
// Traces for tests: files that vanish, all requests of one, the public traces where they are.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.h"
#include "traces/offer_all.h"
#include "traces/open_trace.h"

namespace kvsim::traces {

class TemporaryTrace {
 public:
  explicit TemporaryTrace(std::string_view content) {
    static int count = 0;
    const std::string name = "kvsim_trace_" + std::to_string(getpid()) + "_" + std::to_string(count++);
    path_ = std::filesystem::temp_directory_path() / name;
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryTrace() { std::filesystem::remove(path_); }
  TemporaryTrace(const TemporaryTrace&) = delete;
  TemporaryTrace& operator=(const TemporaryTrace&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::vector<Request> all_requests(Source& source) {
  std::vector<Request> requests;
  offer_all(source, [&](const Request& request) { requests.push_back(request); });
  return requests;
}

inline std::vector<Request> read_text(std::string_view content, const TraceOptions& options = {}) {
  const TemporaryTrace file(content);
  return all_requests(*open_trace(file.path(), options));
}

// What is wrong with this trace.
inline std::vector<Problem> faults_of(std::string_view content, const TraceOptions& options = {}) {
  const TemporaryTrace file(content);
  try {
    all_requests(*open_trace(file.path(), options));
  } catch (const InputError& error) {
    return error.problems();
  }
  return {};
}

// Path of a public trace, where the folder of them is given.
inline std::optional<std::string> public_trace(const std::string& name) {
  const char* folder = std::getenv("KVSIM_TRACE_DIR");
  if (folder == nullptr) return {};
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  if (!std::filesystem::exists(path)) return {};
  return path.string();
}

}  // namespace kvsim::traces
