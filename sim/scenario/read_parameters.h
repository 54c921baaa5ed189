// SPDX-License-Identifier: Apache-2.0
// Parameters of a plugin or policy: read as its list says, every default filled in.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"
#include "base/errors.h"
#include "sim/scenario/epp_plugins.h"
#include "sim/scenario/router_settings.h"

namespace kvsim::sim {

// What stands among the parameters and means nothing.
struct UnusedParameter {
  std::string key;     // dotted, below the parameters
  std::string reason;  // empty: no such parameter is known
  Location where;
};

// One map of parameters; `node` is nullptr where none was given.
struct GivenParameters {
  const Node* node = nullptr;
  std::string file;
  std::string path;  // of the map, for problems
};

class ParameterReader {
 public:
  ParameterReader(const std::vector<PluginParameter>& known, RouterVersion version, Problems& problems)
      : known_(known), version_(version), problems_(problems) {}

  // Values that are no such thing become problems, and the default is taken.
  Parameters read(const GivenParameters& given);
  const std::vector<UnusedParameter>& unused() const { return unused_; }

 private:
  // The key under which the parameter was given; empty: it was not.
  std::string given_key(const GivenParameters& given, const PluginParameter& parameter);

  const std::vector<PluginParameter>& known_;
  RouterVersion version_;
  Problems& problems_;
  std::vector<UnusedParameter> unused_;
};

// The value at a dotted key of a map; nullptr where none is, or null.
const Node* find_dotted(const Node* map, std::string_view dotted_key);

// "Least-Request" and "leastRequest" are the same word.
std::string squeezed(std::string_view word);

}  // namespace kvsim::sim
