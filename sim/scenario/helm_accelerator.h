// SPDX-License-Identifier: Apache-2.0
// Which accelerator a Kubernetes pod runs on, as far as its node labels and its resource limits tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "hardware-catalog/catalog.h"

namespace kvsim::sim {

struct DeviceRequest {
  std::string resource;  // "nvidia.com/gpu"
  std::string vendor;    // "NVIDIA"
  double count = 0;
  int line = 0;
};
// The first accelerator resource under `limits` or `requests` of a container's `resources`.
std::optional<DeviceRequest> device_request(const Node* resources);

// The resource by which Kubernetes counts such accelerators; empty: none is known.
std::string_view device_resource(const Accelerator& accelerator);

struct NodeLabel {
  std::string key;
  std::string value;
  int line = 0;
};
// Labels that a pod asks of its node: acceleratorTypes, nodeSelector and node affinity of `pod`.
std::vector<NodeLabel> node_labels(const Node& pod);

struct AcceleratorFinding {
  std::string accelerator;  // empty: not known
  std::string found;        // then: what the file says
};
AcceleratorFinding find_accelerator(const std::vector<NodeLabel>& labels,
                                    const std::optional<DeviceRequest>& request, const Catalog& catalog);

}  // namespace kvsim::sim
