// SPDX-License-Identifier: Apache-2.0
// Pools out of the files that deploy the real ones: llm-d modelservice Helm values, `vllm serve` command
// lines and shell scripts with them. Such files are read leniently: what has no effect here is listed under
// Validity. What they cannot tell is asked for by name, never guessed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/resolve_pool.h"

namespace kvsim::sim {

struct Question {
  std::string key;  // of the pool, as `set` takes it: "accelerator", "engine.version"
  Place place;
  std::string found;  // why the file does not tell
};

struct ForeignPool {
  PoolSpec spec;  // its places are in the foreign file
  std::vector<Question> questions;
};

// What a shell or Kubernetes variable stands for. The user's own word (`set`) wins over what a file assigns.
class Variables {
 public:
  explicit Variables(std::map<std::string, std::string> given = {}) : given_(std::move(given)) {}
  const std::string* find(const std::string& name);
  std::vector<std::string> unused() const;  // given, but never asked for

 private:
  std::map<std::string, std::string> given_;
  std::set<std::string> used_;
};

// Where a foreign reader takes names from and puts what it found.
struct ForeignReading {
  const Catalog& catalog;
  Variables& variables;
  Problems& problems;
  std::vector<Validity>& validity;
};

// `text` of a file by its name: *.yaml, *.yml and *.json are Helm values, everything else a shell script.
std::vector<ForeignPool> read_foreign(const std::string& text, const std::string& file,
                                      ForeignReading& reading);

// One entry `{from: FILE, set: {KEY: VALUE, POOL.KEY: VALUE, VARIABLE: VALUE}}` of `pools`. Open questions
// become problems.
std::vector<PoolSpec> read_foreign_entry(Fields& entry, FleetContext& context);
std::vector<PoolSpec> read_foreign_text(const std::string& text, const std::string& file, Fields& set,
                                        FleetContext& context);

}  // namespace kvsim::sim
