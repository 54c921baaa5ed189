// SPDX-License-Identifier: Apache-2.0
#include "planner/replica_work.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvsim::planner {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t kBoundlessTokens = std::uint64_t{1} << 22;
constexpr double kBoundlessPairs = 1e15;
constexpr std::uint64_t kBoundlessPrompt = std::uint64_t{1} << 36;
constexpr std::uint64_t kLargestStep = std::uint64_t{1} << 15;  // tokens
constexpr double kLongestContext = 1 << 18;

double seconds(const models::StepTimeModel& step_time, const models::StepWork& work) {
  return step_time.cost(work).seconds.first;
}

// Of the step time between one and two amounts of something, from 0 on.
template <class WorkOf>
double slope(const models::StepTimeModel& step_time, double amount, WorkOf work_of) {
  const double rise = seconds(step_time, work_of(2 * amount)) - seconds(step_time, work_of(amount));
  return std::max(0.0, rise / amount);
}

models::StepWork prefill(double tokens, double pairs) {
  models::StepWork work;
  work.prefill_tokens = static_cast<std::uint64_t>(tokens);
  work.prefill_sequences = 1;
  work.prefill_attention_pairs = pairs;
  return work;
}

models::StepWork decode(double sequences, double context_tokens) {
  models::StepWork work;
  work.decode_sequences = static_cast<std::uint64_t>(sequences);
  work.sampled_sequences = work.decode_sequences;
  work.decode_context_tokens = context_tokens;
  return work;
}

models::StepWork beside_a_prompt(models::StepWork decodes) {
  decodes.prefill_tokens = kBoundlessPrompt;
  decodes.prefill_sequences = 1;
  return decodes;
}

// Planning on the processor hides behind the device or hides it: where it is the slower one for decodes
// alone, prefills beside them fill the device at no cost. So what counts is the device's time, as decodes
// beside a boundless prompt show it; they may be slowed down there, by as much as their context is.
double decode_seconds(const models::StepTimeModel& step_time) {
  const double tokens = static_cast<double>(kBoundlessTokens);
  const double alone = slope(step_time, tokens, [](double n) { return decode(n, 0); });
  if (step_time.cost(decode(tokens, 0)).seconds.growth > 0) return alone;
  const auto context = [&](bool is_beside) {
    return slope(step_time, kBoundlessPairs, [&](double amount) {
      const models::StepWork work = decode(tokens, amount);
      return is_beside ? beside_a_prompt(work) : work;
    });
  };
  const double slowed = context(true);
  if (slowed <= 0) return 0;
  const double beside = slope(step_time, tokens, [](double n) { return beside_a_prompt(decode(n, 0)); });
  return std::min(alone, beside * std::min(1.0, context(false) / slowed));
}

models::StepWork mixed(std::uint64_t prompt, std::uint64_t decodes, double context) {
  models::StepWork work = decode(static_cast<double>(decodes), static_cast<double>(decodes) * context);
  const double tokens = static_cast<double>(prompt);
  work.prefill_tokens = prompt;
  work.prefill_sequences = prompt > 0 ? 1 : 0;
  work.prefill_attention_pairs = tokens * (context + (tokens + 1) / 2);
  work.prefill_context_tokens = prompt > 0 ? context + tokens : 0;
  work.longest_context_tokens = context + tokens;
  return work;
}

// Measured tables may rise steeper beyond their ends than within: what steps of every size leave of it.
double share_that_steps_allow(const models::StepTimeModel& step_time, const UnitSeconds& unit) {
  double share = 1;
  for (std::uint64_t prompt = 0; prompt <= kLargestStep; prompt = std::max<std::uint64_t>(1, 2 * prompt)) {
    for (std::uint64_t decodes = 0; decodes <= kLargestStep;
         decodes = std::max<std::uint64_t>(1, 2 * decodes)) {
      for (double context = 1; prompt + decodes > 0 && context <= kLongestContext; context *= 8) {
        const models::StepWork work = mixed(prompt, decodes, context);
        const double least = static_cast<double>(prompt) * unit[0] + work.prefill_attention_pairs * unit[1] +
                             static_cast<double>(decodes) * unit[2] + work.decode_context_tokens * unit[3];
        if (least > 0) share = std::min(share, seconds(step_time, work) / least);
      }
    }
  }
  return share;
}

