// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "planner/nodes.h"
#include "planner/read_parts.h"

namespace kvsim::planner {
namespace {

// A name that the library has, or one that stands with its own config.json.
std::string read_model(Fields& root, const Node& item, ProblemReading& reading, std::vector<Node>& declared) {
  if (item.is_map()) {
    declared.push_back(item);  // sim::read_models holds it against its form
    return text_of(item, "name");
  }
  if (!item.is_scalar()) {
    root.problem("models", "found neither a name nor a map", "give names, or maps with name and config");
    return "";
  }
  const models::ModelLibrary& library = reading.inputs.models;
  if (library.find(item.scalar) == nullptr)
    reading.problems.add(item.place_in(root.file()), "models",
                         fmt::format("unknown model '{}'", shortened(item.scalar)),
                         valid_names_remedy(item.scalar, library.names()) +
                             "; or give {name: ..., config: path of its Hugging Face config.json}");
  return item.scalar;
}

void refuse_twice(Fields& root, const ProblemReading& reading) {
  std::set<std::string> known;
  for (const std::string& model : reading.problem.models) {
    const models::ModelCard* card = reading.inputs.models.find(model);
    const std::string name = card == nullptr ? model : card->name;
    if (!known.insert(name).second)
      root.problem("models", fmt::format("'{}' stands here twice", name), "keep one of them");
  }
}

}  // namespace

void read_models(Fields& root, ProblemReading& reading) {
  const Node* one = root.raw("model");
  const Node* many = root.raw("models");
  std::vector<Node> items, declared;
  if (many != nullptr && !many->is_null()) items = many->is_sequence() ? many->items : std::vector{*many};
  if (one != nullptr && !one->is_null()) {
    if (!items.empty()) root.problem("model", "stands beside `models`", "keep one of them");
    items = {*one};
  }
  if (items.empty())
    root.problem(many != nullptr ? "models" : "", "no model",
                 "add `model:` with a name (`kvsim catalog list models`)");
  for (const Node& item : items) {
    const std::string name = read_model(root, item, reading, declared);
    if (!name.empty()) reading.problem.models.push_back(name);
  }
  if (!declared.empty()) reading.problem.models_node = list_node(std::move(declared));
  refuse_twice(root, reading);
}

}  // namespace kvsim::planner
