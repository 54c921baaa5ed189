// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/pool_spec.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/read_residency.h"
#include "sim/scenario/setting_reader.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

// The engine map with its keys as vLLM's Python arguments spell them.
Node plain_flag_names(const Node& engine, const std::string& file, Problems& problems) {
  Node plain = engine;
  for (auto& [key, value] : plain.members) {
    if (key.starts_with("--")) key.erase(0, 2);
    std::replace(key.begin(), key.end(), '-', '_');
  }
  for (std::size_t i = 0; i < plain.members.size(); ++i) {
    const Node* first = plain.find(plain.members[i].first);
    if (first == &plain.members[i].second) continue;
    problems.add(plain.members[i].second.place_in(file), "engine." + plain.members[i].first,
                 "the flag stands here twice", "keep one of them");
  }
  return plain;
}

void read_engine(Fields& fields, EngineSpec& engine, Problems& problems) {
  Fields as_written = fields.map("engine");
  const Node* node = fields.raw("engine");
  if (!as_written.present() || !node->is_map()) {
    return;
  }
  const Node plain = plain_flag_names(*node, fields.file(), problems);
  Fields flags(&plain, fields.file(), as_written.path(), problems);
  visit_engine(engine, SettingReader(flags));
  if (const char* ranks = "tensor_parallel_size"; flags.has(ranks)) {
    flags.raw(ranks);
    flags.problem(ranks, "stands in `engine`", "give it as `tp` of the pool");
  }
  flags.finish();
}

struct Line {
  std::string key;  // dotted
  std::string value;
};

class Writer {
 public:
  explicit Writer(std::vector<Line>& lines) : lines_(lines) {}
  template <class T, class Form>
  void operator()(std::string_view key, const Setting<T>& setting, const Form& how) {
    if (setting.given()) lines_.push_back({std::string(key), text(*setting, how)});
  }

 private:
  template <class Form>
  static std::string text(const std::string& value, const Form&) {
    return yaml_text(value);
  }
  static std::string text(const std::string& value, const form::Seed&) { return value; }
  template <class Form>
  static std::string text(std::uint64_t value, const Form&) {
    return fmt::format("{}", value);
  }
  static std::string text(std::uint64_t value, const form::Tokens& how) {
    return how.may_be_auto && value == 0 ? "auto" : fmt::format("{}", value);
  }
  template <class Form>
  static std::string text(double value, const Form&) {
    return yaml_number(value);
  }
  static std::string text(const Labels& value, const form::LabelMap&) { return labels_yaml(value); }
  static std::string text(bool value, const form::Flag&) { return value ? "true" : "false"; }

  std::vector<Line>& lines_;
};

// Lines with dotted keys as members of a map, maps within it in braces.
std::vector<std::string> members(const std::vector<Line>& lines) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t dot = lines[i].key.find('.');
    if (dot == std::string::npos) {
      result.push_back(lines[i].key + ": " + lines[i].value);
      continue;
    }
    const std::string head = lines[i].key.substr(0, dot + 1);
    std::vector<Line> inner;
    for (; i < lines.size() && lines[i].key.starts_with(head); ++i)
      inner.push_back({lines[i].key.substr(dot + 1), lines[i].value});
    --i;
    result.push_back(fmt::format("{}: {{{}}}", head.substr(0, dot), join(members(inner), ", ")));
  }
  return result;
}

}  // namespace

Place place_at(const std::string& file, int line, const std::string& path) { return {{file, line, 0}, path}; }

void add_problems(const InputError& error, const Place& fallback, Problems& problems) {
  for (const Problem& found : error.problems()) {
    const bool placed = !found.where.file.empty();
    problems.add(placed ? found.where : fallback.where, placed ? found.path : fallback.path, found.message,
                 found.remedy);
  }
}

std::string inner_path(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::vector<std::string> pool_keys() {
  std::vector<std::string> keys;
  for (const std::string& key : dotted_pool_keys()) {
    const std::string head = key.substr(0, key.find('.'));
    if (keys.empty() || keys.back() != head) keys.push_back(head);
  }
  return keys;
}

std::vector<std::string> dotted_pool_keys() {
  std::vector<std::string> keys;
  const PoolSpec pool;
  visit_dotted(pool, [&](const std::string& key, const auto&, const auto&) { keys.push_back(key); });
  return keys;
}

PoolSpec read_pool_spec(Fields& fields, Problems& problems) {
  PoolSpec pool;
  pool.place = {fields.location(), fields.path()};
  visit_pool(pool, SettingReader(fields));
  const auto read_map = [&](const char* key, const auto& visit) {
    Fields map = fields.map(key);
    SettingReader reader(map);
    visit(reader);
    reader.finish_inner_maps();
    map.finish();
  };
  read_map("frontend", [&](SettingReader& reader) { visit_frontend(pool.frontend, reader); });
  read_map("kv", [&](SettingReader& reader) { visit_kv(pool.kv, reader); });
  read_map("types", [&](SettingReader& reader) { visit_types(pool.types, reader); });
  read_engine(fields, pool.engine, problems);
  return pool;
}

void merge(PoolSpec& base, const PoolSpec& above) {
  std::vector<const void*> settings;  // of `above`, in the order in which those of `base` are met
  visit_dotted(above,
               [&](const std::string&, const auto& setting, const auto&) { settings.push_back(&setting); });
  std::size_t next = 0;
  visit_dotted(base, [&]<class T>(const std::string&, Setting<T>& setting, const auto&) {
    const auto& other = *static_cast<const Setting<T>*>(settings[next++]);
    if (other.given()) setting = other;
  });
}

std::string pool_spec_yaml(const PoolSpec& pool) {
  std::vector<Line> plain, frontend, types, kv, engine;
  visit_pool(pool, Writer(plain));
  visit_frontend(pool.frontend, Writer(frontend));
  visit_types(pool.types, Writer(types));
  visit_kv(pool.kv, Writer(kv));
  visit_engine(pool.engine, Writer(engine));
  std::vector<std::string> lines = members(plain);
  if (!frontend.empty()) lines.push_back("frontend: {" + join(members(frontend), ", ") + "}");
  if (!types.empty()) lines.push_back("types: {" + join(members(types), ", ") + "}");
  if (!kv.empty()) lines.push_back("kv:\n      " + join(members(kv), "\n      "));
  if (!engine.empty()) lines.push_back("engine:\n      " + join(members(engine), "\n      "));
  return "  - " + join(lines, "\n    ") + "\n";
}

}  // namespace kvsim::sim
