// SPDX-License-Identifier: Apache-2.0
#include "tests/browser/devtools.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

#include "tests/own_folder.h"

namespace kvsim::testing {
namespace {

using Json = nlohmann::json;

constexpr int kAnswerMilliseconds = 60000;
// Where Chromium reads and writes, by --remote-debugging-pipe.
constexpr int kBrowserReads = 3, kBrowserWrites = 4;

[[noreturn]] void become_browser(int reads, int writes, const std::string& profile) {
  // Far from 3 and 4 first: each end may lie where the other one goes.
  const int read_copy = fcntl(reads, F_DUPFD, 10), write_copy = fcntl(writes, F_DUPFD, 10);
  dup2(read_copy, kBrowserReads);
  dup2(write_copy, kBrowserWrites);
  const int nowhere = open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, standard);
  const std::string folder = "--user-data-dir=" + profile;
  execlp("chromium", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--no-first-run", "--disable-background-networking", "--disable-extensions", "--hide-scrollbars",
         "--remote-debugging-pipe", folder.c_str(), "about:blank", nullptr);
  _exit(127);
}

}  // namespace

bool has_chromium() { return std::system("command -v chromium >/dev/null 2>&1") == 0; }

DevTools::DevTools() : profile_(own_folder("kvsim_browser")) {
  try {
    start();
  } catch (...) {
    stop();
    throw;
  }
}

DevTools::~DevTools() { stop(); }

void DevTools::start() {
  signal(SIGPIPE, SIG_IGN);  // a browser that died is an error of the call
  std::array<int, 2> down{}, up{};
  if (pipe2(down.data(), O_CLOEXEC) != 0 || pipe2(up.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe to the browser");
  process_ = fork();
  if (process_ == 0) {
    setpgid(0, 0);
    become_browser(down[0], up[1], profile_.string());
  }
  close(down[0]);
  close(up[1]);
  to_browser_ = down[1];
  from_browser_ = up[0];
  const std::string page = call("Target.createTarget", {{"url", "about:blank"}}).at("targetId");
  session_ = call("Target.attachToTarget", {{"targetId", page}, {"flatten", true}}).at("sessionId");
}

void DevTools::stop() {
  if (to_browser_ >= 0) close(to_browser_);
  if (from_browser_ >= 0) close(from_browser_);
  if (process_ > 0) {
    kill(-process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(profile_, ignored);
}

void DevTools::send(const Json& message) {
  const std::string text = message.dump() + '\0';
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t now = write(to_browser_, text.data() + sent, text.size() - sent);
    if (now < 0) throw std::runtime_error("the browser has ended");
    sent += static_cast<std::size_t>(now);
  }
}

Json DevTools::receive() {
  std::size_t end = 0;
  while ((end = unread_.find('\0')) == std::string::npos) {
    pollfd waiting{from_browser_, POLLIN, 0};
    if (poll(&waiting, 1, kAnswerMilliseconds) <= 0) throw std::runtime_error("the browser does not answer");
    std::array<char, 65536> block{};
    const ssize_t size = read(from_browser_, block.data(), block.size());
    if (size <= 0) throw std::runtime_error("the browser has ended");
    unread_.append(block.data(), static_cast<std::size_t>(size));
  }
  const Json message = Json::parse(unread_.substr(0, end));
  unread_.erase(0, end + 1);
  return message;
}

Json DevTools::call(const std::string& method, const Json& parameters) {
  Json message = {{"id", ++last_id_}, {"method", method}, {"params", parameters}};
  if (!session_.empty()) message["sessionId"] = session_;
  send(message);
  for (;;) {
    const Json answer = receive();
    if (!answer.contains("id")) {
      events_.push_back(answer);
    } else if (answer.at("id") == last_id_) {
      if (answer.contains("error")) throw std::runtime_error(method + ": " + answer.at("error").dump());
      return answer.at("result");
    }
  }
}

std::vector<Json> DevTools::take(const std::string& method) {
  const auto others = std::stable_partition(events_.begin(), events_.end(),
                                            [&](const Json& event) { return event.at("method") != method; });
  std::vector<Json> taken;
  for (auto event = others; event != events_.end(); ++event) taken.push_back(event->at("params"));
  events_.erase(others, events_.end());
  return taken;
}

void DevTools::wait_for(const std::string& method) {
  const auto is_it = [&](const Json& event) { return event.at("method") == method; };
  while (std::none_of(events_.begin(), events_.end(), is_it)) events_.push_back(receive());
}

}  // namespace kvsim::testing
