// SPDX-License-Identifier: Apache-2.0
// Identities of generated text: who made it, what it is, and which one. Never 0, never the same for two
// texts.
#pragma once

#include <cstdint>

namespace kvsim::traces {

enum class Content : std::uint64_t { kShared = 1, kQuestion = 2, kAnswer = 3, kSession = 4 };

constexpr std::uint32_t kMaxContentOwners = 4000;

// owner < kMaxContentOwners, number < 2^48
constexpr std::uint64_t content_id(std::uint32_t owner, Content kind, std::uint64_t number) {
  return (static_cast<std::uint64_t>(owner) + 1) << 52 | static_cast<std::uint64_t>(kind) << 48 | number;
}

}  // namespace kvsim::traces
