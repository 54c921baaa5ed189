// SPDX-License-Identifier: Apache-2.0
// Settings from outside a YAML file, such as `pools.0.kv.host.capacity=400GiB` of the command line, put into
// its tree before it is read: what reads the file checks them as if they stood there, and errors name the
// setting as their place.
#pragma once

#include <string>
#include <vector>

#include "base/document.h"

namespace kvsim {

struct Override {
  std::string given;  // as errors name it: "--set workload.requests=100"
  std::string path;   // "requests": keys of maps and places in lists (from 0), with dots between
  std::string value;  // "100": a YAML scalar or flow value ([...], {...}); null falls back to the default
};
using Overrides = std::vector<Override>;

// Of "path=value". UsageError where either is missing or a key of the path is empty.
Override parse_override(const std::string& text);

// In order, so that the last of two for one place wins. Maps that a path lacks are made; a list keeps its
// length. InputError with every override that cannot be placed or whose value is no YAML.
Document with_overrides(const Document& document, const Overrides& overrides);

}  // namespace kvsim
