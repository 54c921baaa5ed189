// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/block_records.h"
#include "traces/readers/refuse.h"

namespace kvsim::traces {
namespace {

constexpr std::size_t kLinesLookedAt = 256;

std::uint32_t choose_block_tokens(LineReader& lines, std::uint32_t usual, std::uint32_t given) {
  if (given > 0) return given;
  const std::vector<Line> ahead = lines.peek(kLinesLookedAt);
  if (const auto found = recognise_block_tokens(ahead, usual)) return *found;
  refuse({lines.path(), ahead.empty() ? 0 : ahead.front().number}, "hash_ids",
         "the numbers of ids fit no one block size for the input lengths",
         "give the tokens of a block with --block-size");
}

}  // namespace

BlockRecords::BlockRecords(LineReader reader, std::string format, std::uint32_t usual,
                           const TraceOptions& options)
    : LineRecords(std::move(reader), std::move(format), options),
      fields_([this](std::string path, std::string message, std::string remedy) {
        fault(std::move(path), std::move(message), std::move(remedy));
      }),
      block_tokens_(choose_block_tokens(lines(), usual, options.block_tokens)) {}

bool BlockRecords::read_lengths(Record& record) {
  const auto output = fields_.whole("output_length", 0, kMostTokens);
  if (!output && !fields_.has("output_length") && options().default_output_tokens == 0) {
    fields_.missing("output_length", "give the tokens of the answer");
  }
  if (output == 0) return skip("no output tokens");
  const auto input = fields_.whole("input_length", 1, kMostTokens);
  if (!fields_.has("input_length")) fields_.missing("input_length", "give the tokens of the prompt");
  if (!fields_.good() || !input) return false;
  record.request.input_tokens = static_cast<std::uint32_t>(*input);
  record.request.output_tokens =
      output ? static_cast<std::uint32_t>(*output) : options().default_output_tokens;
  record.request.output_stream = own_answer(record.number);
  read_hash_ids(fields_, block_tokens_, record.request.input_tokens, record.request.prompt);
  fill_prompt(record);
  return fields_.good();
}

bool BlockRecords::read_timestamp(Record& record, double unit_seconds) {
  const auto stamp = fields_.number("timestamp", 0, kLatestSeconds / unit_seconds);
  if (stamp) record.request.arrival = from_seconds(*stamp * unit_seconds);
  return stamp.has_value();
}

}  // namespace kvsim::traces
