// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_parameters.h"

namespace kvsim::sim::epp {
namespace {

using enum PluginKind;

constexpr const char* kPorts = "ranks are endpoints of their own; ports do not matter";
constexpr const char* kNoMedia = "requests hold text only";

PluginType picker(std::string name) {
  return {std::move(name), {kPicker}, {whole("maxNumOfEndpoints", "1", {1, 1e6})}};
}

PluginType disaggregation() {
  return {"disagg-profile-handler",
          {kProfileHandler},
          {with_other_keys(text("profiles.prefill", "prefill"), {"prefillProfile"}),
           with_other_keys(text("profiles.decode", "decode"), {"decodeProfile"}),
           with_other_keys(plugin("deciders.prefill", {kDecider}, ""), {"deciderPluginName"}),
           ignored("profiles.encode", kNoMedia), ignored("deciders.encode", kNoMedia),
           ignored("stageOrder", "decode is picked first, then prefill"), ignored("primaryPort", kPorts)},
          {},
          {"pd-profile-handler"}};
}

}  // namespace

void add_handlers(std::vector<PluginType>& types) {
  for (const char* name : {"max-score-picker", "weighted-random-picker", "random-picker"})
    types.push_back(picker(name));
  types.push_back({"single-profile-handler", {kProfileHandler}});
  types.push_back(disaggregation());
  types.push_back({"data-parallel-profile-handler", {kProfileHandler}, {ignored("primaryPort", kPorts)}});
  types.push_back(
      {"header-profile-handler", {kProfileHandler}, {text("defaultProfile"), text("headerName")}});
  types.push_back({"prefix-based-pd-decider",
                   {kDecider},
                   {whole("nonCachedTokens", "0"), whole("promptTokens", "0"), prefix_producer()}});
  types.push_back({"always-disagg-pd-decider", {kDecider}});
  types.push_back({"always-disagg-multimodal-decider", {kDecider}, {}, kNoMedia});
  types.push_back({"disagg-headers-handler",
                   {kOther},
                   {},
                   "the decode side learns its prefill replica by itself",
                   {"prefill-header-handler"}});
}

}  // namespace kvsim::sim::epp
