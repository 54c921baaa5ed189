// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_plugins.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "sim/scenario/epp_parameters.h"

namespace kvsim::sim {
namespace {

std::vector<PluginType> whole_table() {
  std::vector<PluginType> types;
  epp::add_scorers(types);
  epp::add_filters(types);
  epp::add_handlers(types);
  epp::add_producers(types);
  epp::add_data_sources(types);
  epp::add_admission(types);
  epp::add_without_effect(types);
  return types;
}

using ByName = std::map<std::string, const PluginType*, std::less<>>;

const ByName& by_name() {
  static const ByName names = [] {
    ByName result;
    for (const PluginType& type : plugin_types()) {
      result.emplace(type.name, &type);
      for (const std::string& old : type.old_names) result.emplace(old, &type);
    }
    return result;
  }();
  return names;
}

std::optional<int> take_count(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data() || value < 0) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::optional<RouterVersion> parse_router_version(std::string_view text) {
  if (text.empty()) return kNewestRouter;
  if (text.front() == 'v') text.remove_prefix(1);
  const auto major = take_count(text);
  if (!major || text.empty() || text.front() != '.') return {};
  text.remove_prefix(1);
  const auto minor = take_count(text);
  const bool ends_well = text.empty() || text.front() == '.' || text.front() == '-' || text.front() == '+';
  if (!minor || !ends_well) return {};
  return RouterVersion{*major, *minor};
}

std::string name_of(PluginKind kind) {
  static const std::map<PluginKind, std::string> names{
      {PluginKind::kScorer, "scorer"},
      {PluginKind::kFilter, "filter"},
      {PluginKind::kPicker, "picker"},
      {PluginKind::kProfileHandler, "profile handler"},
      {PluginKind::kDecider, "decider"},
      {PluginKind::kPrefixProducer, "producer of prefix matches"},
      {PluginKind::kLoadProducer, "producer of loads in flight"},
      {PluginKind::kLatencyProducer, "producer of predicted latencies"},
      {PluginKind::kProducer, "producer"},
      {PluginKind::kDataSource, "data source"},
      {PluginKind::kExtractor, "extractor"},
      {PluginKind::kDetector, "saturation detector"},
      {PluginKind::kAdmitter, "admitter"},
      {PluginKind::kFairness, "fairness policy"},
      {PluginKind::kOrdering, "ordering policy"},
      {PluginKind::kUsageLimit, "usage limit policy"},
      {PluginKind::kEviction, "eviction policy"},
      {PluginKind::kOther, "plugin without effect"},
  };
  return names.at(kind);
}

const std::string& PluginParameter::standard_in(RouterVersion version) const {
  const auto found = std::find_if(earlier.begin(), earlier.end(),
                                  [&](const Earlier& earlier_one) { return version < earlier_one.before; });
  return found == earlier.end() ? standard : found->value;
}

bool PluginType::is(PluginKind kind) const {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

const std::vector<PluginType>& plugin_types() {
  static const std::vector<PluginType> types = whole_table();
  return types;
}

const PluginType* find_plugin_type(std::string_view name) {
  const auto found = by_name().find(name);
  if (found != by_name().end()) return found->second;
  const auto family = std::find_if(by_name().begin(), by_name().end(), [&](const auto& known) {
    const std::string_view prefix = known.first;
    return prefix.ends_with('*') && name.starts_with(prefix.substr(0, prefix.size() - 1));
  });
  return family == by_name().end() ? nullptr : family->second;
}

std::vector<std::string> plugin_type_names() {
  std::vector<std::string> names;
  for (const auto& [name, type] : by_name()) names.push_back(name);
  return names;
}

}  // namespace kvsim::sim
