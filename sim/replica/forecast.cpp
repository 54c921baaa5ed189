// SPDX-License-Identifier: Apache-2.0
#include "sim/replica/forecast.h"

#include <algorithm>
#include <utility>

namespace kvsim::sim {
namespace {

class Forecast {
 public:
  Forecast(ForecastState state, const EngineSettings& engine, const models::StepTimeModel& step_time)
      : state_(std::move(state)),
        engine_(engine),
        step_time_(step_time),
        ahead_(engine.async_scheduling ? 1 : 0) {}

  Nanoseconds run() {
    for (;; ++plan_) {
      drop_ended();
      plan();
      if (work_.tokens() == 0) {
        if (state_.running.empty()) return kNever;
        continue;  // all that runs has its last token
      }
      const models::StepCost cost = step_time_.cost(work_);
      const std::uint64_t steps = new_has_token_ ? 1 : 1 + like_steps(cost);
      go_on(steps - 1);
      state_.start += from_seconds(cost.seconds.sum(steps));
      if (new_has_token_) return state_.start;
    }
  }

 private:
  // A plan knows the ends of all steps but those in flight.
  void drop_ended() {
    std::erase_if(state_.running, [&](const ForecastSequence& sequence) {
      const bool ended = sequence.answer_left == 0 && sequence.done_in_plan + ahead_ < plan_;
      if (ended) free_blocks_back(sequence.own_blocks);
      return ended;
    });
  }
  void free_blocks_back(std::uint64_t blocks) {
    state_.free_blocks = std::min(state_.total_blocks, state_.free_blocks + blocks);
  }

  void plan() {
    work_ = {};
    budget_ = engine_.max_num_batched_tokens;
    decodes_only_ = true;
    for (ForecastSequence& sequence : state_.running) serve(sequence);
    while (budget_ > 0 && state_.running.size() < engine_.max_num_seqs && !state_.waiting.empty())
      if (!admit(state_.waiting.front())) return;
  }

  void serve(ForecastSequence& sequence) {
    const bool wasted = sequence.answer_left == 0;
    decodes_only_ &= !wasted && budget_ > 0;
    if (wasted && sequence.announced_stop) return;
    const std::uint64_t grant = wasted ? 1 : capped(sequence.tokens - sequence.computed);
    if (budget_ > 0) give(sequence, std::min(grant, budget_));
  }

  bool admit(ForecastSequence& head) {
    const std::uint64_t wanted = capped(head.tokens - head.computed), grant = std::min(wanted, budget_);
    if ((!engine_.chunked_prefill && wanted > budget_) || !fits(head, grant)) return false;
    state_.free_blocks -= std::min(state_.free_blocks, head.revived_blocks);
    head.own_blocks += head.revived_blocks;
    state_.running.push_back(head);
    state_.waiting.pop_front();
    give(state_.running.back(), grant);
    return true;
  }

  bool fits(const ForecastSequence& head, std::uint64_t grant) const {
    const std::uint64_t tokens = engine_.reserve_full_sequence ? head.tokens : head.computed + grant;
    const double kept =
        state_.running.empty() ? 0 : engine_.watermark * static_cast<double>(state_.total_blocks);
    return blocks_for(tokens) - head.blocks + head.revived_blocks + static_cast<std::uint64_t>(kept) <=
           state_.free_blocks;
  }

  void give(ForecastSequence& sequence, std::uint64_t tokens) {
    const std::uint64_t before = sequence.computed;
    const bool sampled = sequence.answer_left > 0 && before + tokens == sequence.tokens;
    note_work(before, tokens, sequence.answer_left == 0 || (tokens == 1 && sampled && before > 0));
    budget_ -= tokens;
    compute(sequence, tokens);
    if (!sampled) return;
    ++work_.sampled_sequences;
    new_has_token_ |= sequence.is_new;
    sample(sequence, 1);
  }

  void note_work(std::uint64_t before, std::uint64_t tokens, bool decodes) {
    work_.longest_context_tokens =
        std::max(work_.longest_context_tokens, static_cast<double>(before + tokens));
    if (decodes) {
      ++work_.decode_sequences;
      work_.decode_context_tokens += static_cast<double>(before + 1);
      return;
    }
    decodes_only_ = false;
    const double context = static_cast<double>(before), length = static_cast<double>(tokens);
    ++work_.prefill_sequences;
    work_.prefill_tokens += tokens;
    work_.prefill_attention_pairs += length * (context + (length + 1) / 2);
    work_.prefill_context_tokens += context + length;
  }

  void compute(ForecastSequence& sequence, std::uint64_t tokens) {
    sequence.computed += tokens;
    const std::uint64_t needed = blocks_for(sequence.computed);
    if (needed <= sequence.blocks) return;
    const std::uint64_t more = needed - sequence.blocks;
    sequence.blocks = needed;
    sequence.own_blocks += more;
    state_.free_blocks -= std::min(state_.free_blocks, more);
  }

  void sample(ForecastSequence& sequence, std::uint64_t tokens) {
    sequence.tokens += tokens;
    sequence.answer_left -= tokens;
    if (sequence.answer_left == 0) sequence.done_in_plan = plan_;
  }

  // Steps that follow and are the same but for the context: nobody is admitted before somebody ends.
  std::uint64_t like_steps(const models::StepCost& cost) const {
    if (!decodes_only_) return 0;
    std::uint64_t steps = cost.steps - 1;
    for (const ForecastSequence& sequence : state_.running) steps = std::min(steps, sequence.answer_left);
    return steps;
  }

  void go_on(std::uint64_t steps) {
    if (steps == 0) return;
    plan_ += static_cast<std::int64_t>(steps);
    for (ForecastSequence& sequence : state_.running) {
      compute(sequence, steps);
      sample(sequence, steps);
    }
  }

  std::uint64_t capped(std::uint64_t grant) const {
    const std::uint64_t threshold = engine_.long_prefill_token_threshold;
    return threshold > 0 ? std::min(grant, threshold) : grant;
  }
  std::uint64_t blocks_for(std::uint64_t tokens) const {
    return (tokens + engine_.block_size_tokens - 1) / engine_.block_size_tokens;
  }

  ForecastState state_;
  const EngineSettings& engine_;
  const models::StepTimeModel& step_time_;
  std::int64_t ahead_;  // steps planned while one runs
  std::int64_t plan_ = 0;
  models::StepWork work_;  // of the plan
  std::uint64_t budget_ = 0;
  bool decodes_only_ = true;
  bool new_has_token_ = false;
};

}  // namespace

Nanoseconds first_token_time(ForecastState state, const EngineSettings& engine,
                             const models::StepTimeModel& step_time) {
  return Forecast(std::move(state), engine, step_time).run();
}

}  // namespace kvsim::sim
