// SPDX-License-Identifier: Apache-2.0
#include "cli/run_program.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace kvsim::cli {

int run_program(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0) return 127;
  int ended = 0;
  while (waitpid(child, &ended, 0) <
         0)  // Ctrl-C reaches the program too; it ends when it has put its files in order
    if (errno != EINTR) return 127;
  return WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
}

}  // namespace kvsim::cli
