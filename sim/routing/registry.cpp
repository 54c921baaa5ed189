// SPDX-License-Identifier: Apache-2.0
// Policies by name, beside sim/scenario/router_names.h.
#include <functional>
#include <map>

#include "base/errors.h"
#include "base/text.h"
#include "sim/routing/dynamo_kv.h"
#include "sim/routing/epp_router.h"
#include "sim/routing/lmetric.h"
#include "sim/routing/mooncake_conductor.h"
#include "sim/routing/oracle.h"
#include "sim/routing/pd_router.h"
#include "sim/routing/policies.h"
#include "sim/routing/sglang_cache_aware.h"
#include "sim/scenario/router_names.h"

namespace kvsim::sim {

namespace {

using Endpoints = std::vector<Endpoint>;
using Maker =
    std::function<std::unique_ptr<Router>(const RouterSettings&, const Endpoints&, std::uint64_t seed)>;

template <class Policy>
Maker seeded() {
  return [](const RouterSettings&, const Endpoints& endpoints, std::uint64_t seed) {
    return std::make_unique<Policy>(endpoints, seed);
  };
}
template <class Policy>
Maker unseeded() {
  return [](const RouterSettings&, const Endpoints& endpoints, std::uint64_t) {
    return std::make_unique<Policy>(endpoints);
  };
}

template <class Policy>
Maker with_parameters() {
  return [](const RouterSettings& settings, const Endpoints& endpoints, std::uint64_t seed) {
    return std::make_unique<Policy>(endpoints, seed, settings.parameters);
  };
}

const std::map<std::string, Maker, std::less<>>& makers() {
  static const std::map<std::string, Maker, std::less<>> table = {
      {"epp", [](const RouterSettings& settings, const Endpoints& endpoints,
                 std::uint64_t seed) { return std::make_unique<EppRouter>(settings, endpoints, seed); }},
      {"random", seeded<RandomRouter>()},
      {"random-per-connection", seeded<RandomPerConnectionRouter>()},
      {"round-robin", unseeded<RoundRobinRouter>()},
      {"round-robin-per-worker", with_parameters<RoundRobinPerWorkerRouter>()},
      {"round-robin-per-connection", unseeded<RoundRobinPerConnectionRouter>()},
      {"least-request", unseeded<LeastRequestRouter>()},
      {"power-of-two", seeded<PowerOfTwoRouter>()},
      {"pd-round-robin", unseeded<PdRoundRobinRouter>()},
      {"session-hash", seeded<SessionHashRouter>()},
      {"dynamo-kv", with_parameters<DynamoKvRouter>()},
      {"lmetric", with_parameters<LmetricRouter>()},
      {"mooncake-conductor", with_parameters<MooncakeConductorRouter>()},
      {"sglang-cache-aware", with_parameters<SglangCacheAwareRouter>()},
      {"oracle", seeded<OracleRouter>()},
  };
  return table;
}

}  // namespace

std::unique_ptr<Router> make_router(const RouterSettings& settings, const Endpoints& endpoints,
                                    std::uint64_t seed) {
  // A preset is an EndpointPickerConfig with a name.
  const auto found = makers().find(settings.epp ? kEppPolicy : settings.policy);
  if (found == makers().end())
    throw InputError({{{},
                       "router.policy",
                       "there is no routing policy '" + settings.policy + "'",
                       valid_names_remedy(settings.policy, valid_router_policies())}});
  return found->second(settings, endpoints, seed);
}

}  // namespace kvsim::sim
