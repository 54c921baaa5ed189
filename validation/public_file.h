// SPDX-License-Identifier: Apache-2.0
// Public data that a case names and that may not be shipped with it.
#pragma once

#include <string>

namespace kvsim::validation {

struct PublicFile {
  std::string name;         // path of a file or folder, from the case's folder or below that of public data
  std::string from;         // where to get it; empty: not told
  std::string environment;  // the variable that names the folder of public data
};

// Where it is: beside the case, or below the folder of public data. Where it is in neither, empty, and
// `missing` says what to do.
std::string find_public(const PublicFile& file, const std::string& case_file, std::string& missing);

}  // namespace kvsim::validation
