// SPDX-License-Identifier: Apache-2.0
#include "planner/output/helm_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/helm_accelerator.h"
#include "sim/scenario/role_names.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::planner {
namespace {

using sim::yaml_text;

struct Vendor {
  std::string_view name;
  std::string_view image;       // of vLLM, without its tag
  std::string_view label;       // of nodes, that names the accelerator
  std::string_view label_head;  // with which its values start
};
constexpr Vendor kVendors[] = {
    {"NVIDIA", "vllm/vllm-openai", "nvidia.com/gpu.product", "NVIDIA-"},
    {"AMD", "vllm/vllm-openai-rocm", "amd.com/gpu.product-name", "AMD_"},
    {"", "YOUR-REGISTRY/vllm", "accelerator", ""},
};

const Vendor& vendor_of(const Accelerator& accelerator) {
  return *std::find_if(std::begin(kVendors), std::end(kVendors), [&](const Vendor& vendor) {
    return vendor.name == accelerator.vendor || vendor.name.empty();
  });
}

std::string label_value(const Accelerator& accelerator, const Vendor& vendor) {
  const auto found =
      std::find_if(accelerator.aliases.begin(), accelerator.aliases.end(), [&](const std::string& alias) {
        return !vendor.label_head.empty() && alias.starts_with(vendor.label_head);
      });
  return found == accelerator.aliases.end() ? accelerator.name : *found;
}

std::string arguments(const VllmLaunch& launch) {
  if (launch.flags.empty()) return "      args: []\n";
  std::string text = "      args:\n";
  for (const std::string& flag : launch.flags) text += fmt::format("        - {}\n", yaml_text(flag));
  return text;
}

std::string environment(const VllmLaunch& launch) {
  if (launch.hash_seed.empty()) return "";
  return fmt::format("      env:\n        - {{name: PYTHONHASHSEED, value: \"{}\"}}\n", launch.hash_seed);
}

// What the chart, the router and the reader of such files do not learn from it.
std::string role_comment(const sim::Pool& pool) {
  if (pool.role == sim::PoolRole::kBoth) return "";
  const bool prefills = pool.role == sim::PoolRole::kPrefill;
  return fmt::format(
      "# Role {}: it {}. Not said here, and to be set up by hand: the routing sidecar of pods that decode, "
      "a\n"
      "# router that picks a prefill replica too, and VLLM_NIXL_SIDE_CHANNEL_HOST with the address of the "
      "pod.\n"
      "# `kvsim import` reads it as a pool that serves whole requests; fleet.yaml has its role.\n",
      sim::name(pool.role),
      prefills ? "computes prompts, whose KV pools with role decode pull"
               : "pulls the KV of prompts from pools with role prefill");
}

std::string resources(const sim::Pool& pool) {
  const std::string_view resource = sim::device_resource(pool.accelerator);
  if (resource.empty()) return "";
  return fmt::format(
      "      resources:\n        limits: {{{0}: \"{1}\"}}\n        requests: {{{0}: \"{1}\"}}\n", resource,
      pool.tp);
}

}  // namespace

std::string deployment_comment(const sim::Pool& pool, const VllmLaunch& launch) {
  std::string text =
      fmt::format("# Pool {} at site {}: {} replicas on {} x {}, vLLM {}.\n", shortened(pool.name),
                  shortened(pool.site), pool.replicas, pool.tp, pool.accelerator.name, pool.engine.version);
  if (!pool.dedicated_to.empty())
    text += fmt::format("# It serves tenant {} and nobody else.\n", shortened(pool.dedicated_to));
  text += role_comment(pool);
  if (!launch.unsaid.empty()) text += fmt::format("# No flag of vLLM says: {}.\n", join(launch.unsaid, ", "));
  return text;
}

std::string helm_values(const sim::Pool& pool, const VllmLaunch& launch) {
  const Vendor& vendor = vendor_of(pool.accelerator);
  const bool prefills = pool.role == sim::PoolRole::kPrefill;
  return deployment_comment(pool, launch) +
         fmt::format(
             "multinode: false\nmodelArtifacts:\n  uri: {}\n  name: {}\nrouting:\n  servicePort: 8000\n"
             "accelerator:\n  type: {}\n{}:\n  create: true\n  replicas: {}\n"
             "  parallelism: {{tensor: {}, data: 1}}\n"
             "  acceleratorTypes:\n    labelKey: {}\n    labelValues: [{}]\n"
             "  containers:\n    - name: vllm\n      image: {}:v{}\n      modelCommand: vllmServe\n",
             yaml_text("hf://" + launch.model), yaml_text(launch.model),
             yaml_text(lower(pool.accelerator.vendor)), prefills ? "prefill" : "decode", pool.replicas,
             pool.tp, vendor.label, yaml_text(label_value(pool.accelerator, vendor)), vendor.image,
             pool.engine.version) +
         arguments(launch) + environment(launch) + resources(pool) + "      mountModelVolume: true\n" +
         (prefills ? "decode" : "prefill") + ":\n  create: false\n";
}

}  // namespace kvsim::planner
