// SPDX-License-Identifier: Apache-2.0
// Files to start from, as `kvsim new` writes them: @data@ is the folder of installed data, @workload@ a
// workload there.
#pragma once

namespace kvsim::cli {

extern const char* const kNewFleet;
extern const char* const kNewProblem;
extern const char* const kNewCase;
extern const char* const kNewProfile;
extern const char* const kNewWorkload;

}  // namespace kvsim::cli
