// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_config.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/epp_draft.h"
#include "sim/scenario/epp_find.h"
#include "sim/scenario/epp_read_flow.h"
#include "sim/scenario/epp_read_plugins.h"
#include "sim/scenario/epp_read_profiles.h"
#include "sim/scenario/pool_spec.h"

namespace kvsim::sim {
namespace {

const std::vector<std::string>& api_versions() {
  static const std::vector<std::string> versions{"llm-d.ai/v1alpha1",
                                                 "inference.networking.x-k8s.io/v1alpha1"};
  return versions;
}

class EppReader {
 public:
  EppReader(Fields& root, EppContext& context) : root_(root), draft_(context) {}

  EppConfig read() {
    root_.choice("apiVersion", api_versions());
    root_.raw("kind");
    const bool flow_enabled = read_gates();
    EppConfig config;
    EppSettings& settings = config.settings;
    read_epp_plugins(root_, draft_);
    if (!root_.has("plugins")) root_.problem("plugins", "missing", "declare the plugins");
    settings.profiles = read_epp_profiles(root_, draft_);
    Fields flow = root_.map("flowControl");
    settings.saturation_detector = read_saturation_detector(root_, flow, draft_);
    settings.flow_control = read_flow_control(flow, flow_enabled, draft_);
    resolve_epp_references(draft_);
    settings.profile_handler = resolve_profile_handler(settings.profiles, root_, draft_);
    read_data_layer();
    note_parsers();
    draft_.note_unknown(root_);
    note_unused();
    config.scrape_seconds = scrape_seconds();
    take_plugins(settings);
    return config;
  }

 private:
  bool read_gates() {
    bool flow_control = false;
    for (const std::string& gate : root_.texts("featureGates")) {
      const bool is_known = gate == "flowControl" || gate == "flowControl=true";
      flow_control |= is_known;
      if (!is_known) {
        draft_.note({root_.location("featureGates"), inner_path(root_.path(), "featureGates")},
                    fmt::format("the gate '{}' changes nothing here", shortened(gate)));
      }
    }
    return flow_control;
  }

  void read_data_layer() {
    static const std::vector<PluginKind> kSources{PluginKind::kDataSource};
    static const std::vector<PluginKind> kExtractors{PluginKind::kExtractor};
    Fields layer = root_.map("dataLayer");
    layer.raw("injectDefaults");
    for (Fields& source : layer.maps("sources")) {
      refer(source, kSources);
      for (Fields& extractor : source.maps("extractors")) {
        refer(extractor, kExtractors);
        draft_.note_unknown(extractor);
      }
      draft_.note_unknown(source);
    }
    for (const char* key :
         {"discovery", "peerDiscovery", "crossReplicaSyncerPluginRef", "crossReplicaSyncInterval"}) {
      if (layer.has(key))
        note_key(layer, key, "endpoints are those of the fleet; router replicas share nothing");
    }
    draft_.note_unknown(layer);
  }

  void refer(Fields& fields, const std::vector<PluginKind>& kinds) {
    const std::string name = fields.text("pluginRef");
    if (!name.empty())
      draft_.refer(name, kinds, {fields.location("pluginRef"), inner_path(fields.path(), "pluginRef")}, true);
  }

  void note_parsers() {
    for (const char* key : {"requestHandler", "parser"}) {
      if (root_.has(key)) note_key(root_, key, "requests need no parsing");
    }
  }

  void note_key(Fields& fields, const char* key, const std::string& reason) {
    fields.raw(key);
    draft_.note({fields.location(key), inner_path(fields.path(), key)}, reason);
  }

  void note_unused() {
    for (const EppDraft::Entry& entry : draft_.entries()) {
      const PluginType& type = *entry.type;
      const bool works_alone = type.is(PluginKind::kAdmitter) || type.is(PluginKind::kEviction) ||
                               type.is(PluginKind::kDataSource) || type.is(PluginKind::kExtractor);
      if (entry.is_used || works_alone || entry.given_type.empty()) continue;
      draft_.note({entry.place.where, inner_path(entry.place.path, shortened(entry.settings.name))},
                  "declared, but nothing refers to it");
    }
  }

  std::optional<double> scrape_seconds() {
    const auto source = draft_.first_of("metrics-data-source");
    if (!source) return {};
    const double seconds = draft_.at(*source).settings.parameters.number("interval");
    if (seconds > 0) return seconds;
    draft_.problem(draft_.at(*source).place, "an interval of 0", "give a duration such as 50ms");
    return {};
  }

  // Data sources have said all that they have to say.
  void take_plugins(EppSettings& settings) {
    std::vector<std::size_t> places;
    for (EppDraft::Entry& entry : draft_.entries()) {
      places.push_back(settings.plugins.size());
      if (!entry.type->is(PluginKind::kDataSource)) settings.plugins.push_back(std::move(entry.settings));
    }
    for (ProfileSettings& profile : settings.profiles) {
      for (ProfileSettings::Use& use : profile.uses) use.plugin = places[use.plugin];
    }
  }

  Fields& root_;
  EppDraft draft_;
};

}  // namespace

std::optional<EppConfig> read_epp_config(const std::vector<Document>& documents, const std::string& file,
                                         EppContext& context) {
  const std::optional<FoundEpp> found = find_epp(documents, file, context.problems);
  if (!found) return {};
  return read_epp_config(found->node, found->file, found->path, context);
}

std::optional<EppConfig> read_epp_config(const Node& inside, const std::string& file, const std::string& path,
                                         EppContext& context) {
  const std::size_t before = context.problems.all().size();
  Fields root(&inside, file, path, context.problems);
  EppConfig config = EppReader(root, context).read();
  if (context.problems.all().size() > before) return {};
  return config;
}

}  // namespace kvsim::sim
