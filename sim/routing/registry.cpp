// SPDX-License-Identifier: Apache-2.0
// Policies by name, beside sim/scenario/router_names.h.
#include <functional>
#include <map>

#include "base/errors.h"
#include "base/text.h"
#include "sim/routing/policies.h"
#include "sim/scenario/router_names.h"

namespace kvsim::sim {

namespace {

using Candidates = std::vector<std::uint32_t>;
using Maker = std::function<std::unique_ptr<Router>(Candidates, std::uint64_t seed)>;

const std::map<std::string, Maker, std::less<>>& makers() {
  static const std::map<std::string, Maker, std::less<>> table = {
      {"random",
       [](Candidates c, std::uint64_t s) { return std::make_unique<RandomRouter>(std::move(c), s); }},
      {"random-per-connection",
       [](Candidates c, std::uint64_t s) {
         return std::make_unique<RandomPerConnectionRouter>(std::move(c), s);
       }},
      {"round-robin",
       [](Candidates c, std::uint64_t) { return std::make_unique<RoundRobinRouter>(std::move(c)); }},
      {"least-request",
       [](Candidates c, std::uint64_t) { return std::make_unique<LeastRequestRouter>(std::move(c)); }},
      {"power-of-two",
       [](Candidates c, std::uint64_t s) { return std::make_unique<PowerOfTwoRouter>(std::move(c), s); }},
      {"session-hash",
       [](Candidates c, std::uint64_t s) { return std::make_unique<SessionHashRouter>(std::move(c), s); }},
  };
  return table;
}

}  // namespace

std::unique_ptr<Router> make_router(const RouterSettings& settings, std::vector<std::uint32_t> candidates,
                                    std::uint64_t seed) {
  const auto found = makers().find(settings.policy);
  if (found == makers().end())
    throw InputError({{{},
                       "router.policy",
                       "there is no routing policy '" + settings.policy + "'",
                       valid_names_remedy(settings.policy, valid_router_policies())}});
  return found->second(std::move(candidates), seed);
}

}  // namespace kvsim::sim
