// SPDX-License-Identifier: Apache-2.0
// Tokens per page by language, from traces/population/tokens_per_page.yaml.
#pragma once

#include <string>
#include <vector>

namespace kvsim::traces {

struct Language {
  std::string code;  // ISO 639-1
  std::string name;
  double tokens_per_page = 0;
  bool unverified = false;  // recalled, not looked up
};

const std::vector<Language>& languages();  // read once; InputError where the data file is broken
const Language* find_language(const std::string& code);

}  // namespace kvsim::traces
