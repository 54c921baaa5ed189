// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/epp_find.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sim/scenario/pool_spec.h"

namespace kvsim::sim {
namespace {

constexpr std::string_view kKind = "EndpointPickerConfig";

bool is_epp(const Node& node) {
  const Node* kind = node.find("kind");
  return kind != nullptr && kind->is_scalar() && kind->scalar == kKind;
}

// `first_line` of the file is the text's first.
void settle(Node& node, int first_line) {
  node.quoted = false;
  node.line += first_line - 1;
  for (Node& item : node.items) settle(item, first_line);
  for (auto& [key, value] : node.members) settle(value, first_line);
}

class Finder {
 public:
  Finder(const std::string& file, Problems& problems) : file_(file), problems_(problems) {}

  void visit(const Node& node, const std::string& path, const std::string& key) {
    if (is_epp(node)) return add(node, path, key, 1);
    if (node.is_scalar() && node.scalar.find(kKind) != std::string::npos) return visit_text(node, path, key);
    const Node* choice = node.find("pluginsConfigFile");
    if (choice != nullptr && choice->is_scalar()) chosen_.push_back({path, choice->scalar});
    for (const auto& [name, value] : node.members) visit(value, inner_path(path, shortened(name)), name);
    for (std::size_t i = 0; i < node.items.size(); ++i)
      visit(node.items[i], fmt::format("{}[{}]", path, i), key);
  }

  std::optional<FoundEpp> result() {
    std::vector<Hit> chosen;
    std::copy_if(hits_.begin(), hits_.end(), std::back_inserter(chosen),
                 [this](const Hit& hit) { return is_chosen(hit); });
    if (chosen.size() == 1) return std::move(chosen.front().found);
    if (hits_.size() == 1) return std::move(hits_.front().found);
    if (hits_.empty()) {
      tell_none();
    } else {
      tell_several();
    }
    return {};
  }

 private:
  struct Hit {
    FoundEpp found;
    std::string key;  // of the map that holds it: the name of a file in Helm values
  };
  struct Choice {
    std::string path;  // of the map that holds it
    std::string file;
  };

  void add(Node node, const std::string& path, const std::string& key, int first_line) {
    settle(node, first_line);
    hits_.push_back({{std::move(node), file_, path}, key});
  }

  void visit_text(const Node& text, const std::string& path, const std::string& key) {
    const bool is_block = text.scalar.find('\n') != std::string::npos;  // starts below its `|`
    const int first_line = text.line + (is_block ? 1 : 0);
    try {
      for (const Document& document : parse_yaml_documents(text.scalar, file_)) {
        if (is_epp(*document.root)) add(*document.root, path, key, first_line);
      }
    } catch (const InputError& error) {
      for (Problem problem : error.problems()) {
        problem.where.line += first_line - 1;
        problem.path = path;
        broken_texts_.push_back(std::move(problem));
      }
    }
  }

  bool is_chosen(const Hit& hit) const {
    return std::any_of(chosen_.begin(), chosen_.end(), [&](const Choice& choice) {
      return hit.key == choice.file && hit.found.path.starts_with(choice.path);
    });
  }

  // Text that names the kind may be about something else, unless it is all there is.
  void tell_none() {
    for (const Problem& problem : broken_texts_)
      problems_.add(problem.where, problem.path, problem.message, problem.remedy);
    if (broken_texts_.empty())
      problems_.add({file_}, "", fmt::format("no {}", kKind),
                    fmt::format("give a file with `kind: {}`, or Helm values that hold one", kKind));
  }

  void tell_several() {
    std::vector<std::string> places;
    for (const Hit& hit : hits_)
      places.push_back(hit.found.path.empty() ? fmt::format("line {}", hit.found.node.line) : hit.found.path);
    problems_.add({file_}, "",
                  fmt::format("found {} of kind {}: {}", hits_.size(), kKind, join(places, ", ")),
                  "choose one by `pluginsConfigFile`, or keep it in a file of its own");
  }

  const std::string& file_;
  Problems& problems_;
  std::vector<Hit> hits_;
  std::vector<Choice> chosen_;
  std::vector<Problem> broken_texts_;
};

}  // namespace

std::optional<FoundEpp> find_epp(const std::vector<Document>& documents, const std::string& file,
                                 Problems& problems) {
  Finder finder(file, problems);
  for (const Document& document : documents) finder.visit(*document.root, "", "");
  return finder.result();
}

}  // namespace kvsim::sim
