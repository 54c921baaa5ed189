// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/pool_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

// Reads one setting as its form says.
class Reader {
 public:
  explicit Reader(Fields& fields) : fields_(fields) {}

  template <class T, class Form>
  void operator()(std::string_view key, Setting<T>& setting, const Form& how) {
    if (!fields_.has(key)) {
      fields_.maybe_text(key);  // so that it counts as a known key
      return;
    }
    setting.place = {fields_.location(key), inner_path(fields_.path(), key)};
    read(key, setting.value, how);
  }

 private:
  void read(std::string_view key, std::optional<std::string>& value, const form::Text&) {
    value = fields_.maybe_text(key);
    if (value && value->empty())
      fields_.problem(key, "found an empty text", "give a name, or leave the key out");
  }
  void read(std::string_view key, std::optional<std::string>& value, const form::OneOf& how) {
    value = fields_.choice(key, how.names, how.names.front());
  }
  void read(std::string_view key, std::optional<std::uint64_t>& value, const form::Whole& how) {
    const auto whole = fields_.maybe_integer(key, {how.low, how.high});
    if (whole) value = static_cast<std::uint64_t>(*whole);
  }
  void read(std::string_view key, std::optional<double>& value, const form::Number& how) {
    value = fields_.maybe_number(key, how.range);
  }
  void read(std::string_view key, std::optional<bool>& value, const form::Flag&) {
    value = fields_.maybe_boolean(key);
  }
  void read(std::string_view key, std::optional<std::uint64_t>& value, const form::Tokens& how) {
    const Node* node = fields_.raw(key);
    if (node->is_null()) return;
    const bool is_auto =
        how.may_be_auto && node->is_scalar() && (node->scalar == "auto" || node->scalar == "-1");
    const auto count = is_auto ? 0 : node->is_scalar() ? parse_token_count(node->scalar) : std::nullopt;
    if (!is_auto && (!count || *count < how.low || *count > how.high)) {
      fields_.problem(key,
                      fmt::format("found {}", node->is_scalar() ? "'" + node->scalar + "'" : "no number"),
                      fmt::format("give a whole number of tokens from {} to {}, such as 8192 or 8K{}",
                                  how.low, how.high, how.may_be_auto ? ", or auto" : ""));
      return;
    }
    value = static_cast<std::uint64_t>(*count);
  }

  Fields& fields_;
};

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
  visit_engine(engine, Reader(flags));
  flags.finish();
}

class Writer {
 public:
  explicit Writer(std::vector<std::string>& lines) : lines_(lines) {}
  template <class T, class Form>
  void operator()(std::string_view key, const Setting<T>& setting, const Form& how) {
    if (setting.given()) lines_.push_back(fmt::format("{}: {}", key, text(*setting, how)));
  }

 private:
  template <class Form>
  static std::string text(const std::string& value, const Form&) {
    return yaml_text(value);
  }
  static std::string text(std::uint64_t value, const form::Whole&) { return fmt::format("{}", value); }
  static std::string text(std::uint64_t value, const form::Tokens& how) {
    return how.may_be_auto && value == 0 ? "auto" : fmt::format("{}", value);
  }
  static std::string text(double value, const form::Number&) { return yaml_number(value); }
  static std::string text(bool value, const form::Flag&) { return value ? "true" : "false"; }

  std::vector<std::string>& lines_;
};

struct KeyList {
  std::vector<std::string>& keys;
  std::string prefix;
  template <class T, class Form>
  void operator()(std::string_view key, const Setting<T>&, const Form&) {
    keys.push_back(prefix + std::string(key));
  }
};

// Collects pointers in visiting order, so that two specs can be walked side by side.
struct Pointers {
  std::vector<const void*>& all;
  template <class T, class Form>
  void operator()(std::string_view, const Setting<T>& setting, const Form&) {
    all.push_back(&setting);
  }
};

struct Merger {
  const std::vector<const void*>& above;
  std::size_t next = 0;
  template <class T, class Form>
  void operator()(std::string_view, Setting<T>& setting, const Form&) {
    const auto& other = *static_cast<const Setting<T>*>(above[next++]);
    if (other.given()) setting = other;
  }
};

template <class Spec, class Visit>
void visit_all(Spec& pool, Visit& visit) {
  visit_pool(pool, visit);
  visit_types(pool.types, visit);
  visit_engine(pool.engine, visit);
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
  PoolSpec pool;
  visit_pool(pool, KeyList{keys, ""});
  return keys;
}

std::vector<std::string> dotted_pool_keys() {
  std::vector<std::string> keys = pool_keys();
  PoolSpec pool;
  visit_types(pool.types, KeyList{keys, "types."});
  visit_engine(pool.engine, KeyList{keys, "engine."});
  return keys;
}

PoolSpec read_pool_spec(Fields& fields, Problems& problems) {
  PoolSpec pool;
  pool.place = {fields.location(), fields.path()};
  visit_pool(pool, Reader(fields));
  Fields types = fields.map("types");
  visit_types(pool.types, Reader(types));
  types.finish();
  read_engine(fields, pool.engine, problems);
  return pool;
}

void merge(PoolSpec& base, const PoolSpec& above) {
  std::vector<const void*> pointers;
  Pointers collect{pointers};
  visit_all(above, collect);
  Merger merger{pointers};
  visit_all(base, merger);
}

std::string pool_spec_yaml(const PoolSpec& pool) {
  std::vector<std::string> lines, types, engine;
  visit_pool(pool, Writer(lines));
  visit_types(pool.types, Writer(types));
  visit_engine(pool.engine, Writer(engine));
  if (!types.empty()) lines.push_back("types: {" + join(types, ", ") + "}");
  if (!engine.empty()) lines.push_back("engine:\n      " + join(engine, "\n      "));
  return "  - " + join(lines, "\n    ") + "\n";
}

std::optional<std::int64_t> parse_token_count(std::string_view text) {
  static constexpr std::string_view kSuffixes = "kmgtKMGT";
  static constexpr double kFactors[] = {1e3, 1e6, 1e9, 1e12, 0x1p10, 0x1p20, 0x1p30, 0x1p40};
  const std::size_t suffix = text.empty() ? std::string_view::npos : kSuffixes.find(text.back());
  if (suffix == std::string_view::npos) return parse_integer(text);
  const auto number = parse_double(text.substr(0, text.size() - 1));
  if (!number || std::abs(*number) > 1e9 || std::abs(*number * kFactors[suffix]) > 1e15) return {};
  return static_cast<std::int64_t>(*number * kFactors[suffix]);
}

}  // namespace kvsim::sim
