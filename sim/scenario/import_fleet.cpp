// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/import_fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "sim/scenario/foreign.h"
#include "sim/scenario/vllm_arguments.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

constexpr std::uint64_t kLargestSource = 64ull << 20;

bool is_command(const std::string& source) {
  std::error_code ignored;
  return source.find_first_of(" \t\n") != std::string::npos && !std::filesystem::exists(source, ignored);
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

std::string comments(const std::string& source, const std::vector<Validity>& validity) {
  std::string text = fmt::format("# Imported from {}\n", one_line(source));
  for (const Validity& note : validity) {
    text += fmt::format("# - {}: {}\n", one_line(note.what), one_line(note.reason));
  }
  return text;
}

}  // namespace

std::string import_fleet(const ImportRequest& request, const FleetInputs& inputs) {
  const bool command = is_command(request.source);
  const std::string file = command ? "command line" : request.source;
  const std::string text = command ? request.source : read_file(file, kLargestSource);
  Problems problems;
  std::vector<Validity> validity;
  FleetContext context{inputs, "", problems, validity};
  context.sites.push_back({.name = "local", .labels = {}, .site_rtt_seconds = {}});
  context.storage_follows = true;
  Node answers;
  answers.kind = Node::Kind::kMap;
  for (const auto& [key, value] : request.set) set_member(answers, key, scalar_node(value, 0));
  Fields set(&answers, "--set", "", problems);
  const std::vector<PoolSpec> specs = read_foreign_text(text, file, set, context);
  problems.throw_if_any();
  for (const PoolSpec& spec : specs) {
    if (spec.kv.storage.system.given())
      validity.push_back(
          {"storage", fmt::format("declare {} under `storage`, with its kind, capacity and bandwidth",
                                  *spec.kv.storage.system)});
  }
  const std::vector<Validity> notes = validity;
  for (const PoolSpec& spec : specs) resolve_pool(spec, context);
  problems.throw_if_any();
  const std::string stem = command ? "imported" : std::filesystem::path(file).stem().string();
  std::string yaml = comments(request.source, notes);
  yaml += fmt::format("name: {}\npools:\n", yaml_text(request.name.empty() ? stem : request.name));
  for (const PoolSpec& spec : specs) yaml += pool_spec_yaml(spec);
  return yaml;
}

}  // namespace kvsim::sim
