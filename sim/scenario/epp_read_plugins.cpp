// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_read_plugins.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/epp_translate.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/read_parameters.h"

namespace kvsim::sim {
namespace {

// Of one plugin.
class PluginReader {
 public:
  PluginReader(Fields& entry, EppDraft& draft)
      : entry_(entry), draft_(draft), place_{entry.location(), entry.path()} {}

  void read() {
    const std::string type_name = entry_.text("type");
    const std::string given_name = entry_.text("name", "");
    const std::string name = given_name.empty() ? type_name : given_name;
    const Node* parameters = entry_.raw("parameters");
    draft_.note_unknown(entry_);
    const PluginType* type = find_plugin_type(type_name);
    if (type_name.empty()) return;
    if (type == nullptr && type_name == kOldPreciseScorer) type = find_plugin_type(kPrefixScorer);
    if (type == nullptr) return unknown_type(type_name);
    if (draft_.is_taken(name)) {
      entry_.problem(entry_.has("name") ? "name" : "type",
                     fmt::format("a second plugin is named '{}'", shortened(name)),
                     "give each its own `name`");
    }
    if (!type->no_effect.empty()) return leave_out(name, *type);
    declare(name, type_name, *type, parameters);
  }

  // Behind all that the file declares.
  void add_indexes() {
    for (const auto& [name, split] : indexes_) {
      const PluginType& type = *find_plugin_type(split.producer_type);
      const std::string path = inner_path(place_.path, "parameters");
      const Parameters parameters =
          read_parameters(type, {&split.producer, entry_.file(), path}, split.version);
      draft_.declare({{name, type.name, parameters}, &type, "", place_, true});
    }
  }

 private:
  struct OwnIndex {
    std::string name;
    SplitScorer split;
  };

  void unknown_type(const std::string& type_name) {
    std::vector<std::string> known = plugin_type_names();
    known.emplace_back(kOldPreciseScorer);
    std::sort(known.begin(), known.end());
    entry_.problem("type", fmt::format("unknown plugin type '{}'", shortened(type_name)),
                   valid_names_remedy(type_name, known));
  }

  void leave_out(const std::string& name, const PluginType& type) {
    draft_.leave_out(name);
    draft_.note({place_.where, inner_path(place_.path, shortened(name))}, type.no_effect);
  }

  void declare(const std::string& name, const std::string& type_name, const PluginType& type,
               const Node* parameters) {
    const std::string path = inner_path(place_.path, "parameters");
    const std::optional<SplitScorer> split =
        split_old_scorer(type_name, parameters, draft_.context().version);
    if (!split) return add(name, type_name, type, {parameters, entry_.file(), path});
    const std::string index = draft_.free_name(name + "/index");
    add(name, type_name, type, {&split->scorer, entry_.file(), path});
    draft_.entries().back().settings.parameters.texts["prefixMatchInfoProducerName"] = index;
    indexes_.push_back({index, *split});
    draft_.note(
        {place_.where, inner_path(place_.path, shortened(name))},
        fmt::format("read as today's {} over {}, named {}", kPrefixScorer, split->producer_type, index));
  }

  void add(const std::string& name, const std::string& type_name, const PluginType& type,
           const GivenParameters& parameters) {
    draft_.declare({{name, type.name, read_parameters(type, parameters, draft_.context().version)},
                    &type,
                    type_name,
                    place_});
  }

  Parameters read_parameters(const PluginType& type, const GivenParameters& given, RouterVersion version) {
    ParameterReader reader(type.parameters, version, draft_.context().problems);
    Parameters parameters = reader.read(given);
    for (const UnusedParameter& unused : reader.unused()) {
      draft_.note({unused.where, inner_path(given.path, shortened(unused.key))},
                  unused.reason.empty() ? kUnknownKey : unused.reason);
    }
    return parameters;
  }

  Fields& entry_;
  EppDraft& draft_;
  Place place_;
  std::vector<OwnIndex> indexes_;
};

class ReferenceResolver {
 public:
  explicit ReferenceResolver(EppDraft& draft) : draft_(draft) {}

  // `certain`: those that name a plugin or mean a type; else those that take what there is.
  void resolve(bool certain) {
    for (EppDraft::Index i = 0; i < draft_.entries().size(); ++i) {
      for (const PluginParameter& parameter : draft_.at(i).type->parameters) {
        if (parameter.form == ParameterForm::kPlugin) resolve(i, parameter, certain);
      }
    }
  }

 private:
  void resolve(EppDraft::Index i, const PluginParameter& parameter, bool certain) {
    const Parameters& parameters = draft_.at(i).settings.parameters;
    const std::string given = parameters.text(parameter.key);
    if (certain == (given.empty() && parameter.standard_type.empty())) return;
    const bool is_needed = parameter.needed_if_key.empty() ||
                           parameters.text(parameter.needed_if_key) == parameter.needed_if_choice;
    std::optional<EppDraft::Index> target;
    if (!given.empty())
      target = named(i, parameter, given);
    else if (!parameter.standard_type.empty() && is_needed)
      target = draft_.first_or_added(parameter.standard_type);
    else if (parameter.standard_type.empty())
      target = draft_.first_of(parameter.refers_to);
    if (target) draft_.entries()[*target].is_used = true;
    draft_.entries()[i].settings.parameters.texts[parameter.key] =
        target ? draft_.at(*target).settings.name : "";
  }

  std::optional<EppDraft::Index> named(EppDraft::Index i, const PluginParameter& parameter,
                                       std::string name) {
    const Place& place = draft_.at(i).place;
    const Place at{place.where, inner_path(place.path, "parameters." + parameter.key)};
    if (const auto holder = holder_of_index(name, parameter)) {
      const std::string inner = draft_.at(*holder).settings.parameters.text(parameter.key);
      if (inner.empty()) return draft_.first_or_added(parameter.standard_type);
      name = inner;
    }
    return draft_.refer(name, parameter.refers_to, at, true);
  }

  // Old files name a scorer, or its type, where the index that it scores by is meant.
  std::optional<EppDraft::Index> holder_of_index(const std::string& name, const PluginParameter& parameter) {
    const PluginType* type = find_plugin_type(name);
    const auto index = draft_.find(name) || type == nullptr ? draft_.find(name) : draft_.first_of(type->name);
    const bool holds =
        index && draft_.at(*index).type->name == kPrefixScorer && !parameter.standard_type.empty();
    return holds ? index : std::nullopt;
  }

  EppDraft& draft_;
};

}  // namespace

void read_epp_plugins(Fields& root, EppDraft& draft) {
  std::vector<Fields> entries = root.maps("plugins");
  std::vector<PluginReader> readers;
  for (Fields& entry : entries) readers.emplace_back(entry, draft).read();
  for (PluginReader& reader : readers) reader.add_indexes();
}

void resolve_epp_references(EppDraft& draft) {
  ReferenceResolver resolver(draft);
  resolver.resolve(true);
  resolver.resolve(false);
}

}  // namespace kvsim::sim
