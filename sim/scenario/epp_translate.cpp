// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "sim/scenario/read_parameters.h"

namespace kvsim::sim {
namespace {

constexpr RouterVersion kFirstWithProducers{0, 9};
constexpr double kCharactersPerToken = 4;

bool belongs_to_index(const std::string& key) {
  static const std::vector<std::string> heads = [] {
    std::vector<std::string> result{"hashBlockSize"};
    for (const std::string_view type : {kApproximateIndex, kPreciseIndex}) {
      for (const PluginParameter& parameter : find_plugin_type(type)->parameters) {
        result.push_back(parameter.key.substr(0, parameter.key.find('.')));
        result.insert(result.end(), parameter.also.begin(), parameter.also.end());
      }
    }
    return result;
  }();
  return std::find(heads.begin(), heads.end(), key) != heads.end();
}

// Blocks of characters as blocks of tokens.
Node in_tokens(Node characters) {
  const auto count = characters.is_scalar() ? parse_double(characters.scalar) : std::nullopt;
  if (count && *count >= 1)
    characters.scalar = fmt::format("{}", std::max(1.0, std::floor(*count / kCharactersPerToken)));
  return characters;
}

bool is_precise(std::string_view type, const Node* mode) {
  return type == kOldPreciseScorer ||
         (mode != nullptr && mode->is_scalar() && squeezed(mode->scalar) == "cachetracking");
}

}  // namespace

std::optional<SplitScorer> split_old_scorer(std::string_view type, const Node* parameters,
                                            RouterVersion version) {
  if (type != kPrefixScorer && type != kOldPreciseScorer) return {};
  if (parameters != nullptr && !parameters->is_map()) return {};
  SplitScorer split;
  split.scorer.kind = split.producer.kind = Node::Kind::kMap;
  split.version = std::min(version, RouterVersion{0, 8});
  const std::vector<Member> none;
  for (const auto& [key, value] : parameters == nullptr ? none : parameters->members) {
    if (key == "mode") continue;
    const bool in_characters = key == "hashBlockSize";
    if (in_characters) split.version = std::min(version, RouterVersion{0, 6});
    Node& owner = belongs_to_index(key) ? split.producer : split.scorer;
    owner.members.emplace_back(in_characters ? "blockSizeTokens" : key,
                               in_characters ? in_tokens(value) : value);
  }
  const Node* mode = parameters == nullptr ? nullptr : parameters->find("mode");
  const bool names_producer = find_dotted(&split.scorer, "prefixMatchInfoProducerName") != nullptr;
  const bool is_old = type == kOldPreciseScorer || mode != nullptr || !split.producer.members.empty() ||
                      (version < kFirstWithProducers && !names_producer);
  if (!is_old || names_producer) return {};
  split.producer_type = is_precise(type, mode) ? kPreciseIndex : kApproximateIndex;
  return split;
}

}  // namespace kvsim::sim
