// SPDX-License-Identifier: Apache-2.0
#include "traces/profile/engine_reuse.h"

#include "traces/blocks.h"

namespace kvsim::traces {

void EngineReuse::add(const Request& request) {
  content_ = request.prompt;
  append_piece(content_,
               {request.output_stream, 0, request.output_tokens - 1});  // the last token has no KV yet
  hashes_.clear();
  chained_blocks(content_, block_tokens_, false, hashes_);
  const std::uint64_t most = (request.input_tokens - 1) / block_tokens_;
  std::uint64_t found = 0;
  while (found < most && cached_.contains(hashes_[found])) ++found;
  for (std::uint64_t i = found; i < hashes_.size(); ++i) cached_.at(hashes_[i]);
  prompt_tokens_ += request.input_tokens;
  hit_tokens_ += found * block_tokens_;
}

}  // namespace kvsim::traces
