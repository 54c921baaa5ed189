// SPDX-License-Identifier: Apache-2.0
// A request as a workload offers it. Prompt content is named, not spelled: a piece is a stretch of one
// endless stream of tokens, and two prompts are equal up to a position where their pieces name the same
// stream positions. A trace's hash block h of s tokens is the stretch [h*s, (h+1)*s) of the trace's own
// stream, so blocks that follow each other become one piece.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace kvsim::traces {

struct Piece {
  std::uint64_t stream = 0;
  std::uint64_t offset = 0;  // tokens from the stream's start
  std::uint32_t tokens = 0;
  friend bool operator==(const Piece&, const Piece&) = default;
};

// Appends, joining with the last piece where the stretch simply goes on.
void append_piece(std::vector<Piece>& content, Piece piece);
// The first `tokens` tokens of `content`.
std::vector<Piece> first_tokens(const std::vector<Piece>& content, std::uint64_t tokens);
std::uint64_t total_tokens(const std::vector<Piece>& content);

constexpr std::uint64_t kNoRequest = ~std::uint64_t{0};

// Content that no record of a trace names has a stream of its own from here on: record n of a trace file
// (0..) has kOwnStreams + 2n for its answer and kOwnStreams + 2n + 1 for the unnamed rest of its prompt.
constexpr std::uint64_t kOwnStreams = std::uint64_t{1} << 63;

struct Request {
  std::uint64_t id = 0;            // dense, 0.. in the order in which the source gives them out
  Nanoseconds arrival = 0;         // when the client sends it; latency counts from here
  Nanoseconds intended = 0;        // when the schedule wanted it sent (<= arrival; the gap is schedule delay)
  std::uint32_t input_tokens = 0;  // >= 1, the sum over `prompt`
  std::uint32_t output_tokens = 0;  // >= 1, generated exactly
  std::uint32_t max_output_tokens =
      0;  // what the client asked for, >= output_tokens; 0: equals output_tokens
  std::vector<Piece> prompt;
  std::uint64_t output_stream =
      0;                         // its answer is [0, output_tokens) of this stream; later prompts may name it
  std::uint64_t session = 0;     // 0: none; for session affinity
  std::uint64_t connection = 0;  // TCP connection that carries it, for per-connection balancing; 0: its own
  std::uint32_t model = 0;       // indices into the source's Names
  std::uint32_t slo_class = 0;
  std::uint32_t tenant = 0;
  std::int32_t priority = 0;         // lower is more important, as vLLM has it
  std::int32_t stage = -1;           // load stage of the workload; -1: no stages
  Nanoseconds timeout = kNever;      // client gives up this long after `arrival`
  std::uint64_t after = kNoRequest;  // closed loop: id of the request whose end this one waited for
  Nanoseconds think = 0;             // closed loop: pause from that end to `intended`
  bool left_out = false;             // by a sample: nobody sends it; it counts as answered at its arrival
};

// Names that the indices of a request stand for. Index 0 is always the empty name: "the only model",
// "default".
struct Names {
  std::vector<std::string> models{""};
  std::vector<std::string> slo_classes{""};
  std::vector<std::string> tenants{""};
};
// Index of `name` in `names`, appended when new.
std::uint32_t intern(std::vector<std::string>& names, const std::string& name);

enum class Outcome { kCompleted, kTimedOut, kRejected };

struct Finished {
  std::uint64_t request_id = 0;
  Nanoseconds time = 0;
  Outcome outcome = Outcome::kCompleted;
};

}  // namespace kvsim::traces
