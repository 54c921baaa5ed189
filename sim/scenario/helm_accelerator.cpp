// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/helm_accelerator.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/quantity.h"
#include "base/text.h"

namespace kvsim::sim {
namespace {

struct Resource {
  std::string_view name;
  std::string_view vendor;
};
constexpr Resource kResources[] = {
    {"nvidia.com/gpu", "NVIDIA"},       {"amd.com/gpu", "AMD"},
    {"habana.ai/gaudi", "Intel"},       {"gpu.intel.com/i915", "Intel"},
    {"gpu.intel.com/xe", "Intel"},      {"google.com/tpu", "Google"},
    {"aws.amazon.com/neuron", "AWS"},   {"aws.amazon.com/neuroncore", "AWS"},
    {"huawei.com/Ascend910", "Huawei"}, {"huawei.com/ascend-1980", "Huawei"},
};

void add_label(const Node& value, const std::string& key, std::vector<NodeLabel>& labels) {
  if (value.is_scalar()) labels.push_back({key, value.scalar, value.line});
}

// matchExpressions anywhere under `affinity`: {key, operator: In, values}.
void add_expressions(const Node& node, std::vector<NodeLabel>& labels) {
  const Node* key = node.find("key");
  const Node* values = node.find("values");
  const Node* how = node.find("operator");
  if (key != nullptr && values != nullptr && how != nullptr && how->scalar == "In") {
    for (const Node& value : values->items) add_label(value, key->scalar, labels);
  }
  for (const Node& item : node.items) add_expressions(item, labels);
  for (const auto& [name, value] : node.members) {
    if (name != "podAffinity" && name != "podAntiAffinity") add_expressions(value, labels);
  }
}

std::string names_of_vendor(const std::string& vendor, const Catalog& catalog) {
  std::vector<std::string> names;
  for (const Accelerator& accelerator : catalog.accelerators()) {
    if (accelerator.vendor == vendor) names.push_back(accelerator.name);
  }
  return join(names, ", ");
}

std::string told(const std::vector<NodeLabel>& labels, const std::optional<DeviceRequest>& request,
                 const Catalog& catalog) {
  std::vector<std::string> parts;
  for (const NodeLabel& label : labels) {
    if (catalog.find(label.value) == nullptr) {
      parts.push_back(
          fmt::format("the label {}: \"{}\" names no accelerator of the catalog", label.key, label.value));
    }
  }
  if (request) {
    parts.push_back(fmt::format("{} tells only the vendor ({}: {})", request->resource, request->vendor,
                                names_of_vendor(request->vendor, catalog)));
  }
  return parts.empty() ? "the file does not tell the accelerator" : join(parts, "; ");
}

}  // namespace

std::optional<DeviceRequest> device_request(const Node* resources) {
  if (resources == nullptr) return {};
  for (const char* part : {"limits", "requests"}) {
    const Node* amounts = resources->find(part);
    if (amounts == nullptr) continue;
    for (const Resource& resource : kResources) {
      const Node* amount = amounts->find(resource.name);
      if (amount == nullptr) continue;
      return DeviceRequest{std::string(resource.name), std::string(resource.vendor),
                           parse_kubernetes_quantity(amount->scalar).value_or(0), amount->line};
    }
  }
  return {};
}

std::string_view device_resource(const Accelerator& accelerator) {
  const bool is_gaudi = accelerator.name.starts_with("Gaudi");
  for (const Resource& resource : kResources)
    if (resource.vendor == accelerator.vendor && (resource.name == "habana.ai/gaudi") == is_gaudi)
      return resource.name;
  return {};
}

std::vector<NodeLabel> node_labels(const Node& pod) {
  std::vector<NodeLabel> labels;
  if (const Node* types = pod.find("acceleratorTypes")) {
    const Node* key = types->find("labelKey");
    const Node* values = types->find("labelValues");
    if (values == nullptr) values = types->find("labelValue");
    const std::string name = key != nullptr ? key->scalar : "acceleratorTypes";
    if (values != nullptr) add_label(*values, name, labels);
    if (values != nullptr) {
      for (const Node& value : values->items) add_label(value, name, labels);
    }
  }
  if (const Node* selector = pod.find("nodeSelector")) {
    for (const auto& [key, value] : selector->members) add_label(value, key, labels);
  }
  if (const Node* affinity = pod.find("affinity")) add_expressions(*affinity, labels);
  return labels;
}

AcceleratorFinding find_accelerator(const std::vector<NodeLabel>& labels,
                                    const std::optional<DeviceRequest>& request, const Catalog& catalog) {
  std::set<std::string> names;
  for (const NodeLabel& label : labels) {
    if (const Accelerator* known = catalog.find(label.value)) names.insert(known->name);
  }
  if (names.size() == 1) return {*names.begin(), ""};
  if (names.empty()) return {"", told(labels, request, catalog)};
  return {"", "the node labels allow several: " + join({names.begin(), names.end()}, ", ")};
}

}  // namespace kvsim::sim
