// SPDX-License-Identifier: Apache-2.0
// A headless Chromium of one's own, spoken to in the DevTools protocol over two pipes: messages of JSON, each
// ended by a zero byte.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kvsim::testing {

class DevTools {
 public:
  // Starts the browser, and one empty page in it. Throws std::runtime_error where it does not answer.
  DevTools();
  ~DevTools();
  DevTools(const DevTools&) = delete;
  DevTools& operator=(const DevTools&) = delete;

  // The result of a method of the page; throws std::runtime_error with the browser's words where it fails, or
  // where there is no answer within a minute.
  nlohmann::json call(const std::string& method, const nlohmann::json& parameters = nlohmann::json::object());
  // Events with a method of this name that have come and were not taken yet; `wait_for` waits for the first.
  std::vector<nlohmann::json> take(const std::string& method);
  void wait_for(const std::string& method);

 private:
  void start();
  void send(const nlohmann::json& message);
  nlohmann::json receive();
  void stop();

  std::filesystem::path profile_;
  pid_t process_ = -1;
  int to_browser_ = -1, from_browser_ = -1;
  int last_id_ = 0;
  std::string session_, unread_;
  std::vector<nlohmann::json> events_;
};

bool has_chromium();

}  // namespace kvsim::testing