// Prompt in chunks as large as the engine's budget allows.
double prompt_seconds(const sim::Pool& pool, const Work& work) {
  if (pool.role == sim::PoolRole::kDecode) return 0;
  const double budget = static_cast<double>(pool.engine.max_num_batched_tokens);
  const double chunks = std::max(1.0, std::ceil(work.prefill_tokens / budget));
  models::StepWork chunk = prefill(std::max(1.0, work.prefill_tokens / chunks), work.prefill_pairs / chunks);
  chunk.sampled_sequences = 1;
  return chunks * seconds(*pool.step_time, chunk);
}

class Batch {
 public:
  Batch(const sim::Pool& pool, const KindDemand& kind, const SloGoal& goal)
      : pool_(pool), kind_(kind), goal_(goal), prompt_(prompt_seconds(pool, kind.mean)) {}

  HandCapacity with(double sequences) const {
    const double output = std::max(1.0, kind_.output_tokens);
    const double context = kind_.input_tokens + output / 2;
    models::StepWork decodes = decode(sequences, sequences * context);
    decodes.longest_context_tokens = context;
    const double step = seconds(*pool_.step_time, decodes);
    return {sequences / (output * step + sequences * prompt_), sequences, step + sequences * prompt_ / output,
            prompt_};
  }
  bool keeps_limits(const HandCapacity& at) const {
    const double first = prompt_ + at.tpot_seconds - at.batch * prompt_ / std::max(1.0, kind_.output_tokens);
    return at.tpot_seconds <= limit_of(goal_, "tpot") && first <= limit_of(goal_, "ttft") &&
           first + kind_.output_tokens * at.tpot_seconds <= limit_of(goal_, "e2e");
  }
  double most() const {
    const double tokens = static_cast<double>(pool_.kv_blocks) * pool_.engine.block_size_tokens;
    const double of_memory = tokens / (kind_.input_tokens + kind_.output_tokens / 2);
    return std::max(1.0, std::floor(std::min<double>(of_memory, pool_.engine.max_num_seqs)));
  }

 private:
  const sim::Pool& pool_;
  const KindDemand& kind_;
  const SloGoal& goal_;
  double prompt_;
};

}  // namespace

UnitSeconds unit_seconds(const models::StepTimeModel& step_time) {
  const double tokens = static_cast<double>(kBoundlessTokens);
  UnitSeconds unit{slope(step_time, tokens, [](double n) { return prefill(n, 0); }),
                   slope(step_time, kBoundlessPairs, [&](double pairs) { return prefill(tokens, pairs); }),
                   decode_seconds(step_time), slope(step_time, kBoundlessPairs, [&](double context) {
                     return decode(tokens, context);
                   })};
  const double share = share_that_steps_allow(step_time, unit);
  for (double& seconds : unit) seconds *= share;
  return unit;
}

namespace {

HandCapacity prompts_in_turn(const sim::Pool& pool, const KindDemand& kind, const SloGoal& goal) {
  const double prompt = prompt_seconds(pool, kind.mean);
  if (prompt > limit_of(goal, "ttft") || prompt > limit_of(goal, "e2e")) return {};
  return {1 / prompt, 1, 0, prompt};
}

}  // namespace

HandCapacity hand_capacity(const sim::Pool& pool, const KindDemand& kind, const SloGoal& goal) {
  if (pool.role == sim::PoolRole::kPrefill) return prompts_in_turn(pool, kind, goal);
  const Batch batch(pool, kind, goal);
  double fits = 0, too_many = batch.most() + 1;
  while (too_many - fits > 1) {
    const double middle = std::floor((fits + too_many) / 2);
    (batch.keeps_limits(batch.with(middle)) ? fits : too_many) = middle;
  }
  return fits == 0 ? HandCapacity{} : batch.with(fits);
}

double limit_of(const SloGoal& goal, const std::string& metric) {
  double limit = kInfinity;
  for (const sim::SloObjective& objective : goal.limits)
    if (objective.metric == metric) limit = std::min(limit, objective.limit_seconds);
  return limit;
}

LatestTimes latest_times(const SloGoal& goal, const KindDemand& kind) {
  const double e2e = limit_of(goal, "e2e");
  const double first = std::min(e2e, limit_of(goal, "ttft"));
  return {first, std::min(e2e, first + kind.longest_output_tokens * limit_of(goal, "tpot"))};
}

}  // namespace kvsim::planner
