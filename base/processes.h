// SPDX-License-Identifier: Apache-2.0
// Many tasks side by side, each in a forked process of its own: a crash or a library's global state stays in
// it.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/errors.h"

namespace kvsim {

// Runs task(0) ... task(count - 1), at most `jobs` at a time, in children that share what this process has in
// memory; what a task changes there is lost, so it leaves its result in a file. Gives back how each ended, by
// index; a task ended by a signal counts as an internal error. `finished` is told the number of ended tasks
// now and then. After Ctrl-C children are stopped and InterruptedError is thrown.
std::vector<Failure> run_in_processes(std::size_t count, std::size_t jobs,
                                      const std::function<void(std::size_t)>& task,
                                      const std::function<void(std::size_t)>& finished);

}  // namespace kvsim
