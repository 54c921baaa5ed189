// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/prompts.h"

#include <algorithm>

#include "traces/generators/content_id.h"
#include "traces/open_trace.h"

namespace kvsim::traces::inference_perf {

namespace {

// What the tool's mock data send: a word and a number, for fifty tokens.
constexpr LengthPair kMockLengths{3, 50};

std::vector<std::uint32_t> draw_lengths(const Lengths& lengths, std::uint64_t needed, RandomStream& random) {
  std::vector<std::uint32_t> drawn(lengths.total_count > 0 ? lengths.total_count : needed);
  for (std::uint32_t& length : drawn) length = lengths.distribution.sample_tokens(random);
  return drawn;
}

// Prompts without turns: lengths by index, text new each time or from the start of one text.
class PlainPrompts : public Prompts {
 public:
  PlainPrompts(std::vector<std::uint32_t> inputs, std::vector<std::uint32_t> outputs, bool one_text)
      : inputs_(std::move(inputs)), outputs_(std::move(outputs)), one_text_(one_text) {}

  void fill(std::uint64_t index, std::uint64_t number, Request& request) override {
    request.input_tokens = inputs_[index % inputs_.size()];
    request.output_tokens = outputs_[index % outputs_.size()];
    const std::uint64_t text =
        one_text_ ? content_id(0, Content::kShared, 0) : content_id(0, Content::kQuestion, number);
    request.prompt = {{text, 0, request.input_tokens}};
    request.output_stream = content_id(0, Content::kAnswer, number);
  }

 private:
  std::vector<std::uint32_t> inputs_;
  std::vector<std::uint32_t> outputs_;
  bool one_text_;
};

std::unique_ptr<Prompts> trace_lengths(const std::string& path) {
  std::vector<std::uint32_t> inputs, outputs;
  TraceOptions options;
  options.format = "azure";
  const std::unique_ptr<TraceSource> trace = open_trace(path, options);
  while (trace->next_arrival()) {
    const Request request = trace->take();
    inputs.push_back(request.input_tokens);
    outputs.push_back(request.output_tokens);
  }
  return std::make_unique<PlainPrompts>(std::move(inputs), std::move(outputs), false);
}

}  // namespace

std::unique_ptr<Prompts> make_prompts(const Data& data, std::uint64_t longest_stage, std::uint64_t seed) {
  if (data.type == DataType::kSharedPrefix) return make_shared_prefix(data.shared_prefix, seed);
  if (data.type == DataType::kTraceLengths) return trace_lengths(data.trace_file);
  if (data.type == DataType::kMock) {
    return std::make_unique<PlainPrompts>(std::vector<std::uint32_t>{kMockLengths.input_tokens},
                                          std::vector<std::uint32_t>{kMockLengths.output_tokens}, false);
  }
  RandomStream inputs(seed, "inference-perf/data/inputs");
  RandomStream outputs(seed, "inference-perf/data/outputs");
  return std::make_unique<PlainPrompts>(draw_lengths(data.input, longest_stage, inputs),
                                        draw_lengths(data.output, longest_stage, outputs),
                                        data.type == DataType::kSynthetic);
}

}  // namespace kvsim::traces::inference_perf
