// SPDX-License-Identifier: Apache-2.0
#include "traces/inference_perf/read_data.h"

#include <filesystem>

#include "base/text.h"
#include "traces/inference_perf/lenient_fields.h"

namespace kvsim::traces::inference_perf {

namespace {

constexpr std::uint64_t kMaxPrompts = 2'000'000;
const std::vector<std::string> kTypes = {"mock", "random", "synthetic", "shared_prefix",
                                         "conversation_replay"};

// A distribution under its own key wins over the plain length.
Lengths either(Fields& fields, const char* distribution, const char* length, const Lengths& fallback,
               Notes& notes) {
  const Lengths plain = read_lengths(fields, length, fallback, notes);
  return read_lengths(fields, distribution, plain, notes);
}

SharedPrefix read_shared_prefix(Fields fields, Notes& notes) {
  SharedPrefix prefix;
  const IntegerRange counts{1, static_cast<std::int64_t>(kMaxPrompts)};
  prefix.groups = static_cast<std::uint32_t>(fields.integer("num_groups", counts, 10));
  prefix.prompts_per_group = static_cast<std::uint32_t>(fields.integer("num_prompts_per_group", counts, 10));
  prefix.system_prompt = read_lengths(fields, "system_prompt_len", prefix.system_prompt, notes, 0);
  prefix.question = either(fields, "question_distribution", "question_len", prefix.question, notes);
  prefix.output = either(fields, "output_distribution", "output_len", prefix.output, notes);
  prefix.multi_turn = fields.boolean("enable_multi_turn_chat", false);
  if (std::uint64_t{prefix.groups} * prefix.prompts_per_group > kMaxPrompts) {
    fields.problem("num_groups", "too many prompts", "give at most 2000000 prompts over all groups");
    prefix.groups = prefix.prompts_per_group = 1;
  }
  pass_over(fields, {"seed"}, "kvsim draws from its own seed", notes);
  note_unknown(fields, notes);
  return prefix;
}

Distribution conversation_lengths(Fields& fields, const char* key, double fallback, Notes& notes,
                                  double lowest) {
  return read_lengths(fields, key, {Distribution(fallback), 0}, notes, lowest).distribution;
}

Conversations read_conversations(Fields fields, Notes& notes) {
  Conversations result;
  result.count = static_cast<std::uint32_t>(fields.integer("num_conversations", {1, 1'000'000}, 200));
  result.shared_system_prompt_tokens =
      static_cast<std::uint32_t>(fields.integer("shared_system_prompt_len", {0, 10'000'000}, 8359));
  result.own_system_prompt = conversation_lengths(fields, "dynamic_system_prompt_len", 0, notes, 0);
  result.turns = conversation_lengths(fields, "turns_per_conversation", 10, notes, 1);
  result.input_tokens = conversation_lengths(fields, "input_tokens_per_turn", 512, notes, 1);
  result.output_tokens = conversation_lengths(fields, "output_tokens_per_turn", 512, notes, 1);
  result.tool_call_seconds = conversation_lengths(fields, "tool_call_latency_sec", 0, notes, 0);
  result.max_model_len =
      static_cast<std::uint64_t>(fields.maybe_integer("max_model_len", {2, 100'000'000}).value_or(0));
  pass_over(fields, {"seed"}, "kvsim draws from its own seed", notes);
  note_unknown(fields, notes);
  for (const char* key : {"dynamic_system_prompt_len", "turns_per_conversation", "input_tokens_per_turn",
                          "output_tokens_per_turn", "tool_call_latency_sec"}) {
    if (!fields.has(key)) {
      notes.emplace_back(std::string("inference-perf: ") + fields.path() + "." + key,
                         "not given; kvsim's default need not be the tool's");
    }
  }
  return result;
}

DataType data_type(Fields& fields) {
  const std::string name = fields.text("type", "mock");
  if (name == "mock") return DataType::kMock;
  if (name == "random") return DataType::kRandom;
  if (name == "synthetic") return DataType::kSynthetic;
  if (name == "shared_prefix") return DataType::kSharedPrefix;
  if (name == "conversation_replay") return DataType::kConversationReplay;
  fields.problem(
      "type", "data of type '" + name.substr(0, 60) + "' has to be downloaded or is not known",
      valid_names_remedy(name, kTypes) + "; or a `kind: generate` workload with a table of lengths");
  return DataType::kMock;
}

}  // namespace

Data read_data(Fields& root, const std::string& folder, Notes& notes) {
  Fields fields = root.map("data");
  Data data;
  data.type = data_type(fields);
  data.input = read_lengths(fields, "input_distribution", {Distribution(512), 0}, notes);
  data.output = read_lengths(fields, "output_distribution", {Distribution(512), 0}, notes);
  if (data.type == DataType::kSharedPrefix)
    data.shared_prefix = read_shared_prefix(fields.map("shared_prefix"), notes);
  if (data.type == DataType::kConversationReplay) {
    data.conversations = read_conversations(fields.map("conversation_replay"), notes);
  }
  if (const Node* trace = fields.raw("trace"); trace != nullptr && !trace->is_null()) {
    Fields trace_fields = fields.map("trace");
    data.trace_file = (std::filesystem::path(folder) / trace_fields.text("file")).string();
    trace_fields.choice("format", {"AzurePublicDataset"}, "AzurePublicDataset");
    note_unknown(trace_fields, notes);
    data.type = DataType::kTraceLengths;
  }
  note_unknown(fields, notes);
  return data;
}

}  // namespace kvsim::traces::inference_perf
