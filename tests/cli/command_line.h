// SPDX-License-Identifier: Apache-2.0
// Runs the built program as a user would.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace kvsim::testing {

struct CommandResult {
  int status = -1;
  std::string output;  // standard output, and standard error where asked for
};

inline CommandResult run_command(const std::string& command) {
  CommandResult result;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 65536> chunk{};
  std::size_t got = 0;
  while ((got = fread(chunk.data(), 1, chunk.size(), pipe)) > 0) result.output.append(chunk.data(), got);
  const int ended = pclose(pipe);
  result.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
  return result;
}

inline CommandResult kvsim(const std::string& arguments, bool with_errors = true) {
  return run_command(std::string(KVSIM_BINARY) + " " + arguments + (with_errors ? " 2>&1" : " 2>/dev/null"));
}

}  // namespace kvsim::testing
