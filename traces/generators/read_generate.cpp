// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/read_generate.h"

#include <fmt/format.h>

#include <limits>
#include <set>

#include "base/fields.h"
#include "traces/generators/content_id.h"
#include "traces/generators/read_stream.h"

namespace kvsim::traces {

namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

class GenerateReader {
 public:
  GenerateReader(const Document& document, const std::string& folder)
      : root_(document, problems_), folder_(folder) {}

  MixSettings read() {
    root_.choice("kind", {"generate"});
    mix_.description = root_.text("name", "");
    read_limits(root_, mix_.max_requests, duration_);
    if (root_.has("streams")) {
      several();
    } else {
      add(root_, "stream");
    }
    root_.finish();
    check_ends();
    problems_.throw_if_any();
    describe();
    return std::move(mix_);
  }

 private:
  void several() {
    for (Fields& fields : root_.maps("streams")) {
      const std::string name = fields.text("name");
      if (!names_.insert(name).second) {
        fields.problem("name", "a second stream of this name", "give each stream its own name");
      }
      add(fields, name);
      StreamSettings& stream = mix_.streams.back();
      read_limits(fields, stream.max_requests, stream.duration);
      fields.finish();
    }
    if (mix_.streams.empty() || mix_.streams.size() > kMaxContentOwners) {
      root_.problem("streams", fmt::format("found {} streams", mix_.streams.size()),
                    fmt::format("give 1 to {}", kMaxContentOwners));
    }
  }

  void add(Fields& fields, const std::string& name) {
    mix_.streams.push_back(read_stream(fields, folder_));
    mix_.streams.back().name = name;
    mix_.streams.back().duration = duration_;
  }

  void check_ends() {
    if (mix_.max_requests != kUnlimited) return;
    for (const StreamSettings& stream : mix_.streams) {
      if (stream.max_requests != kUnlimited || stream.duration != kNever) continue;
      root_.problem("", fmt::format("'{}' never ends", stream.name), "add `requests` or `duration`");
    }
  }

  void describe() {
    if (mix_.description.empty()) mix_.description = "generated";
    mix_.description +=
        fmt::format(" ({} stream{})", mix_.streams.size(), mix_.streams.size() == 1 ? "" : "s");
  }

  Problems problems_;
  Fields root_;
  std::string folder_;
  MixSettings mix_;
  Nanoseconds duration_ = kNever;
  std::set<std::string> names_;
};

}  // namespace

MixSettings read_generate(const Document& document, const std::string& folder) {
  return GenerateReader(document, folder).read();
}

}  // namespace kvsim::traces
