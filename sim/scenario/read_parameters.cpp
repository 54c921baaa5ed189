// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/quantity.h"
#include "base/text.h"
#include "sim/scenario/pool_spec.h"
#include "sim/scenario/setting.h"

namespace kvsim::sim {
namespace {

std::string number_remedy(const PluginParameter& parameter) {
  const NumberRange& range = parameter.range;
  const char* const kind = parameter.form == ParameterForm::kWhole ? "a whole number" : "a number";
  const char* const low = range.low_open ? "above" : "from";
  return fmt::format("give {} {} {} to {}", kind, low, range.low, range.high);
}

std::optional<double> number_in(const PluginParameter& parameter, const std::string& text) {
  const auto value = parse_double(text);
  if (!value || *value < parameter.range.low || *value > parameter.range.high) return {};
  if (parameter.range.low_open && *value == parameter.range.low) return {};
  if (parameter.form == ParameterForm::kWhole && *value != std::floor(*value)) return {};
  return value;
}

std::optional<double> flag_of(const std::string& text) {
  const std::string word = lower(text);
  if (word != "true" && word != "false") return {};
  return word == "true" ? 1 : 0;
}

std::optional<double> duration_of(const std::string& text) {
  const auto seconds = parse_duration_seconds(text);
  return seconds && *seconds <= kLongestSeconds ? seconds : std::nullopt;
}

// Puts the value of one parameter where its form says, under `key`.
class ValueReader {
 public:
  ValueReader(Parameters& into, const std::string& file, RouterVersion version, Problems& problems)
      : into_(into), file_(file), version_(version), problems_(problems) {}

  // False: a problem was told.
  bool read(const PluginParameter& parameter, const std::string& key, const Node& node,
            const std::string& path) {
    switch (parameter.form) {
      case ParameterForm::kNumber:
      case ParameterForm::kWhole:
        return number(key, node, path, number_remedy(parameter),
                      [&](const std::string& text) { return number_in(parameter, text); });
      case ParameterForm::kFlag:
        return number(key, node, path, "give true or false", flag_of);
      case ParameterForm::kDuration:
        return number(key, node, path, "give a duration such as 200ms or 1m30s", duration_of);
      case ParameterForm::kQuantity:
        return number(key, node, path, "give a quantity such as 500, 5k or 1Gi",
                      [](const std::string& text) { return parse_kubernetes_quantity(text); });
      case ParameterForm::kText:
      case ParameterForm::kPlugin:
        return text(key, node, path);
      case ParameterForm::kChoice:
        return choice(parameter, key, node, path);
      case ParameterForm::kTexts:
        return texts(key, node, path);
      case ParameterForm::kLabels:
        return labels(key, node, path);
      case ParameterForm::kMaps:
        return maps(parameter, key, node, path);
    }
    return false;
  }

  void take_default(const PluginParameter& parameter, const std::string& key) {
    const std::string& standard = parameter.standard_in(version_);
    Node node;
    node.kind = Node::Kind::kScalar;
    node.scalar = standard;
    if (parameter.form == ParameterForm::kTexts || parameter.form == ParameterForm::kLabels ||
        parameter.form == ParameterForm::kMaps)
      node = *parse_yaml(standard.empty() ? "[]" : standard, "").root;
    if (parameter.form == ParameterForm::kLabels) node.kind = Node::Kind::kMap;
    read(parameter, key, node, "");
  }

 private:
  bool refuse(const Node& node, const std::string& path, const std::string& remedy) {
    const std::string found = node.is_scalar()     ? fmt::format("\"{}\"", shortened(node.scalar))
                              : node.is_map()      ? "a map"
                              : node.is_sequence() ? "a list"
                                                   : "nothing";
    problems_.add(node.place_in(file_), path, "found " + found, remedy);
    return false;
  }

  template <class Parse>
  bool number(const std::string& key, const Node& node, const std::string& path, const std::string& remedy,
              Parse parse) {
    const std::optional<double> value = node.is_scalar() ? parse(node.scalar) : std::nullopt;
    if (!value) return refuse(node, path, remedy);
    into_.numbers[key] = *value;
    return true;
  }

  bool text(const std::string& key, const Node& node, const std::string& path) {
    if (!node.is_scalar()) return refuse(node, path, "give text");
    into_.texts[key] = node.scalar;
    return true;
  }

  bool choice(const PluginParameter& parameter, const std::string& key, const Node& node,
              const std::string& path) {
    const std::string given = node.is_scalar() ? squeezed(node.scalar) : "";
    std::vector<std::string> names;
    for (const PluginParameter::Choice& one : parameter.choices) {
      names.push_back(one.name);
      const bool is_other = std::any_of(one.also.begin(), one.also.end(),
                                        [&](const std::string& other) { return squeezed(other) == given; });
      if (given.empty() || (squeezed(one.name) != given && !is_other)) continue;
      into_.texts[key] = one.name;
      return true;
    }
    return refuse(node, path, valid_names_remedy(node.scalar, names));
  }

  bool texts(const std::string& key, const Node& node, const std::string& path) {
    std::vector<std::string> values;
    if (node.is_scalar()) values.push_back(node.scalar);
    for (const Node& item : node.items) {
      if (!item.is_scalar()) return refuse(item, path, "give a list of texts");
      values.push_back(item.scalar);
    }
    if (node.is_map()) return refuse(node, path, "give a list of texts");
    into_.lists[key] = std::move(values);
    return true;
  }

