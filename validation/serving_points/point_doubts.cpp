// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/point_doubts.h"

#include <array>

#include "base/text.h"

namespace kvsim::validation {
namespace {

struct Doubt {
  const char* part;  // of the notes
  const char* what;
};
constexpr std::array<Doubt, 7> kDoubts{{{" --sp", "speculative decoding"},
                                        {" --dp", "data parallel"},
                                        {" -dp ", "data parallel"},
                                        {" --enable-dp", "data parallel"},
                                        {" --ep", "expert parallel"},
                                        {"parallelism DEP", "data and expert parallel"},
                                        {"output-or-total", "tokens of output or of all, not told"}}};

std::string last_part(const std::string& path) { return lower(path.substr(path.rfind('/') + 1)); }

// The word after `serve` or `--model-path` of a command line; empty: none.
std::string served_model(const std::string& notes) {
  for (const char* before : {"serve ", "--model-path "}) {
    const std::size_t at = notes.find(before);
    if (at == std::string::npos) continue;
    const std::string after(trim(std::string_view(notes).substr(at + std::string_view(before).size())));
    return after.substr(0, after.find(' '));
  }
  return "";
}

}  // namespace

bool mentions(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::string doubt_of(const ServingPoint& point) {
  if (point.quality.starts_with("errors=")) return "requests failed";
  if (point.source.starts_with("MLPerf Inference v4.1") && point.dtype == "fp16")
    return "precision, which other points of the source beat the peaks of";
  for (const Doubt& doubt : kDoubts)
    if (mentions(point.notes, doubt.part)) return doubt.what;
  const std::string served = served_model(point.notes);
  const bool is_other = !served.empty() && !last_part(served).starts_with(last_part(point.model));
  return is_other ? "the command line serves another model" : "";
}

}  // namespace kvsim::validation
