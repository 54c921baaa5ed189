// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/read_residency.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/yaml_text.h"

namespace kvsim::sim {
namespace {

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

LabelTerm read_term(Fields& fields, const std::string& label) {
  LabelTerm term{label, {}, {}};
  if (fields.raw(label)->is_map()) {
    Fields values = fields.map(label);
    term.allowed = values.texts("in");
    term.forbidden = values.texts("not");
    values.finish();
  } else {
    term.allowed = fields.texts(label);
  }
  if (term.allowed.empty() && term.forbidden.empty())
    fields.problem(label, "names no value", "give a value, a list of values, or {not: [...]}");
  return term;
}

// Both must hold. False: no value would do.
bool narrow(LabelTerm& term, const LabelTerm& other) {
  for (const std::string& value : other.forbidden)
    if (!contains(term.forbidden, value)) term.forbidden.push_back(value);
  if (term.allowed.empty()) term.allowed = other.allowed;
  if (term.allowed.empty()) return true;
  std::erase_if(term.allowed, [&](const std::string& value) {
    return contains(term.forbidden, value) || (!other.allowed.empty() && !contains(other.allowed, value));
  });
  return !term.allowed.empty();
}

void read_predicate(Fields fields, LabelPredicate& predicate) {
  for (const std::string& label : fields.keys()) {
    const LabelTerm term = read_term(fields, label);
    const auto known = std::find_if(predicate.begin(), predicate.end(),
                                    [&](const LabelTerm& other) { return other.label == label; });
    if (known == predicate.end()) {
      predicate.push_back(term);
    } else if (!narrow(*known, term)) {
      fields.problem(label, "leaves no value that `all` allows", "give a value that both allow");
    }
  }
}

std::string list_yaml(const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  for (const std::string& value : values) texts.push_back(yaml_text(value));
  return fmt::format("[{}]", join(texts, ", "));
}

std::string term_yaml(const LabelTerm& term) {
  if (term.forbidden.empty()) return list_yaml(term.allowed);
  if (term.allowed.empty()) return fmt::format("{{not: {}}}", list_yaml(term.forbidden));
  return fmt::format("{{in: {}, not: {}}}", list_yaml(term.allowed), list_yaml(term.forbidden));
}

std::string map_yaml(const std::vector<std::string>& members) {
  return fmt::format("{{{}}}", join(members, ", "));
}

}  // namespace

Labels read_labels(Fields labels) {
  Labels result;
  for (const std::string& key : labels.keys()) result[key] = labels.text(key);
  return result;
}

ResidencyPolicy read_residency(Fields residency) {
  LabelPredicate all;
  read_predicate(residency.map("all"), all);
  const auto read = [&](DataObject object) {
    LabelPredicate terms = all;
    read_predicate(residency.map(name(object)), terms);
    return terms;
  };
  ResidencyPolicy policy{read(DataObject::kCompute),  read(DataObject::kKvInMemory),
                         read(DataObject::kKvAtRest), read(DataObject::kTransit),
                         read(DataObject::kFailover), read(DataObject::kRouterIndex)};
  residency.finish();
  return policy;
}

std::string labels_yaml(const Labels& labels) {
  std::vector<std::string> members;
  for (const auto& [key, value] : labels) members.push_back(yaml_text(key) + ": " + yaml_text(value));
  return map_yaml(members);
}

std::string predicate_yaml(const LabelPredicate& predicate) {
  std::vector<std::string> members;
  for (const LabelTerm& term : predicate) members.push_back(yaml_text(term.label) + ": " + term_yaml(term));
  return map_yaml(members);
}

std::string residency_yaml(const ResidencyPolicy& policy) {
  std::vector<std::string> members;
  for (const DataObject object : kDataObjects) {
    const LabelPredicate& terms = predicate(policy, object);
    if (!terms.empty()) members.push_back(fmt::format("{}: {}", name(object), predicate_yaml(terms)));
  }
  return map_yaml(members);
}

}  // namespace kvsim::sim
