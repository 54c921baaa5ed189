// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "traces/generators/content_id.h"
#include "traces/inference_perf/prompts.h"

namespace kvsim::traces::inference_perf {

namespace {

constexpr std::uint64_t kMaxContext = 100'000'000;  // tokens; a context stops growing there

struct Prompt {
  std::uint32_t group = 0;
  std::uint32_t number = 0;
  std::uint32_t question_tokens = 1;
  std::uint32_t output_tokens = 1;
};

class SharedPrefixPrompts : public Prompts {
 public:
  SharedPrefixPrompts(const SharedPrefix& settings, std::uint64_t seed) : settings_(settings) {
    RandomStream random(seed, "inference-perf/data/lengths");
    for (std::uint32_t group = 0; group < settings.groups; ++group) {
      system_tokens_.push_back(system_length(random));
      for (std::uint32_t i = 0; i < settings.prompts_per_group; ++i) {
        const std::uint32_t question = settings.question.distribution.sample_tokens(random);
        const std::uint32_t output = settings.output.distribution.sample_tokens(random);
        prompts_.push_back({group, static_cast<std::uint32_t>(prompts_.size()), question, output});
      }
    }
    RandomStream order(seed, "inference-perf/data/shuffle");
    order.shuffle(prompts_);
    if (settings.multi_turn) make_contexts();
  }

  void fill(std::uint64_t index, std::uint64_t number, Request& request) override {
    const Prompt& prompt = prompts_[index % prompts_.size()];
    if (settings_.multi_turn) {
      request.prompt = contexts_[index % contexts_.size()];
      request.session = content_id(0, Content::kSession, index % contexts_.size());
    } else {
      request.prompt = system_prompt(prompt.group);
    }
    append_piece(request.prompt,
                 {content_id(0, Content::kQuestion, prompt.number), 0, prompt.question_tokens});
    request.input_tokens = static_cast<std::uint32_t>(total_tokens(request.prompt));
    request.output_tokens = prompt.output_tokens;
    request.output_stream = content_id(0, Content::kAnswer, number);
    if (settings_.multi_turn) remember(index % contexts_.size(), request);
  }

  std::optional<std::uint64_t> session_of(std::uint64_t index) const override {
    return settings_.multi_turn ? std::optional(index % contexts_.size()) : std::nullopt;
  }

  void answered(std::uint64_t session) override {
    if (total_tokens(next_contexts_[session]) > kMaxContext) return;
    contexts_[session] = std::move(next_contexts_[session]);
  }

 private:
  std::uint32_t system_length(RandomStream& random) {
    return static_cast<std::uint32_t>(std::floor(settings_.system_prompt.distribution.sample(random) + 0.5));
  }

  std::vector<Piece> system_prompt(std::uint32_t group) const {
    if (system_tokens_[group] == 0) return {};
    return {{content_id(0, Content::kShared, group), 0, system_tokens_[group]}};
  }

  // One user for each prompt; a user keeps the system prompt of his group, the questions come in shuffled
  // order.
  void make_contexts() {
    for (std::uint32_t user = 0; user < prompts_.size(); ++user) {
      contexts_.push_back(system_prompt(user / settings_.prompts_per_group));
    }
    next_contexts_.resize(contexts_.size());
  }

  void remember(std::uint64_t session, const Request& request) {
    next_contexts_[session] = request.prompt;
    append_piece(next_contexts_[session], {request.output_stream, 0, request.output_tokens});
  }

  SharedPrefix settings_;
  std::vector<std::uint32_t> system_tokens_;  // by group
  std::vector<Prompt> prompts_;
  std::vector<std::vector<Piece>> contexts_;  // by user; kept from stage to stage
  std::vector<std::vector<Piece>> next_contexts_;
};

}  // namespace

std::unique_ptr<Prompts> make_shared_prefix(const SharedPrefix& settings, std::uint64_t seed) {
  return std::make_unique<SharedPrefixPrompts>(settings, seed);
}

}  // namespace kvsim::traces::inference_perf
