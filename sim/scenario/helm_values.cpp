// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/helm_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "sim/scenario/helm_accelerator.h"
#include "sim/scenario/vllm_arguments.h"

namespace kvsim::sim {
namespace {

bool is_deployment(const Node& node) {
  const auto is_role = [&](const char* key) {
    const Node* role = node.find(key);
    return role != nullptr && role->is_map();
  };
  return is_role("decode") || is_role("prefill");
}

void clear_quotes(Node& node) {  // Helm does not care whether "2" is quoted
  node.quoted = false;
  for (Node& item : node.items) clear_quotes(item);
  for (auto& [key, value] : node.members) clear_quotes(value);
}

const Node* find_path(const Node& node, std::initializer_list<std::string_view> keys) {
  const Node* at = &node;
  for (const std::string_view key : keys) {
    if (at != nullptr) at = at->find(key);
  }
  return at;
}

std::string text_of(const Node* node) { return node != nullptr && node->is_scalar() ? node->scalar : ""; }

class RoleReader {
 public:
  RoleReader(const Node& deployment, const Node& role, std::string path, std::string file,
             ForeignReading& reading)
      : deployment_(deployment),
        role_(role),
        path_(std::move(path)),
        file_(std::move(file)),
        reading_(reading) {}

  ForeignPool read(const std::string& pool_name) {
    if (const Node* container = choose_container()) read_container(*container);
    set_member(settings_.pool, "name", scalar_node(pool_name, role_.line));
    settings_.pool.line = role_.line;
    read_parallelism();
    read_model();
    read_accelerator();
    note_unread();
    ForeignPool pool;
    Fields fields(&settings_.pool, file_, path_, reading_.problems);
    pool.spec = read_pool_spec(fields, reading_.problems);
    pool.questions = std::move(settings_.questions);
    return pool;
  }

 private:
  // The container of the engine: the one with accelerators, a model command or vLLM in its name; else the
  // first.
  const Node* choose_container() const {
    const Node* containers = role_.find("containers");
    if (containers == nullptr || containers->items.empty()) return nullptr;
    const auto engine =
        std::find_if(containers->items.begin(), containers->items.end(), [](const Node& container) {
          return container.find("modelCommand") != nullptr || device_request(container.find("resources")) ||
                 lower(text_of(container.find("name"))).find("vllm") != std::string::npos;
        });
    return engine != containers->items.end() ? &*engine : &containers->items.front();
  }

  void read_container(const Node& container) {
    request_ = device_request(container.find("resources"));
    read_environment(container);
    settings_ = read_arguments(container);
    const Node* image = container.find("image");
    const bool has_version = find_path(settings_.pool, {"engine", "version"}) != nullptr;
    if (image != nullptr && !has_version)
      read_image(image->scalar, place_at(file_, image->line, "image"), settings_);
  }

  void read_environment(const Node& container) {
    const Node* env = container.find("env");
    if (env == nullptr) return;
    for (const Node& entry : env->items) {
      const Node* value = entry.find("value");
      const std::string name = text_of(entry.find("name"));
      if (value != nullptr && value->is_scalar()) environment_[name] = expanded(*value).text;
      if (name == "PYTHONHASHSEED") hash_seed_ = hash_seed_of(entry, value);
      if (name.starts_with("VLLM_")) ignored_.insert("env " + name);
    }
  }

  Word hash_seed_of(const Node& entry, const Node* value) {
    if (value != nullptr && value->is_scalar()) return expanded(*value);
    return {"", entry.line, {"not told by its `env`"}};
  }

  // $(NAME) as Kubernetes puts it in; unknown names stay.
  Word expanded(const Node& node) {
    Word word{"", node.line, {}};
    const std::string& text = node.scalar;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.compare(at, 2, "$(") == 0 ? text.find(')', at) : std::string::npos;
      if (end == std::string::npos) {
        word.text += text[at++];
        continue;
      }
      const std::string name = text.substr(at + 2, end - at - 2);
      const std::string* given = reading_.variables.find(name);
      const auto known = environment_.find(name);
      const std::string shown = text.substr(at, end - at + 1);
      if (given == nullptr && known == environment_.end()) word.missing.push_back(shown);
      word.text += given != nullptr ? *given : known != environment_.end() ? known->second : shown;
      at = end + 1;
    }
    return word;
  }

  ServerSettings read_arguments(const Node& container) {
    Words words;
    const Node* script = nullptr;
    for (const char* key : {"command", "args"}) {
      const Node* part = container.find(key);
      if (part == nullptr) continue;
      if (part->is_scalar()) words.push_back(expanded(*part));
      for (const Node& item : part->items) words.push_back(expanded(item));
      for (const Node& item : part->items)
        script = item.scalar.find("vllm serve") != std::string::npos ? &item : script;
    }
    if (script != nullptr) return read_script(*script);
    const auto server = server_command({words, hash_seed_});
    return read_server_command(server ? *server : ServerCommand{words, "", hash_seed_, container.line}, file_,
                               reading_);
  }

  ServerSettings read_script(const Node& script) {
    const std::string text = expanded(script).text;
    const bool block = text.find('\n') != std::string::npos;
    const auto commands =
        shell_commands(text, file_, script.line + (block ? 1 : 0), reading_.variables, environment_);
    for (const Command& command : commands) {
      auto server = server_command(command);
      if (!server) continue;
      if (!server->hash_seed) server->hash_seed = hash_seed_;
      return read_server_command(*server, file_, reading_);
    }
    return {};
  }

