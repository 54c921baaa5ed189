// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/parameters_yaml.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

// Keys with dots become maps within maps, in the order in which they come.
class FlowMap {
 public:
  void put(std::string_view dotted_key, const std::string& value) {
    const std::size_t dot = dotted_key.find('.');
    if (dot == std::string_view::npos) {
      members_.push_back({std::string(dotted_key), value, {}});
      return;
    }
    inner(dotted_key.substr(0, dot)).put(dotted_key.substr(dot + 1), value);
  }

  std::string text() const {
    std::vector<std::string> members;
    for (const Member& member : members_) {
      members.push_back(fmt::format("{}: {}", yaml_text(member.key),
                                    member.inner.empty() ? member.value : member.inner.front().text()));
    }
    return fmt::format("{{{}}}", join(members, ", "));
  }

 private:
  struct Member {
    std::string key, value;
    std::vector<FlowMap> inner;  // one, where the value is a map
  };

  FlowMap& inner(std::string_view key) {
    for (Member& member : members_) {
      if (member.key == key) return member.inner.front();
    }
    members_.push_back({std::string(key), "", std::vector<FlowMap>(1)});
    return members_.back().inner.front();
  }

  std::vector<Member> members_;
};

std::string texts_yaml(const std::vector<std::string>& texts) {
  std::vector<std::string> members;
  for (const std::string& text : texts) members.push_back(yaml_text(text));
  return fmt::format("[{}]", join(members, ", "));
}

std::string labels_yaml(const std::vector<std::string>& labels) {
  std::vector<std::string> members;
  for (const std::string& label : labels) {
    const std::size_t at = label.find('=');
    members.push_back(yaml_text(label.substr(0, at)) + ": " + yaml_text(label.substr(at + 1)));
  }
  return fmt::format("{{{}}}", join(members, ", "));
}

std::string fields_yaml(const std::vector<PluginParameter>& known, const Parameters& parameters,
                        const std::string& prefix);

std::string maps_yaml(const PluginParameter& parameter, const Parameters& parameters,
                      const std::string& key) {
  std::vector<std::string> maps;
  const auto count = static_cast<std::size_t>(parameters.number(key + ".count"));
  for (std::size_t i = 0; i < count; ++i)
    maps.push_back(fields_yaml(parameter.fields, parameters, fmt::format("{}.{}.", key, i)));
  return fmt::format("[{}]", join(maps, ", "));
}

std::string value_yaml(const PluginParameter& parameter, const Parameters& parameters,
                       const std::string& key) {
  switch (parameter.form) {
    case ParameterForm::kFlag:
      return parameters.flag(key) ? "true" : "false";
    case ParameterForm::kDuration:
      return yaml_number(parameters.number(key)) + "s";
    case ParameterForm::kNumber:
    case ParameterForm::kWhole:
    case ParameterForm::kQuantity:
      return yaml_number(parameters.number(key));
    case ParameterForm::kText:
    case ParameterForm::kChoice:
    case ParameterForm::kPlugin:
      return yaml_text(parameters.text(key));
    case ParameterForm::kTexts:
      return texts_yaml(parameters.list(key));
    case ParameterForm::kLabels:
      return labels_yaml(parameters.list(key));
    case ParameterForm::kMaps:
      return maps_yaml(parameter, parameters, key);
  }
  return {};
}

std::string fields_yaml(const std::vector<PluginParameter>& known, const Parameters& parameters,
                        const std::string& prefix) {
  FlowMap map;
  for (const PluginParameter& parameter : known) {
    if (parameter.no_effect.empty())
      map.put(parameter.key, value_yaml(parameter, parameters, prefix + parameter.key));
  }
  return map.text();
}

}  // namespace

std::string parameters_yaml(const std::vector<PluginParameter>& known, const Parameters& parameters) {
  return fields_yaml(known, parameters, "");
}

}  // namespace kvsim::sim
