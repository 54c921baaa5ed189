// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/foreign.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "sim/scenario/helm_values.h"
#include "sim/scenario/vllm_arguments.h"

namespace kvsim::sim {
namespace {

constexpr std::uint64_t kLargestForeignFile = 64ull << 20;

std::vector<ForeignPool> read_script(const std::string& text, const std::string& file,
                                     ForeignReading& reading) {
  std::vector<ForeignPool> pools;
  for (const Command& command : shell_commands(text, file, 1, reading.variables)) {
    const auto server = server_command(command);
    if (!server) continue;
    ServerSettings settings = read_server_command(*server, file, reading);
    if (settings.data_parallel > 1) {
      set_member(settings.pool, "replicas",
                 scalar_node(fmt::format("{}", settings.data_parallel), server->line));
    }
    const Place place = place_at(file, server->line, "");
    settings.questions.push_back({"accelerator", place, "the command does not tell it"});
    if (!pools.empty()) {
      set_member(settings.pool, "name",
                 scalar_node(fmt::format("server-{}", pools.size() + 1), server->line));
    }
    Fields fields(&settings.pool, file, "", reading.problems);
    pools.push_back({read_pool_spec(fields, reading.problems), std::move(settings.questions)});
  }
  return pools;
}

// `set` as one map of pool keys for all pools, one for each pool by name, and variables.
class Answers {
 public:
  Answers(Fields& set, Problems& problems) : set_(set), problems_(problems) {
    known_ = dotted_pool_keys();
    for (const std::string& key : set.keys()) {
      const Node* value = set.raw(key);
      const bool is_labels = value->is_map() && (key == "labels" || key.ends_with(".labels"));
      if (!value->is_scalar() && !is_labels) {
        set.problem(key, "found no plain value", "give KEY: VALUE, such as accelerator: MI325X");
      } else if (is_pool_key(key)) {
        set_dotted(every_pool_, key, *value);
      } else if (const std::size_t dot = key.find('.');
                 dot != std::string::npos && is_pool_key(key.substr(dot + 1))) {
        set_dotted(by_pool_[key.substr(0, dot)], key.substr(dot + 1), *value);
      } else {
        variables_[key] = value->scalar;
      }
    }
  }

  const std::map<std::string, std::string>& variables() const { return variables_; }

  PoolSpec for_pool(const std::string& name) {
    PoolSpec spec = read(every_pool_);
    const auto own = by_pool_.find(name);
    if (own == by_pool_.end()) return spec;
    merge(spec, read(own->second));
    used_.insert(name);
    return spec;
  }

  void refuse_unused(const Variables& given) {
    for (const std::string& name : given.unused()) {
      set_.problem(name, "is no key of a pool, and the file asks for no such variable",
                   valid_names_remedy(name, known_));
    }
    for (const auto& [name, unused] : by_pool_) {
      if (!used_.contains(name)) set_.problem("", fmt::format("no pool is named '{}'", name), "");
    }
  }

 private:
  bool is_pool_key(const std::string& key) const {
    return std::find(known_.begin(), known_.end(), key) != known_.end();
  }

  PoolSpec read(Node& map) {
    map.kind = Node::Kind::kMap;
    Fields fields(&map, set_.file(), set_.path(), problems_);
    return read_pool_spec(fields, problems_);
  }

  Fields& set_;
  Problems& problems_;
  std::vector<std::string> known_;
  Node every_pool_;
  std::map<std::string, Node> by_pool_;
  std::map<std::string, std::string> variables_;
  std::set<std::string> used_;
};

bool is_answered(const Question& question, const PoolSpec& spec) {
  bool answered = false;
  visit_dotted(spec, [&](const std::string& key, const auto& setting, const auto&) {
    answered = answered || (key == question.key && setting.given());
  });
  return answered || (question.key == "accelerator" && spec.server.given());
}

void ask(const Question& question, Problems& problems) {
  problems.add(question.place.where, question.place.path,
               fmt::format("{} is not known: {}", question.key, question.found),
               fmt::format("tell it: `set: {{{0}: ...}}` beside `from:`, or `kvsim import ... --set {0}=...`",
                           question.key));
}

}  // namespace

const std::string* Variables::find(const std::string& name) {
  const auto found = given_.find(name);
  if (found == given_.end()) return nullptr;
  used_.insert(name);
  return &found->second;
}

std::vector<std::string> Variables::unused() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : given_) {
    if (!used_.contains(name)) names.push_back(name);
  }
  return names;
}

std::vector<ForeignPool> read_foreign(const std::string& text, const std::string& file,
                                      ForeignReading& reading) {
  const bool is_values = file.ends_with(".yaml") || file.ends_with(".yml") || file.ends_with(".json");
  const std::vector<ForeignPool> pools = is_values
                                             ? read_helm_values(parse_yaml_documents(text, file), reading)
                                             : read_script(text, file, reading);
  if (pools.empty()) {
    reading.problems.add({file, 0, 0}, "",
                         is_values ? "no deployment: no map with `decode` or `prefill` that has replicas"
                                   : "no `vllm serve` command",
                         "give llm-d modelservice values (*.yaml), a shell script or a `vllm serve` line");
  }
  return pools;
}

std::vector<PoolSpec> read_foreign_text(const std::string& text, const std::string& file, Fields& set,
                                        FleetContext& context) {
  Answers answers(set, context.problems);
  Variables variables(answers.variables());
  ForeignReading reading{context.inputs.catalog, variables, context.problems, context.validity};
  std::vector<PoolSpec> specs;
  for (ForeignPool& pool : read_foreign(text, file, reading)) {
    merge(pool.spec, answers.for_pool(pool.spec.name.value_or("")));
    const std::size_t before = context.problems.all().size();
    for (const Question& question : pool.questions) {
      if (!is_answered(question, pool.spec)) ask(question, context.problems);
    }
    if (context.problems.all().size() > before) continue;
    if (!pool.spec.engine.version.given()) {
      context.validity.push_back(
          {file + ": engine.version", fmt::format("not told; vLLM {} is taken", EngineSettings().version)});
    }
    specs.push_back(std::move(pool.spec));
  }
  answers.refuse_unused(variables);
  return specs;
}

std::vector<PoolSpec> read_foreign_entry(Fields& entry, FleetContext& context) {
  const std::string file = entry.text("from");
  Fields set = entry.map("set");
  if (file.empty()) return {};
  const std::string path = context.path_of(file);
  try {
    return read_foreign_text(read_file(path, kLargestForeignFile), path, set, context);
  } catch (const InputError& error) {
    add_problems(error, {entry.location("from"), inner_path(entry.path(), "from")}, context.problems);
    return {};
  }
}

}  // namespace kvsim::sim
