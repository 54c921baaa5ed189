// SPDX-License-Identifier: Apache-2.0
// Who simulates. A plan is the same whoever does, and however many they are.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/errors.h"

namespace kvsim::planner {

struct Answer {  // of one task
  std::string text;
  Failure failure;
};

// Several processes may run the same plan side by side (MPI): all of them ask for the same tasks in the same
// order, each does its share, and each gets all answers.
class Workers {
 public:
  virtual ~Workers() = default;
  // task(0) ... task(count - 1), each a text, by index. `finished` is told how many have ended, now and then.
  // InterruptedError after Ctrl-C.
  virtual std::vector<Answer> run(std::size_t count, const std::function<std::string(std::size_t)>& task,
                                  const std::function<void(std::size_t)>& finished) = 0;
  // The first process's text, in all of them.
  virtual std::string agree(std::string text) = 0;
  virtual bool is_first() const = 0;  // that writes files and draws progress
};

// Forked processes of this machine, `jobs` at a time.
std::unique_ptr<Workers> forked_workers(std::size_t jobs);

// The processes of an MPI job where this is one of several, else nothing. Nothing is forked then.
std::unique_ptr<Workers> mpi_workers();

}  // namespace kvsim::planner
