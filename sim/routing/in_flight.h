// SPDX-License-Identifier: Apache-2.0
// A router replica's own count of what it has sent and what has not been answered yet: always fresh, and
// blind to other router replicas. Arrays are by endpoint.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/routing/endpoint.h"

namespace kvsim::sim {

// What a router must be told again when the end of a prefill elsewhere, the first token or the end of a
// request comes by.
struct Ticket {
  std::uint64_t request = 0;
  std::uint64_t session = 0;
  EndpointId decode = 0;
  std::optional<EndpointId> prefill;  // nothing: nowhere else, or ended
  std::uint32_t input_tokens = 0;
  std::uint64_t uncached_tokens = 0;          // charged to `decode` until the first token
  std::uint64_t prefill_uncached_tokens = 0;  // to `prefill`
  std::uint64_t estimated_output_tokens = 0;  // charged until the end
  std::uint64_t blocks = 0;                   // for policies that count in blocks
};

class InFlight {
 public:
  explicit InFlight(std::size_t endpoints) : requests_(endpoints), tokens_(endpoints), outputs_(endpoints) {}

  void dispatched(const Ticket& ticket) {
    ++version_;
    ++requests_[ticket.decode];
    tokens_[ticket.decode] += ticket.uncached_tokens;
    outputs_[ticket.decode] += ticket.estimated_output_tokens;
    if (!ticket.prefill) return;
    ++requests_[*ticket.prefill];
    tokens_[*ticket.prefill] += ticket.prefill_uncached_tokens;
  }
  // The prefill replica has answered, or will not; the ticket's last word of it. Before first_token().
  void prefill_ended(const Ticket& ticket) {
    ++version_;
    --requests_[*ticket.prefill];
    tokens_[*ticket.prefill] -= ticket.prefill_uncached_tokens;
  }
  void first_token(const Ticket& ticket) {
    ++version_;
    tokens_[ticket.decode] -= ticket.uncached_tokens;
  }
  // A request that ends without a first token is told both.
  void ended(const Ticket& ticket) {
    ++version_;
    --requests_[ticket.decode];
    outputs_[ticket.decode] -= ticket.estimated_output_tokens;
  }

  std::uint64_t requests(EndpointId endpoint) const { return requests_[endpoint]; }
  // Uncached prompt tokens of requests without a first token, and estimated outputs of all.
  std::uint64_t tokens(EndpointId endpoint) const { return tokens_[endpoint] + outputs_[endpoint]; }
  std::uint64_t prompt_tokens(EndpointId endpoint) const { return tokens_[endpoint]; }
  // Grows with every change: what is derived from the counts may be kept as long as it stays.
  std::uint64_t version() const { return version_; }

 private:
  std::vector<std::uint64_t> requests_, tokens_, outputs_;
  std::uint64_t version_ = 0;
};

}  // namespace kvsim::sim
