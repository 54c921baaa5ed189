// SPDX-License-Identifier: Apache-2.0
// What holds for every model card on every accelerator of the catalog with the shipped priors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/errors.h"
#include "tests/models/step_time_fixture.h"

namespace kvsim::models {
namespace {

struct World {
  Catalog catalog = Catalog::load_default();
  ModelLibrary models = ModelLibrary::load_default();
  ProfileLibrary library = ProfileLibrary::load_default();
};
const World& world() {
  static const World loaded;
  return loaded;
}

struct Replica {
  const ModelCard* card;
  const Accelerator* accelerator;
  std::uint32_t tp;
  StepTimeResult result;
  std::string name() const { return card->name + " on " + accelerator->name + " tp " + std::to_string(tp); }
};

// Random setups until `count` of them are possible; impossible ones must be refused as bad input, never
// otherwise.
void for_random_setups(int count, const char* name,
                       const std::function<void(const Replica&, RandomStream&)>& check) {
  constexpr std::uint64_t kSeed = 20261123;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", stream " << name);
  RandomStream random(kSeed, name);
  for (int made = 0; made < count;) {
    const auto& cards = world().models.cards();
    const auto& accelerators = world().catalog.accelerators();
    Replica setup{&cards[random.below(cards.size())],
                  &accelerators[random.below(accelerators.size())],
                  1u << random.below(4),
                  {}};
    StepTimeInput input{*setup.card, *setup.accelerator, published_types(*setup.card), setup.tp, "0.19.0"};
    input.library = &world().library;
    input.async_scheduling = random.below(3) > 0;
    input.cuda_graphs = random.below(3) > 0;
    if (random.below(3) == 0) input.types.kv = NumberType::kFp8;
    if (random.below(3) == 0) input.types.weights = input.types.matmul = NumberType::kFp8;
    try {
      setup.result = make_step_time(input);
    } catch (const InputError&) {
      continue;
    }
    ++made;
    check(setup, random);
  }
}

TEST(StepTimeProperty, NeverFasterThanTheRoofline) {
  for_random_setups(1500, "roofline", [](const Replica& setup, RandomStream& random) {
    for (int i = 0; i < 20; ++i) {
      const StepCost cost = setup.result.model->cost(random_work(random));
      ASSERT_GT(cost.seconds.first, 0) << setup.name();
      ASSERT_GE(cost.seconds.first, cost.ideal_compute_seconds.first) << setup.name();
      ASSERT_GE(cost.seconds.first, cost.ideal_memory_seconds.first) << setup.name();
      ASSERT_GE(cost.seconds.growth, 0) << setup.name();
      ASSERT_GE(cost.steps, 1u) << setup.name();
    }
  });
}

// One more token of context, of a chunk, or one more sequence never makes a step shorter.
TEST(StepTimeProperty, MoreWorkNeverTakesLess) {
  for_random_setups(1000, "monotone", [](const Replica& setup, RandomStream& random) {
    const StepTimeModel& model = *setup.result.model;
    std::vector<std::uint64_t> contexts(1 + random.below(600));
    for (auto& context : contexts) context = 1 + random.below(5000);
    std::vector<Chunk> chunks(random.below(3));
    for (Chunk& chunk : chunks) chunk = {random.below(20000), 1 + random.below(1000)};
    const double base = model.cost(work_of(contexts, chunks)).seconds.first;
    const auto check = [&](const char* what, const std::vector<std::uint64_t>& c,
                           const std::vector<Chunk>& p) {
      const double more = model.cost(work_of(c, p)).seconds.first;
      ASSERT_GE(more, base * (1 - 1e-12))
          << setup.name() << ": " << what << ", " << contexts.size() << " decodes";
    };
    auto longer = contexts;
    ++longer[0];
    check("a token of context", longer, chunks);
    auto wider = contexts;
    wider.push_back(1);
    check("a decode", wider, chunks);
    auto more = chunks;
    more.push_back({0, 1});
    check("a chunk", contexts, more);
    if (chunks.empty()) return;
    more = chunks;
    ++more[0].tokens;
    check("a token of a chunk", contexts, more);
    more = chunks;
    ++more[0].start;
    check("a token before a chunk", contexts, more);
  });
}

// The lines of a step predict every later step for as long as they are said to hold.
TEST(StepTimeProperty, LinesAgreeWithLaterSteps) {
  for_random_setups(1000, "lines", [](const Replica& setup, RandomStream& random) {
    const StepTimeModel& model = *setup.result.model;
    std::vector<std::uint64_t> contexts(1 + random.below(300));
    for (auto& context : contexts) context = 1 + random.below(3000);
    const StepWork work = work_of(contexts);
    const StepCost cost = model.cost(work);
    const std::uint64_t last = std::min<std::uint64_t>(cost.steps, 100000);
    for (const std::uint64_t j : {std::uint64_t{1}, 1 + random.below(last), last}) {
      const StepCost then = model.cost(later(work, j - 1));
      const auto agree = [&](const Line& line, const Line& at_j, const char* what) {
        ASSERT_NEAR(line.at(j), at_j.first, 1e-12 * at_j.first)
            << setup.name() << " " << what << " step " << j;
      };
      agree(cost.seconds, then.seconds, "seconds");
      agree(cost.ideal_memory_seconds, then.ideal_memory_seconds, "memory");
      agree(cost.ideal_compute_seconds, then.ideal_compute_seconds, "compute");
    }
  });
}

// Steps in as few pieces as the model allows take as long as steps one at a time.
TEST(StepTimeProperty, PiecesAddUpToSingleSteps) {
  for_random_setups(60, "pieces", [](const Replica& setup, RandomStream& random) {
    const StepTimeModel& model = *setup.result.model;
    constexpr std::uint64_t kSteps = 3000;
    std::vector<std::uint64_t> contexts(1 + random.below(64));
    for (auto& context : contexts) context = 1 + random.below(500);
    const StepWork start = work_of(contexts);
    const auto after = [&](std::uint64_t steps) { return model.cost(later(start, steps)); };
    double pieces = 0;
    double singles = 0;
    int questions = 0;
    for (std::uint64_t done = 0; done < kSteps; ++questions) {
      const StepCost cost = after(done);
      const std::uint64_t now = std::min(cost.steps, kSteps - done);
      pieces += cost.seconds.sum(now);
      done += now;
    }
    for (std::uint64_t done = 0; done < kSteps; ++done) singles += after(done).seconds.first;
    ASSERT_NEAR(pieces, singles, 1e-10 * singles) << setup.name();
    ASSERT_LE(questions, 8) << setup.name();
  });
}

// The bytes of one decode step are the weights of a rank, less the table of input embeddings, of which one
// row is read.
TEST(StepTimeProperty, DenseDecodeReadsTheWeightsOnce) {
  for_random_setups(100, "weights", [](const Replica& setup, RandomStream&) {
    const ModelCard& card = *setup.card;
    if (card.moe) return;
    Types types = published_types(card);
    StepTimeInput input{card, *setup.accelerator, types, setup.tp, ""};
    input.library = &world().library;
    const StepCost cost = make_step_time(input).model->cost(work_of({1}));
    const double read =
        cost.ideal_memory_seconds.first * setup.accelerator->memory_bandwidth_bytes_per_second.value;
    const double table =
        static_cast<double>(card.vocabulary * card.hidden) * bytes_per_value(types.embeddings) / setup.tp;
    const double expected = weight_bytes_per_rank(card, types, setup.tp) - (card.tied_embeddings ? 0 : table);
    ASSERT_NEAR(read, expected, 0.01 * expected) << setup.name();
  });
}

TEST(StepTimeProperty, EveryAcceleratorHasAPrior) {
  const ModelCard* card = world().models.find("Llama-3.1-8B");
  ASSERT_NE(card, nullptr);
  const ProfileLibrary priors = priors_alone(world().library);
  for (const Accelerator& accelerator : world().catalog.accelerators()) {
    StepTimeInput input{*card, accelerator, published_types(*card), 1, "0.19.0"};
    input.library = &priors;
    const StepTimeResult result = make_step_time(input);
    EXPECT_EQ(result.profile, "prior");
    EXPECT_FALSE(result.notes.empty()) << accelerator.name;
    EXPECT_GT(result.frontend_seconds, 0);
    EXPECT_GT(result.activation_bytes, 1e9);
  }
}

}  // namespace
}  // namespace kvsim::models
