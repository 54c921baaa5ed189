// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/refuse.h"

namespace kvsim::traces {

void refuse(Location where, std::string path, std::string message, std::string remedy) {
  Problems problems;
  problems.add(std::move(where), std::move(path), std::move(message), std::move(remedy));
  throw InputError(problems.all());
}

}  // namespace kvsim::traces
