// SPDX-License-Identifier: Apache-2.0
// The plugins of an EndpointPickerConfig while it is read: those that the file declares, then those that the
// router adds by itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/epp_config.h"
#include "sim/scenario/epp_plugins.h"
#include "sim/scenario/setting.h"

namespace kvsim::sim {

inline constexpr const char* kUnknownKey = "no such key is known; it is passed over";

class EppDraft {
 public:
  using Index = std::size_t;
  struct Entry {
    PluginSettings settings;
    const PluginType* type = nullptr;
    std::string given_type;  // as the file spells it; empty: added
    Place place;
    bool is_used = false;  // something refers to it
  };

  explicit EppDraft(EppContext& context) : context_(context) {}

  EppContext& context() { return context_; }
  std::vector<Entry>& entries() { return entries_; }
  const Entry& at(Index index) const { return entries_[index]; }

  void declare(Entry entry) { entries_.push_back(std::move(entry)); }
  // Of a type that means nothing here: references to it are passed over.
  void leave_out(const std::string& name) { left_out_.push_back(name); }
  Index add(const PluginType& type);  // with every default, under a name that is free
  std::string free_name(const std::string& wish) const;
  bool is_taken(const std::string& name) const;

  std::optional<Index> find(const std::string& name) const;
  std::optional<Index> first_of(const std::string& type) const;
  std::optional<Index> first_of(const std::vector<PluginKind>& kinds) const;
  Index first_or_added(const std::string& type);

  // The plugin that `name` at `place` refers to, which becomes a used one. One that is not declared but named
  // like a type of these kinds is added if `may_add`. Nothing, and a problem, where it is no such plugin;
  // nothing alone where it was left out.
  std::optional<Index> refer(const std::string& name, const std::vector<PluginKind>& kinds,
                             const Place& place, bool may_add);
  void note(const Place& place, const std::string& reason);
  void note_unknown(const Fields& map);  // every key that was not asked for
  void problem(const Place& place, std::string message, std::string remedy);

 private:
  std::string remedy_of(const std::string& name, const std::vector<PluginKind>& kinds) const;

  EppContext& context_;
  std::vector<Entry> entries_;
  std::vector<std::string> left_out_;
};

}  // namespace kvsim::sim
