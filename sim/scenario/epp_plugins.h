// SPDX-License-Identifier: Apache-2.0
// The one table of plugin types that an EndpointPickerConfig may name (llm-d-router of August 2026 and its
// predecessors): what they are, their parameters with defaults, and which of them mean nothing in simulation.
// The reader checks against it and fills in every default, so that a plugin finds each of its parameters in
// PluginSettings::parameters, under the key that stands here:
//   numbers  kNumber, kWhole, kQuantity (Kubernetes: 2k is 2000), kFlag (0 or 1), kDuration (seconds)
//   texts    kText, kChoice (as spelled here), kPlugin (name of a plugin that exists, or empty: none)
//   lists    kTexts; kLabels (sorted "name=value")
//   kMaps    a list of maps, flattened: numbers["KEY.count"], and each field of map i at "KEY.i.FIELD", such
//            as numbers["conditions.count"], texts["conditions.0.metric"], numbers["conditions.0.threshold"]
// Keys of nested maps are joined with dots: numbers["tokenProcessorConfig.blockSize"].
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.h"

namespace kvsim::sim {

// Of a router image. Releases count up; a file for no stated version is read as the newest reads it.
struct RouterVersion {
  int major = 0, minor = 0;
  auto operator<=>(const RouterVersion&) const = default;
};
inline constexpr RouterVersion kNewestRouter{1'000'000, 0};
// "v0.8", "0.8.1", "v0.9.0-rc.1"; empty: the newest. Nothing for anything else.
std::optional<RouterVersion> parse_router_version(std::string_view text);

enum class PluginKind {
  kScorer,
  kFilter,
  kPicker,
  kProfileHandler,
  kDecider,
  kPrefixProducer,
  kLoadProducer,
  kLatencyProducer,
  kProducer,  // of other data
  kDataSource,
  kExtractor,
  kDetector,
  kAdmitter,
  kFairness,
  kOrdering,
  kUsageLimit,
  kEviction,
  kOther,
};
std::string name_of(PluginKind kind);  // "scorer"

enum class ParameterForm {
  kNumber,
  kWhole,
  kFlag,
  kDuration,
  kQuantity,
  kText,
  kChoice,
  kTexts,
  kLabels,
  kMaps,
  kPlugin
};

struct PluginParameter {
  struct Earlier {  // the default before a version
    RouterVersion before;
    std::string value;
  };
  struct Choice {
    std::string name;
    std::vector<std::string> also;  // case, dashes and underscores never matter
  };

  std::string key;
  ParameterForm form = ParameterForm::kNumber;
  std::string standard = {};           // default as a file would write it; lists with commas; kMaps: none
  std::vector<Earlier> earlier = {};   // oldest first
  std::vector<std::string> also = {};  // other keys for the same
  NumberRange range = {};
  std::vector<Choice> choices = {};
  std::vector<PluginParameter> fields = {};  // of kMaps
  std::vector<PluginKind> refers_to = {};    // kPlugin: of which kinds
  // kPlugin: the type that is meant where none is named; added where the file declares none. Empty: the first
  // one declared of those kinds, or none.
  std::string standard_type = {};
  // kPlugin: it is needed only where the choice of this key is that; else it is empty.
  std::string needed_if_key = {}, needed_if_choice = {};
  std::string no_effect = {};  // why it means nothing here; such a parameter is not stored

  const std::string& standard_in(RouterVersion version) const;
};

struct PluginType {
  std::string name;
  std::vector<PluginKind> kinds;  // what it mainly is first
  std::vector<PluginParameter> parameters = {};
  std::string no_effect = {};               // why it means nothing here; empty: it is modelled
  std::vector<std::string> old_names = {};  // read as this type

  bool is(PluginKind kind) const;
};

const std::vector<PluginType>& plugin_types();
// By today's or an old name; nullptr: unknown. A name that ends in * stands for all that begin so.
const PluginType* find_plugin_type(std::string_view name);
std::vector<std::string> plugin_type_names();  // today's and old ones, for remedies

// Types that hold a prefix index of their own, which today is a plugin beside them: see epp_translate.h.
inline constexpr std::string_view kPrefixScorer = "prefix-cache-scorer";
inline constexpr std::string_view kOldPreciseScorer = "precise-prefix-cache-scorer";
inline constexpr std::string_view kApproximateIndex = "approx-prefix-cache-producer";
inline constexpr std::string_view kPreciseIndex = "precise-prefix-cache-producer";

}  // namespace kvsim::sim
