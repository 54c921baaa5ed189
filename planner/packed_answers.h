// SPDX-License-Identifier: Apache-2.0
// The answers of one process as one text, for the other processes of an MPI job.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/workers.h"

namespace kvsim::planner {

std::string packed(const std::vector<Answer>& answers);
std::vector<Answer> unpacked(std::string_view all);  // Error (internal) where that is no such text

}  // namespace kvsim::planner