  bool labels(const std::string& key, const Node& node, const std::string& path) {
    if (!node.is_map()) return refuse(node, path, "give a map of labels");
    std::vector<std::string> values;
    for (const auto& [name, value] : node.members) {
      if (!value.is_scalar()) return refuse(value, inner_path(path, name), "give text");
      values.push_back(name + "=" + value.scalar);
    }
    std::sort(values.begin(), values.end());
    into_.lists[key] = std::move(values);
    return true;
  }

  bool maps(const PluginParameter& parameter, const std::string& key, const Node& node,
            const std::string& path) {
    if (!node.is_sequence()) return refuse(node, path, "give a list of maps");
    for (std::size_t i = 0; i < node.items.size(); ++i)
      map(parameter, fmt::format("{}.{}", key, i), node.items[i], fmt::format("{}[{}]", path, i));
    into_.numbers[key + ".count"] = static_cast<double>(node.items.size());
    return true;
  }

  void map(const PluginParameter& parameter, const std::string& key, const Node& node,
           const std::string& path) {
    ParameterReader reader(parameter.fields, version_, problems_);
    const Parameters values = reader.read({&node, file_, path});
    for (const UnusedParameter& unused : reader.unused())
      problems_.add(unused.where, path, fmt::format("unknown key '{}'", unused.key), "leave it out");
    for (const auto& [name, value] : values.numbers) into_.numbers[key + "." + name] = value;
    for (const auto& [name, value] : values.texts) into_.texts[key + "." + name] = value;
    for (const auto& [name, value] : values.lists) into_.lists[key + "." + name] = value;
  }

  Parameters& into_;
  const std::string& file_;
  RouterVersion version_;
  Problems& problems_;
};

// What of a map of parameters no reader asks for.
class UnusedFinder {
 public:
  explicit UnusedFinder(const std::vector<PluginParameter>& known) {
    for (const PluginParameter& parameter : known) {
      keys_.push_back({parameter.key, &parameter});
      for (const std::string& other : parameter.also) keys_.push_back({other, &parameter});
    }
  }

  void visit(const Node& node, const std::string& file, const std::string& key,
             std::vector<UnusedParameter>& unused) const {
    const bool leads_on = key.empty() || has_deeper(key);
    const PluginParameter* exact = find(key);
    if (exact != nullptr && exact->no_effect.empty()) return;
    if (leads_on && node.is_map()) {
      for (const auto& [name, value] : node.members) {
        const std::string inner = inner_path(key, name);
        if (name.find('.') == std::string::npos)
          visit(value, file, inner, unused);
        else
          unused.push_back({inner, "", value.place_in(file)});
      }
    } else {
      unused.push_back({key, reason_of(key), node.place_in(file)});
    }
  }

 private:
  struct Key {
    std::string text;
    const PluginParameter* parameter;
  };

  const PluginParameter* find(const std::string& key) const {
    const auto found =
        std::find_if(keys_.begin(), keys_.end(), [&](const Key& known) { return known.text == key; });
    return found == keys_.end() ? nullptr : found->parameter;
  }
  bool has_deeper(const std::string& key) const {
    return std::any_of(keys_.begin(), keys_.end(),
                       [&](const Key& known) { return known.text.starts_with(key + "."); });
  }
  // Of the key itself or of the innermost map around it.
  std::string reason_of(std::string key) const {
    for (;;) {
      if (const PluginParameter* known = find(key)) return known->no_effect;
      const std::size_t dot = key.rfind('.');
      if (dot == std::string::npos) return "";
      key.resize(dot);
    }
  }

  std::vector<Key> keys_;
};

}  // namespace

std::string squeezed(std::string_view word) {
  std::string letters = lower(word);
  std::erase_if(letters, [](char c) { return c == '-' || c == '_'; });
  return letters;
}

const Node* find_dotted(const Node* map, std::string_view dotted_key) {
  for (const std::string_view key : split(dotted_key, '.')) {
    if (map == nullptr) return nullptr;
    map = map->find(key);
  }
  return map == nullptr || map->is_null() ? nullptr : map;
}

std::string ParameterReader::given_key(const GivenParameters& given, const PluginParameter& parameter) {
  std::string chosen;
  std::vector<std::string> keys{parameter.key};
  keys.insert(keys.end(), parameter.also.begin(), parameter.also.end());
  for (const std::string& key : keys) {
    const Node* value = find_dotted(given.node, key);
    if (value != nullptr && !chosen.empty())
      unused_.push_back({key, chosen + " stands beside it", value->place_in(given.file)});
    if (value != nullptr && chosen.empty()) chosen = key;
  }
  return chosen;
}

Parameters ParameterReader::read(const GivenParameters& given) {
  Parameters result;
  if (given.node != nullptr && !given.node->is_map() && !given.node->is_null())
    problems_.add(given.node->place_in(given.file), given.path, "found no map", "give a map of parameters");
  ValueReader values(result, given.file, version_, problems_);
  for (const PluginParameter& parameter : known_) {
    if (!parameter.no_effect.empty()) continue;
    const std::string key = given_key(given, parameter);
    const bool is_read = !key.empty() && values.read(parameter, parameter.key, *find_dotted(given.node, key),
                                                     inner_path(given.path, key));
    if (!is_read) values.take_default(parameter, parameter.key);
  }
  if (given.node != nullptr && given.node->is_map())
    UnusedFinder(known_).visit(*given.node, given.file, "", unused_);
  return result;
}

}  // namespace kvsim::sim
