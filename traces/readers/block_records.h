// SPDX-License-Identifier: Apache-2.0
// What the two formats with hash ids, Mooncake's and Qwen-Bailian's, have in common.
#pragma once

#include <string>

#include "traces/readers/hash_blocks.h"
#include "traces/readers/line_records.h"

namespace kvsim::traces {

class BlockRecords : public LineRecords {
 public:
  BlockRecords(LineReader lines, std::string format, std::uint32_t usual_block_tokens,
               const TraceOptions& options);
  std::uint32_t block_tokens() const override { return block_tokens_; }

 protected:
  // input_length, output_length and hash_ids. False after a fault and for a record without output, which is
  // passed over.
  bool read_lengths(Record& record);
  // Seconds of one unit of `timestamp`; nothing after a fault, or when it is absent.
  bool read_timestamp(Record& record, double unit_seconds);

  JsonLine fields_;

 private:
  std::uint32_t block_tokens_ = 0;
};

}  // namespace kvsim::traces
