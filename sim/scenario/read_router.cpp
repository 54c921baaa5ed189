// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_router.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/data_places.h"
#include "base/text.h"
#include "sim/scenario/epp_config.h"
#include "sim/scenario/epp_find.h"
#include "sim/scenario/read_disaggregation.h"
#include "sim/scenario/read_parameters.h"
#include "sim/scenario/router_cost.h"
#include "sim/scenario/router_names.h"
#include "sim/scenario/setting_reader.h"
#include "sim/scenario/unique_name.h"

namespace kvsim::sim {
namespace {

constexpr double kShortestScrapeSeconds = 0.001;
constexpr double kMostInFlight = 1e9;

void check_names(Fields& fields, const char* key, const std::vector<std::string>& names,
                 const std::vector<std::string>& known, const char* what) {
  for (const std::string& name : names) {
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
    fields.problem(
        key, fmt::format("unknown {} '{}'", what, shortened(name)),
        known.empty() ? fmt::format("the fleet has no {}", what) : valid_names_remedy(name, known));
  }
}

class RouterReader {
 public:
  RouterReader(Fields router, const Fleet& fleet, FleetContext& context)
      : router_(std::move(router)), fleet_(fleet), context_(context) {}

  RouterSettings read() {
    read_version();
    read_policy();
    read_place();
    read_freshness();
    settings_.cost = read_router_cost(router_.map("cost"), settings_.epp ? epp_cost() : RouterCost());
    note_cost();
    for (Fields& rule : router_.maps("rules")) settings_.rules.push_back(read_rule(rule));
    settings_.disaggregation = read_disaggregation(router_);
    router_.finish();
    return settings_;
  }

 private:
  void read_version() {
    settings_.version = router_.text("version", "");
    const auto version = parse_router_version(settings_.version);
    if (!version)
      router_.problem("version", fmt::format("found \"{}\"", shortened(settings_.version)),
                      "give the version of the router's image, such as v0.8");
    version_ = version.value_or(kNewestRouter);
  }

  void read_policy() {
    const Node* epp = router_.raw("epp_config");
    const bool has_epp = epp != nullptr && !epp->is_null();
    const std::string fallback = has_epp ? kEppPolicy : settings_.policy;
    const std::string name = router_.choice("policy", valid_router_policies(), fallback);
    const RouterPolicy* policy = find_router_policy(name);
    settings_.policy = policy == nullptr ? kEppPolicy : policy->name;
    read_parameters(policy);
    if (policy != nullptr && has_epp) {
      router_.problem("epp_config", fmt::format("stands beside `policy: {}`", name), "keep one of the two");
    } else if (has_epp) {
      read_epp(*epp);
    } else if (policy == nullptr) {
      router_.problem("policy", "`epp` without a configuration", "name its file as `epp_config`");
    } else if (policy->family == RouterFamily::kPreset) {
      const std::string file = data_directory() + "/sim/routing/presets/" + policy->name + ".yaml";
      take(read_file_of_epp(file));
    }
  }

  void read_parameters(const RouterPolicy* policy) {
    static const std::vector<PluginParameter> none;
    const auto& known = policy == nullptr ? none : policy->parameters;
    const Fields map = router_.map("parameters");
    ParameterReader reader(known, version_, context_.problems);
    const Node* node = map.present() ? router_.raw("parameters") : nullptr;
    settings_.parameters = reader.read({node, router_.file(), map.path()});
    std::vector<std::string> names;
    for (const PluginParameter& parameter : known) names.push_back(parameter.key);
    for (const UnusedParameter& unused : reader.unused()) {
      context_.problems.add(
          unused.where, map.path(), fmt::format("unknown key '{}'", shortened(unused.key)),
          names.empty() ? "this policy has no parameters" : valid_names_remedy(unused.key, names));
    }
  }

  void read_epp(const Node& node) {
    if (!node.is_scalar()) {
      const Document inside{router_.file(), std::make_shared<const Node>(node)};
      return take(read_documents({inside}, router_.file(), inner_path(router_.path(), "epp_config")));
    }
    settings_.epp_file = node.scalar;
    take(read_file_of_epp(context_.path_of(node.scalar)));
  }

  std::optional<EppConfig> read_file_of_epp(const std::string& path) {
    try {
      return read_documents(load_yaml_documents(path), path, "");
    } catch (const InputError& error) {
      const Place here{router_.location("epp_config"), inner_path(router_.path(), "epp_config")};
      add_problems(error, here, context_.problems);
      return {};
    }
  }

