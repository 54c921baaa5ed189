// SPDX-License-Identifier: Apache-2.0
#include "base/processes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/progress.h"

namespace kvsim {
namespace {

constexpr int kPollMilliseconds = 100;

struct Child {
  pid_t pid = 0;
  int pipe = -1;  // what it says, if it fails, until its end
  std::size_t task = 0;
  std::string said;
};

[[noreturn]] void fail(const char* what) {
  throw Error(ExitCode::kInternal, fmt::format("cannot {}: {}", what, std::strerror(errno)));
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void run_child(int pipe, pid_t parent, const std::function<void()>& task) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(static_cast<int>(ExitCode::kInterrupted));
  Failure failure;
  try {
    task();
  } catch (...) {
    failure = current_failure();
  }
  write_all(pipe, failure.message);
  _exit(static_cast<int>(failure.code));
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

Failure failure_of(int status, std::string said) {
  if (WIFEXITED(status)) return {static_cast<ExitCode>(WEXITSTATUS(status)), std::move(said)};
  const int signal_number = WTERMSIG(status);
  return {ExitCode::kInternal,
          fmt::format("ended by signal {} ({}){}", signal_number, strsignal(signal_number),
                      signal_number == SIGKILL ? "; is memory short?" : "")};
}

class Children {
 public:
  Children() = default;
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;
  ~Children() {
    for (const Child& child : running_) kill(child.pid, SIGTERM);
    for (const Child& child : running_) {
      close(child.pipe);
      wait_for(child.pid);
    }
  }

  std::size_t running() const { return running_.size(); }

  void start(std::size_t index, const std::function<void(std::size_t)>& task) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("open a pipe");
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) run_child(ends[1], parent, [&] { task(index); });
    close(ends[1]);  // before the next fork, so that the pipe ends with this child
    if (pid < 0) {
      close(ends[0]);
      fail("start a process");
    }
    running_.push_back({pid, ends[0], index, ""});
  }

  // Waits a while and takes those that have ended off the list.
  void harvest(std::vector<Failure>& results) {
    std::vector<pollfd> pipes;
    for (const Child& child : running_) pipes.push_back({child.pipe, POLLIN, 0});
    if (poll(pipes.data(), pipes.size(), kPollMilliseconds) < 0) return;  // by a signal
    for (std::size_t i = 0; i < pipes.size(); ++i)
      if (pipes[i].revents != 0 && !still_talks(running_[i])) bury(running_[i], results);
    std::erase_if(running_, [](const Child& child) { return child.pid == 0; });
  }

 private:
  static bool still_talks(Child& child) {
    std::array<char, 4096> chunk{};
    const ssize_t got = read(child.pipe, chunk.data(), chunk.size());
    if (got > 0) child.said.append(chunk.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
  }

  static void bury(Child& child, std::vector<Failure>& results) {
    close(child.pipe);
    results[child.task] = failure_of(wait_for(child.pid), std::move(child.said));
    child.pid = 0;
  }

  std::vector<Child> running_;
};

}  // namespace

std::vector<Failure> run_in_processes(std::size_t count, std::size_t jobs,
                                      const std::function<void(std::size_t)>& task,
                                      const std::function<void(std::size_t)>& finished) {
  std::vector<Failure> results(count);
  Children children;
  for (std::size_t next = 0; next < count || children.running() > 0;) {
    throw_if_interrupted();
    while (next < count && children.running() < jobs) children.start(next++, task);
    children.harvest(results);
    finished(next - children.running());
  }
  return results;
}

}  // namespace kvsim
