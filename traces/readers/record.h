// SPDX-License-Identifier: Apache-2.0
// What a trace file says, record by record, before it becomes a source: readers make records, transforms
// change them, TurnSource gives them out as requests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "traces/open_trace.h"
#include "traces/request.h"

namespace kvsim::traces {

struct Record {
  Request request;           // `arrival` in the trace's own time; `id`, `intended` not set
  std::uint64_t number = 0;  // 0.. in the order of the file, skipped records not counted
  int line = 0;
  bool may_be_followed = false;  // later turns may name it
  bool is_turn = false;       // sent `think` after the end of record `follows`, and has no arrival of its own
  std::uint64_t follows = 0;  // a `number` at most kTurnWindow before this one
};

// A turn must stand within this many records of the one it follows, so that memory does not grow with the
// file.
constexpr std::uint64_t kTurnWindow = 262'144;

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  virtual bool next(Record& record) = 0;  // false at the end; InputError
  virtual const std::string& path() const = 0;
  virtual const std::string& format() const = 0;
  virtual std::uint32_t block_tokens() const = 0;
  virtual const Names& names() const = 0;
  virtual std::uint32_t stages() const { return 0; }  // 0: none; known once a record was read
  virtual std::vector<Skipped> skipped() const = 0;
  virtual double progress() const = 0;  // negative: unknown
};

constexpr std::uint64_t own_answer(std::uint64_t number) { return kOwnStreams + 2 * number; }
constexpr std::uint64_t own_prompt(std::uint64_t number) { return kOwnStreams + 2 * number + 1; }

}  // namespace kvsim::traces
