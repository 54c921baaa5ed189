// SPDX-License-Identifier: Apache-2.0
// Amounts as people and Kubernetes write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kvsim {

// "80GiB", "1.5 TB", "512Mi", "2G", "1e9", "1024" -> bytes. Decimal (k, M, G, T, P, kB, MB, GB, TB, PB) and
// binary (Ki.. Pi, KiB.. PiB) suffixes; a bare number is bytes. Nothing for negative, NaN, overflow or an
// unknown suffix.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

// Kubernetes resource quantity: "500m" -> 0.5, "2", "4k", "1Gi".
std::optional<double> parse_kubernetes_quantity(std::string_view text);

// "300s", "1m30s", "2h", "250ms", "10us", "1.5h", "7d"; a bare number is seconds -> seconds.
std::optional<double> parse_duration_seconds(std::string_view text);

}  // namespace kvsim
