// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/read_parameters.h"

namespace kvsim::sim {
namespace {

bool is_any(const PluginType& type, const std::vector<PluginKind>& kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](PluginKind kind) { return type.is(kind); });
}

std::string kinds_in_words(const std::vector<PluginKind>& kinds) {
  std::vector<std::string> words;
  for (const PluginKind kind : kinds) words.push_back(name_of(kind));
  return join(words, " or ");
}

}  // namespace

bool EppDraft::is_taken(const std::string& name) const {
  return find(name) || std::find(left_out_.begin(), left_out_.end(), name) != left_out_.end();
}

std::string EppDraft::free_name(const std::string& wish) const {
  std::string name = wish;
  for (int i = 2; is_taken(name); ++i) name = fmt::format("{}-{}", wish, i);
  return name;
}

EppDraft::Index EppDraft::add(const PluginType& type) {
  ParameterReader reader(type.parameters, context_.version, context_.problems);
  entries_.push_back({{free_name(type.name), type.name, reader.read({})}, &type, "", {}, true});
  return entries_.size() - 1;
}

std::optional<EppDraft::Index> EppDraft::find(const std::string& name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.settings.name == name; });
  if (found == entries_.end()) return {};
  return static_cast<Index>(found - entries_.begin());
}

std::optional<EppDraft::Index> EppDraft::first_of(const std::string& type) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.type->name == type; });
  if (found == entries_.end()) return {};
  return static_cast<Index>(found - entries_.begin());
}

std::optional<EppDraft::Index> EppDraft::first_of(const std::vector<PluginKind>& kinds) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return is_any(*entry.type, kinds); });
  if (found == entries_.end()) return {};
  return static_cast<Index>(found - entries_.begin());
}

EppDraft::Index EppDraft::first_or_added(const std::string& type) {
  const std::optional<Index> known = first_of(type);
  const Index index = known ? *known : add(*find_plugin_type(type));
  entries_[index].is_used = true;
  return index;
}

std::optional<EppDraft::Index> EppDraft::refer(const std::string& name, const std::vector<PluginKind>& kinds,
                                               const Place& place, bool may_add) {
  std::optional<Index> index = find(name);
  if (!index && std::find(left_out_.begin(), left_out_.end(), name) != left_out_.end()) return {};
  const PluginType* type = index ? entries_[*index].type : may_add ? find_plugin_type(name) : nullptr;
  if (type == nullptr) {
    problem(place, fmt::format("no plugin is named '{}'", shortened(name)), remedy_of(name, kinds));
    return {};
  }
  if (!is_any(*type, kinds)) {
    problem(place,
            fmt::format("'{}' is a {}, no {}", shortened(name), name_of(type->kinds.front()),
                        kinds_in_words(kinds)),
            remedy_of("", kinds));
    return {};
  }
  if (!index) index = first_or_added(type->name);
  entries_[*index].is_used = true;
  return index;
}

void EppDraft::note(const Place& place, const std::string& reason) {
  const std::string file =
      place.where.line > 0 ? fmt::format("{}:{}", place.where.file, place.where.line) : place.where.file;
  context_.validity.push_back({fmt::format("{}: {}", file, place.path), reason});
}

void EppDraft::note_unknown(const Fields& map) {
  for (const std::string& key : map.unread_keys())
    note({map.location(key), inner_path(map.path(), shortened(key))}, kUnknownKey);
}

void EppDraft::problem(const Place& place, std::string message, std::string remedy) {
  context_.problems.add(place.where, place.path, std::move(message), std::move(remedy));
}

std::string EppDraft::remedy_of(const std::string& name, const std::vector<PluginKind>& kinds) const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    if (is_any(*entry.type, kinds)) names.push_back(entry.settings.name);
  }
  return names.empty() ? fmt::format("declare a {} under `plugins`", kinds_in_words(kinds))
                       : valid_names_remedy(name, names);
}

}  // namespace kvsim::sim