  std::optional<EppConfig> read_documents(const std::vector<Document>& documents, const std::string& file,
                                          const std::string& path) {
    const std::optional<FoundEpp> found = find_epp(documents, file, context_.problems);
    if (!found) return {};
    EppContext epp{version_, context_.problems, context_.validity};
    const std::string whole_path =
        path.empty() || found->path.empty() ? path + found->path : inner_path(path, found->path);
    return read_epp_config(found->node, file, whole_path, epp);
  }

  void take(std::optional<EppConfig> config) {
    if (!config) return;
    settings_.epp = std::move(config->settings);
    settings_.scrape_seconds = config->scrape_seconds.value_or(settings_.scrape_seconds);
    for (PluginSettings& plugin : settings_.epp->plugins)
      if (plugin.type == "precise-prefix-cache-producer") fit_blocks(plugin);
  }

  // Engines hash blocks of their own size, and an index of another size never finds them. Who uses a preset
  // has not chosen a size: it is that of the engines.
  void fit_blocks(PluginSettings& precise) {
    double& block = precise.parameters.numbers.at("tokenProcessorConfig.blockSize");
    if (settings_.policy != kEppPolicy && !fleet_.pools.empty())
      block = fleet_.pools.front().engine.block_size_tokens;
    for (const Pool& pool : fleet_.pools)
      if (pool.engine.block_size_tokens != block)
        context_.validity.push_back(
            {fmt::format("router: {}", precise.name),
             fmt::format("its blocks of {} tokens match none of pool {}, whose engines have blocks of {}",
                         block, pool.name, pool.engine.block_size_tokens)});
  }

  void read_place() {
    settings_.site = router_.text("site", "");
    check_names(router_, "site", {settings_.site}, names_of(fleet_.sites), "site");
    if (settings_.site.empty() && !fleet_.pools.empty()) take_site_of_first_pool();
    settings_.replicas = static_cast<std::uint32_t>(router_.integer("replicas", {1, 1000}, 1));
  }

  void take_site_of_first_pool() {
    settings_.site = fleet_.pools.front().site;
    const bool elsewhere = std::any_of(fleet_.pools.begin(), fleet_.pools.end(),
                                       [&](const Pool& pool) { return pool.site != settings_.site; });
    if (elsewhere)
      context_.validity.push_back(
          {"router: site",
           fmt::format("not stated; it is taken to run at {}, and all requests pass there", settings_.site)});
  }

  void read_freshness() {
    settings_.scrape_seconds = read_duration(router_, "scrape_every").value_or(settings_.scrape_seconds);
    if (settings_.scrape_seconds < kShortestScrapeSeconds)
      router_.problem("scrape_every", "found less than 1ms", "give a duration such as 50ms");
    settings_.event_lag_seconds = read_duration(router_, "event_lag").value_or(settings_.event_lag_seconds);
  }

  void note_cost() {
    const RouterPolicy* policy = find_router_policy(settings_.policy);
    if (!settings_.cost.source.empty()) {
      context_.validity.push_back({"router: cost", settings_.cost.source});
    } else if (policy != nullptr && policy->family == RouterFamily::kRival) {
      context_.validity.push_back({"router: cost", "taken as 0: none is known"});
    }
  }

  PoolRule read_rule(Fields& fields) {
    PoolRule rule;
    rule.slo_class = fields.text("slo_class", "");
    check_names(fields, "slo_class", {rule.slo_class}, names_of(fleet_.slo_classes), "class");
    rule.tenant = fields.text("tenant", "");
    check_names(fields, "tenant", {rule.tenant}, names_of(fleet_.tenants), "tenant");
    rule.pools = fields.texts("pools");
    check_names(fields, "pools", rule.pools, names_of(fleet_.pools), "pool");
    if (rule.pools.empty()) fields.problem("pools", "no pool", "name the pools in order of preference");
    rule.spill_at_in_flight = fields.number("spill_at_in_flight", {0, kMostInFlight}, 0.0);
    rule.spill_at_kv_usage = fields.number("spill_at_kv_usage", {0, 1}, 0.0);
    fields.finish();
    return rule;
  }

  Fields router_;
  const Fleet& fleet_;
  FleetContext& context_;
  RouterSettings settings_;
  RouterVersion version_;
};

}  // namespace

RouterSettings read_router(Fields& root, const Fleet& fleet, FleetContext& context) {
  const Node* given = root.raw("router");
  if (given != nullptr && given->is_scalar() && !given->is_null()) {
    root.problem("router", fmt::format("found \"{}\"", shortened(given->scalar)),
                 fmt::format("give a map, such as router: {{policy: {}}}", shortened(given->scalar)));
    return {};
  }
  return RouterReader(root.map("router"), fleet, context).read();
}

}  // namespace kvsim::sim
