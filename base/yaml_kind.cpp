// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_kind.h"

#include <algorithm>
#include <vector>

#include "base/errors.h"

namespace kvsim {
namespace {

struct Kind {
  std::string_view name;
  std::vector<std::string_view> keys;  // that it has, all of them
  std::string_view read_by;
};

// The first that fits counts.
const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {{"problem", {"servers", "workload"}, "kvsim plan FILE --out FOLDER"},
                                        {"case", {"measured", "fleet"}, "kvsim validate FILE"},
                                        {"case", {"points", "fleet"}, "kvsim validate FILE"},
                                        {"case", {"curves", "fleet"}, "kvsim validate FILE"},
                                        {"profile", {"coefficients"}, "--profiles FILE"},
                                        {"workload", {"kind", "arrivals"}, "--trace FILE"},
                                        {"workload", {"kind", "streams"}, "--trace FILE"},
                                        {"workload", {"load", "data"}, "--trace FILE"},
                                        {"fleet", {"pools"}, "--fleet FILE"},
                                        {"fleet", {"model", "accelerator"}, "--fleet FILE"},
                                        {"fleet", {"model", "replicas"}, "--fleet FILE"}};
  return all;
}

const Kind* find_kind(const Node& root) {
  const auto has = [&](std::string_view key) { return root.find(key) != nullptr; };
  const auto found = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& kind) {
    return std::all_of(kind.keys.begin(), kind.keys.end(), has);
  });
  return found == kinds().end() ? nullptr : &*found;
}

}  // namespace

std::string kind_of_yaml(const Node& root) {
  const Kind* kind = find_kind(root);
  return kind == nullptr ? "" : std::string(kind->name);
}

void refuse_other_kind(const Document& document, std::string_view wanted) {
  const Kind* kind = find_kind(*document.root);
  if (kind == nullptr || kind->name == wanted) return;
  throw InputError(
      {{document.root->place_in(document.file), "",
        "found the keys of a " + std::string(kind->name) + " where a " + std::string(wanted) + " is wanted",
        "give another file; this one is for `" + std::string(kind->read_by) + "`"}});
}

}  // namespace kvsim