  void read_parallelism() {
    std::uint64_t replicas = 1;
    Fields role(&role_, file_, path_, reading_.problems);
    const Node* count = role.raw("replicas");
    if (count != nullptr) replicas = static_cast<std::uint64_t>(role.integer("replicas", {1, 100'000}, 1));
    Fields parallelism = role.map("parallelism");
    const auto data = static_cast<std::uint64_t>(parallelism.integer("data", {1, 10'000}, 1));
    const std::uint64_t ranks = std::max(data, settings_.data_parallel);
    if (ranks > 1)
      note("data parallelism", fmt::format("each of {} ranks is modelled as a replica of its own", ranks));
    set_member(settings_.pool, "replicas",
               scalar_node(fmt::format("{}", replicas * ranks), count != nullptr ? count->line : role_.line));
    const Node* tensor = parallelism.raw("tensor");
    if (tensor != nullptr && settings_.pool.find("tp") == nullptr) set_member(settings_.pool, "tp", *tensor);
    for (const std::string& key : parallelism.unread_keys()) ignored_.insert("parallelism." + key);
  }

  void read_model() {
    const Node* name = find_path(deployment_, {"modelArtifacts", "name"});
    const std::string uri = text_of(find_path(deployment_, {"modelArtifacts", "uri"}));
    if (name != nullptr && name->is_scalar() && !name->scalar.empty()) {
      set_member(settings_.pool, "model", scalar_node(name->scalar, name->line));
    } else if (uri.starts_with("hf://")) {
      set_member(settings_.pool, "model", scalar_node(uri.substr(5), role_.line));
    }
  }

  void read_accelerator() {
    std::vector<NodeLabel> labels = node_labels(role_);
    if (labels.empty()) labels = node_labels(deployment_);
    const AcceleratorFinding finding = find_accelerator(labels, request_, reading_.catalog);
    const int line = !labels.empty() ? labels.front().line : request_ ? request_->line : role_.line;
    if (finding.accelerator.empty()) {
      settings_.questions.push_back({"accelerator", place_at(file_, line, path_), finding.found});
    } else {
      set_member(settings_.pool, "accelerator", scalar_node(finding.accelerator, line));
    }
  }

  void note_unread() {
    static const std::set<std::string> kRead{"replicas", "parallelism",  "containers", "create",
                                             "enabled",  "nodeSelector", "affinity",   "acceleratorTypes"};
    for (const auto& [key, value] : role_.members) {
      if (!kRead.contains(key)) ignored_.insert(key);
    }
    if (!ignored_.empty()) {
      note("keys", "not modelled or not known: " + join({ignored_.begin(), ignored_.end()}, ", "));
    }
  }

  void note(const std::string& what, const std::string& reason) {
    reading_.validity.push_back({fmt::format("{}: {}: {}", file_, path_, what), reason});
  }

  const Node& deployment_;
  const Node& role_;
  std::string path_;
  std::string file_;
  ForeignReading& reading_;
  ServerSettings settings_;
  std::optional<DeviceRequest> request_;
  std::map<std::string, std::string> environment_;
  std::optional<Word> hash_seed_;
  std::set<std::string> ignored_;
};

class ValuesReader {
 public:
  ValuesReader(std::string file, ForeignReading& reading) : file_(std::move(file)), reading_(reading) {}

  void visit(const Node& node, const std::string& path, const std::string& key) {
    if (is_deployment(node)) return read_deployment(node, path, key);
    for (const auto& [name, value] : node.members) visit(value, inner_path(path, name), name);
    for (std::size_t i = 0; i < node.items.size(); ++i)
      visit(node.items[i], fmt::format("{}[{}]", path, i), key);
  }

  std::vector<ForeignPool> take() { return std::move(pools_); }

 private:
  void read_deployment(const Node& node, const std::string& path, const std::string& key) {
    for (const char* name : {"prefill", "decode"}) {
      const Node* role = node.find(name);
      if (role == nullptr || !role->is_map() || !is_wanted(*role)) continue;
      if (std::string_view(name) == "prefill") note_prefill(inner_path(path, name));
      std::string pool_name = names_.insert(name).second ? name : key + "-" + name;
      for (int n = 2; pool_name != name && !names_.insert(pool_name).second; ++n) {
        pool_name = fmt::format("{}-{}-{}", key, name, n);
      }
      pools_.push_back(RoleReader(node, *role, inner_path(path, name), file_, reading_).read(pool_name));
    }
  }

  static bool is_wanted(const Node& role) {
    for (const char* key : {"create", "enabled"}) {
      if (lower(text_of(role.find(key))) == "false") return false;
    }
    return text_of(role.find("replicas")) != "0";
  }

  void note_prefill(const std::string& path) {
    reading_.validity.push_back({fmt::format("{}: {}", file_, path),
                                 "roles are not read from values: its replicas serve whole requests"});
  }

  std::string file_;
  ForeignReading& reading_;
  std::set<std::string> names_;
  std::vector<ForeignPool> pools_;
};

}  // namespace

std::vector<ForeignPool> read_helm_values(const std::vector<Document>& documents, ForeignReading& reading) {
  if (documents.empty()) return {};
  ValuesReader reader(documents.front().file, reading);
  for (const Document& document : documents) {
    Node root = *document.root;
    clear_quotes(root);
    reader.visit(root, "", "model");
  }
  return reader.take();
}

}  // namespace kvsim::sim
