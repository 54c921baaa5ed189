// SPDX-License-Identifier: Apache-2.0
#include "validation/serving_points/point_seconds.h"

#include <algorithm>
#include <cmath>

namespace kvsim::validation {
namespace {

constexpr std::uint64_t kStepTokens = 8192;  // vLLM's default of --max-num-batched-tokens for servers

std::uint64_t prompts_a_step(const PointShape& shape) {
  return std::max<std::uint64_t>(1, kStepTokens / shape.input_tokens);
}

models::StepWork decodes(std::uint64_t batch, double context_of_each) {
  models::StepWork work;
  work.decode_sequences = batch;
  work.decode_context_tokens = static_cast<double>(batch) * context_of_each;
  work.longest_context_tokens = context_of_each;
  work.sampled_sequences = batch;
  return work;
}

models::StepWork with_prompts(models::StepWork work, const PointShape& shape, std::uint64_t prompts) {
  const double tokens = static_cast<double>(prompts * shape.input_tokens);
  work.prefill_tokens = prompts * shape.input_tokens;
  work.prefill_sequences = prompts;
  work.prefill_attention_pairs = tokens * (static_cast<double>(shape.input_tokens) + 1) / 2;
  work.prefill_context_tokens = tokens;
  work.longest_context_tokens =
      std::max(work.longest_context_tokens, static_cast<double>(shape.input_tokens));
  work.sampled_sequences += prompts;
  return work;
}

double seconds(const models::StepTimeModel& model, const models::StepWork& work) {
  return model.cost(work).seconds.first;
}

}  // namespace

double prefill_seconds(const models::StepTimeModel& model, const PointShape& shape, std::uint64_t batch) {
  const std::uint64_t together = std::min(batch, prompts_a_step(shape));
  const std::uint64_t rest = batch % together;
  const double full =
      static_cast<double>(batch / together) * seconds(model, with_prompts({}, shape, together));
  return rest == 0 ? full : full + seconds(model, with_prompts({}, shape, rest));
}

double static_batch_seconds(const models::StepTimeModel& model, const PointShape& shape,
                            std::uint64_t batch) {
  double total = prefill_seconds(model, shape, batch);
  std::uint64_t done = 1;  // tokens of each; the prompt's step gives the first
  while (done < shape.output_tokens) {
    const models::StepCost cost = model.cost(decodes(batch, static_cast<double>(shape.input_tokens + done)));
    const std::uint64_t steps = std::min(cost.steps, shape.output_tokens - done);
    total += cost.seconds.sum(steps);
    done += steps;
  }
  return total;
}

double steady_step_seconds(const models::StepTimeModel& model, const PointShape& shape, double batch) {
  const double output = static_cast<double>(shape.output_tokens);
  const double arrivals = batch / (output - 1);  // for each step
  const auto whole = static_cast<std::uint64_t>(std::llround(arrivals));
  const std::uint64_t prompts = std::clamp<std::uint64_t>(whole, 1, prompts_a_step(shape));
  const auto sequences = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(batch)));
  const models::StepWork plain =
      decodes(sequences, static_cast<double>(shape.input_tokens) + (output + 1) / 2);
  const double decode = seconds(model, plain);
  const double mixed = seconds(model, with_prompts(plain, shape, prompts));
  return decode + arrivals / static_cast<double>(prompts) * (mixed - decode);
}

double steady_token_seconds(const models::StepTimeModel& model, const PointShape& shape, double batch) {
  const double output = static_cast<double>(shape.output_tokens);
  return (output - 1) / output * steady_step_seconds(model, shape, batch) / batch;
}

}  // namespace kvsim::validation
