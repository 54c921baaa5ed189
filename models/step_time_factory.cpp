// SPDX-License-Identifier: Apache-2.0
#include "models/step_time_factory.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/errors.h"
#include "base/text.h"
#include "models/physical_step_time.h"
#include "models/prior.h"
#include "models/step_table.h"
#include "models/step_time_terms.h"

namespace kvsim::models {
namespace {

struct TypeUse {
  NumberType type;
  const char* what;
  bool arithmetic;
};

std::vector<TypeUse> uses_of(const StepTimeInput& input) {
  const Types& t = input.types;
  std::vector<TypeUse> uses = {{t.weights, "weights", false},
                               {t.matmul, "matrix products", true},
                               {t.attention, "attention", true},
                               {t.kv, "KV cache", false}};
  if (input.card.moe) uses.push_back({t.expert_weights, "expert weights", false});
  return uses;
}

std::string type_names(const Accelerator& accelerator) {
  std::vector<std::string> names;
  for (const auto& [type, rate] : accelerator.arithmetic) {
    if (rate.support != Support::kUnsupported) names.emplace_back(kvsim::name(type));
  }
  return join(names, ", ");
}

void check_types(const StepTimeInput& input, Problems& problems) {
  if (input.accelerator.rate(NumberType::kBf16).support != Support::kNative) {
    problems.add({}, "", input.accelerator.name + " has no peak FLOP/s for bf16", "add it to the catalog");
  }
  std::set<NumberType> seen;
  for (const TypeUse& use : uses_of(input)) {
    if (input.accelerator.rate(use.type).support != Support::kUnsupported || !seen.insert(use.type).second) {
      continue;
    }
    problems.add({}, "",
                 fmt::format("{} does not support {} ({} of {})", input.accelerator.name,
                             kvsim::name(use.type), use.what, input.card.name),
                 "use one of: " + type_names(input.accelerator));
  }
}

void check(const StepTimeInput& input) {
  Problems problems;
  check_types(input, problems);
  if (input.tp < 1 || !tp_divides(input.card, input.tp)) {
    problems.add({}, "", fmt::format("{} cannot be split over {} devices", input.card.name, input.tp),
                 "give a tensor-parallel size that divides the heads and widths of the model");
  }
  if (input.accelerator.memory_bandwidth_bytes_per_second.value <= 0) {
    problems.add({}, "", input.accelerator.name + " has no memory bandwidth", "add it to the catalog");
  }
  if (input.tp > 1 && input.accelerator.interconnect_bytes_per_second.value <= 0) {
    problems.add({}, "", input.accelerator.name + " has no rate of its interconnect",
                 "add it to the catalog, or use a tensor-parallel size of 1");
  }
  problems.throw_if_any();
}

ProfileQuery query_of(const StepTimeInput& input) {
  return {input.accelerator.name,
          input.accelerator.vendor,
          input.engine_version,
          input.card.name,
          input.tp,
          input.types};
}

using Notes = std::vector<std::pair<std::string, std::string>>;

// It has an engine's own share of a step, or was fitted to what an engine served.
bool knows_an_engine(const PerformanceProfile& profile) {
  return profile.coefficients.contains("step_cpu_seconds") ||
         std::any_of(profile.errors.begin(), profile.errors.end(),
                     [](const FitError& error) { return error.metric != "step_seconds"; });
}

void note_profiles(const StepTimeInput& input, const PerformanceProfile* measured,
                   const std::vector<const PerformanceProfile*>& priors, Notes& notes) {
  const std::string& accelerator = input.accelerator.name;
  if (measured == nullptr) {
    notes.emplace_back("step time", "prior from kernel speeds; not calibrated to a serving run");
  } else if (!profile_fits(*measured, query_of(input))) {
    notes.emplace_back("step time",
                       fmt::format("profile {} was asked for, but is for another accelerator, engine "
                                   "version, model, tensor-parallel size or types",
                                   measured->name));
  } else if (lower(measured->measured_on) != lower(accelerator)) {
    notes.emplace_back("step time", fmt::format("profile {} was measured on {}, not on {}", measured->name,
                                                measured->measured_on, accelerator));
  }
  if (measured != nullptr && !knows_an_engine(*measured))
    notes.emplace_back("engine overheads",
                       "priors; profile " + measured->name + " was fitted without an engine");
  const auto kernels = std::find_if(priors.begin(), priors.end(), [](const PerformanceProfile* prior) {
    return prior->coefficients.contains("gemm_compute_share.bf16");
  });
  if (measured != nullptr || kernels == priors.end() || lower((*kernels)->measured_on) == lower(accelerator))
    return;
  notes.emplace_back("kernel speeds", fmt::format("none measured on {}; shares of peak from {} ({})",
                                                  accelerator, (*kernels)->measured_on, (*kernels)->name));
}

void note_types(const StepTimeInput& input, Notes& notes) {
  std::map<NumberType, bool> in_arithmetic;
  for (const TypeUse& use : uses_of(input)) in_arithmetic[use.type] |= use.arithmetic;
  for (const auto& [type, arithmetic] : in_arithmetic) {
    if (input.accelerator.rate(type).support != Support::kEmulated) continue;
    notes.emplace_back(std::string(kvsim::name(type)) + " on " + input.accelerator.name,
                       arithmetic ? "emulated: saves memory, arithmetic runs at bf16 speed"
                                  : "stored only: arithmetic runs in another type");
  }
}

void note_figures(const StepTimeInput& input, Notes& notes) {
  const Accelerator& a = input.accelerator;
  const auto note = [&](const Figure& figure, const std::string& what) {
    if (figure.unverified) notes.emplace_back(a.name + " " + what, "unverified figure: " + figure.source);
  };
  note(a.memory_bandwidth_bytes_per_second, "memory bandwidth");
  for (const NumberType type : std::set<NumberType>{input.types.matmul, input.types.attention}) {
    const ArithmeticRate rate = a.rate(arithmetic_of(a, type).type);
    note(rate.flops_per_second, std::string(kvsim::name(arithmetic_of(a, type).type)) + " FLOP/s");
  }
  if (input.tp > 1) note(a.interconnect_bytes_per_second, "interconnect");
  if (static_cast<int>(input.tp) > a.interconnect_domain) {
    notes.emplace_back(
        "tensor parallelism",
        fmt::format("{} devices are more than the {} that {} joins: host links carry the all-reduces",
                    input.tp, a.interconnect_domain, a.interconnect));
  }
  std::vector<std::string> fields;
  for (const std::string& field : input.card.unverified) {
    if (field != "max_context_tokens") fields.push_back(field);
  }
  if (!fields.empty()) notes.emplace_back("model " + input.card.name, "unverified: " + join(fields, ", "));
}

std::uint64_t to_tokens(double value) { return static_cast<std::uint64_t>(value); }

// A table faster than the hardware's peaks is a table of something else.
void check_table(const StepTable& table, const StepTimeModel& physical, const std::string& path) {
  Problems problems;
  for (std::size_t p = 0; p < table.axis(StepTable::kPrefill).size(); ++p) {
    for (std::size_t d = 0; d < table.axis(StepTable::kDecode).size(); ++d) {
      StepWork work;
      work.prefill_tokens = to_tokens(table.axis(StepTable::kPrefill)[p]);
      work.prefill_sequences = work.prefill_tokens > 0 ? 1 : 0;
      work.decode_sequences = to_tokens(table.axis(StepTable::kDecode)[d]);
      if (work.tokens() == 0) continue;
      const StepCost ideal = physical.cost(work);
      const double limit = std::max(ideal.ideal_compute_seconds.first, ideal.ideal_memory_seconds.first);
      const double fastest = table.seconds(p, d, 0);
      if (fastest >= limit) continue;
      problems.add(
          {path}, "",
          fmt::format("{} s for {} prefill tokens and {} decodes; the accelerator needs at least {} s",
                      fastest, work.prefill_tokens, work.decode_sequences, limit),
          "check that the table is for this model, accelerator and types");
    }
  }
  problems.throw_if_any();
}

std::vector<const PerformanceProfile*> chain_of(const PerformanceProfile* measured,
                                                const std::vector<const PerformanceProfile*>& priors) {
  std::vector<const PerformanceProfile*> chain;
  if (measured != nullptr) chain.push_back(measured);
  chain.insert(chain.end(), priors.begin(), priors.end());
  return chain;
}

void fill_memory(const StepTimeInput& input, const CoefficientChain& coefficients, StepTimeResult& result) {
  result.frontend_seconds = coefficients.value("frontend_seconds");
  result.activation_bytes =
      coefficients.value(input.card.moe ? "activation_moe_bytes" : "activation_dense_bytes");
  result.non_torch_bytes =
      coefficients.value(input.tp > 1 ? "non_torch_group_bytes" : "non_torch_single_bytes");
}

}  // namespace

StepTimeResult make_step_time(const StepTimeInput& input) {
  check(input);
  const ProfileLibrary shipped = input.library == nullptr ? ProfileLibrary::load_default() : ProfileLibrary();
  const ProfileLibrary& library = input.library == nullptr ? shipped : *input.library;
  const ProfileQuery query = query_of(input);
  const PerformanceProfile* measured = input.profile ? &*input.profile : library.choose(query);
  if (measured != nullptr) check_profile(*measured, &input.accelerator);
  const auto priors = library.priors(query);
  const CoefficientChain coefficients(chain_of(measured, priors));
  StepTerms terms = step_terms(input.card, input.accelerator, input.types, input.tp, coefficients,
                               {input.async_scheduling, input.cuda_graphs, input.max_num_seqs});
  StepTimeResult result;
  result.model = std::make_shared<PhysicalStepTime>(std::move(terms));
  result.profile = measured != nullptr ? measured->name : "prior";
  result.facts = measured != nullptr ? facts_of_profile(*measured, priors) : facts_of_prior(priors);
  if (measured != nullptr) result.num_gpu_blocks = measured->num_gpu_blocks;
  if (input.table) {
    StepTable table = StepTable::load(*input.table);
    check_table(table, *result.model, *input.table);
    result.facts = {StepTimeKind::kTable, *input.table, "", {}, {}, table.fitted()};
    result.model = std::make_shared<TableStepTime>(std::move(table), result.model);
    result.profile = "table";
  } else {
    if (measured != nullptr) {
      result.notes.emplace_back(
          "step time", fmt::format("profile {}, calibrated: {}", measured->name, in_words(result.facts)));
    }
    note_profiles(input, measured, priors, result.notes);
  }
  note_types(input, result.notes);
  note_figures(input, result.notes);
  fill_memory(input, coefficients, result);
  return result;
}

}  // namespace kvsim::models
