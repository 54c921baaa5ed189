// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/vllm_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <type_traits>

#include "base/text.h"
#include "sim/replica/engine_defaults.h"
#include "sim/scenario/transfer_config.h"

namespace kvsim::sim {
namespace {

constexpr std::string_view kApiServerModule = "vllm.entrypoints.openai.api_server";

const std::map<std::string, std::string>& short_names() {
  static const std::map<std::string, std::string> names{{"tp", "tensor_parallel_size"},
                                                        {"pp", "pipeline_parallel_size"},
                                                        {"dp", "data_parallel_size"},
                                                        {"q", "quantization"}};
  return names;
}

// Flags that change nothing in a simulation: without a value, and with one.
const std::set<std::string>& plain_flags_without_effect() {
  static const std::set<std::string> flags{"trust_remote_code",          "disable_log_requests",
                                           "enable_log_requests",        "no_enable_log_requests",
                                           "disable_log_stats",          "allow_credentials",
                                           "disable_uvicorn_access_log", "disable_access_log_for_endpoints",
                                           "enable_auto_tool_choice",    "enable_server_load_tracking",
                                           "return_tokens_as_token_ids", "enable_prompt_tokens_details",
                                           "disable_fastapi_docs"};
  return flags;
}
const std::set<std::string>& valued_flags_without_effect() {
  static const std::set<std::string> flags{"host",
                                           "port",
                                           "api_key",
                                           "download_dir",
                                           "tokenizer",
                                           "tokenizer_mode",
                                           "seed",
                                           "load_format",
                                           "chat_template",
                                           "tool_call_parser",
                                           "reasoning_parser",
                                           "uvicorn_log_level",
                                           "root_path",
                                           "ssl_keyfile",
                                           "ssl_certfile",
                                           "revision",
                                           "config_format",
                                           "hf_config_path",
                                           "response_role",
                                           "code_revision"};
  return flags;
}

// Engine settings by vLLM's name; true where it is a switch without a value.
const std::map<std::string, bool>& engine_flags() {
  static const std::map<std::string, bool> flags = [] {
    std::map<std::string, bool> result;
    EngineSpec engine;
    visit_engine(engine, [&]<class T, class Form>(std::string_view key, const Setting<T>&, const Form&) {
      result[std::string(key)] = std::is_same_v<Form, form::Flag>;
    });
    result.erase("version");
    return result;
  }();
  return flags;
}

bool is_number(const std::string& text) { return parse_double(text).has_value(); }
bool is_flag(const std::string& text) { return text.size() > 1 && text[0] == '-' && !is_number(text); }

std::string base_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

bool is_engine_image(const std::string& word) {
  const std::string name = lower(word);
  const std::size_t colon = name.rfind(':');
  const bool tagged = colon != std::string::npos && name.find('/', colon) == std::string::npos;
  return tagged && !is_flag(word) && name.find('=') == std::string::npos &&
         (name.find("vllm") != std::string::npos || name.find("llm-d") != std::string::npos);
}

class ArgumentReader {
 public:
  ArgumentReader(const ServerCommand& command, std::string file, ForeignReading& reading, ServerSettings& out)
      : words_(command.arguments), file_(std::move(file)), reading_(reading), out_(out) {}

  void read() {
    while (at_ < words_.size()) {
      const Word word = words_[at_++];
      if (is_flag(word.text)) {
        read_flag(word);
      } else if (out_.pool.find("model") == nullptr) {
        settle("model", word, word.text);
      } else {
        ignored_.push_back(word.text);
      }
    }
    settle_offloading();
    if (!ignored_.empty()) {
      reading_.validity.push_back(
          {file_ + ": vLLM arguments", "not modelled or not known: " + join(ignored_, ", ")});
    }
  }

 private:
  void read_flag(const Word& word) {
    const std::size_t equals = word.text.find('=');
    std::string name = word.text.substr(0, equals);
    name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
    std::replace(name.begin(), name.end(), '-', '_');
    const auto longer = short_names().find(name);
    if (longer != short_names().end()) name = longer->second;
    std::optional<Word> value;
    if (equals != std::string::npos) value = Word{word.text.substr(equals + 1), word.line, word.missing};
    take(name, word, value);
  }

  void take(const std::string& name, const Word& word, std::optional<Word> value) {
    const auto known = engine_flags().find(name);
    const bool denied = name.starts_with("no_") && engine_flags().contains(name.substr(3));
    if (denied) return settle("engine." + name.substr(3), word, "false");
    if (plain_flags_without_effect().contains(name)) return;
    if (known != engine_flags().end() && known->second) return take_switch("engine." + name, word, value);
    if (!value && at_ < words_.size() && !is_flag(words_[at_].text)) value = words_[at_++];
    if (valued_flags_without_effect().contains(name)) return;
    if (name == "served_model_name") skip_further_values();
    if (known != engine_flags().end()) return take_value("engine." + name, word, value);
    if (name == "model") return take_value("model", word, value);
    if (name == "tensor_parallel_size") return take_value("tp", word, value);
    take_parallel_or_ignore(name, word, value);
  }

  void take_switch(const std::string& key, const Word& word, std::optional<Word> value) {
    const bool next_says = !value && at_ < words_.size() &&
                           (lower(words_[at_].text) == "true" || lower(words_[at_].text) == "false");
    if (next_says) value = words_[at_++];
    settle(key, value.value_or(word), value ? lower(value->text) : "true");
  }

  void take_value(const std::string& key, const Word& word, const std::optional<Word>& value) {
    if (value) return settle(key, *value, value->text);
    reading_.problems.add({file_, word.line, 0}, key, fmt::format("{} has no value", word.text),
                          "give it one");
  }

  void take_parallel_or_ignore(const std::string& name, const Word& word, const std::optional<Word>& value) {
    const std::string shown =
        word.text + (value && word.text.find('=') == std::string::npos ? " " + value->text : "");
    const std::int64_t count = value ? parse_integer(value->text).value_or(0) : 0;
    if (name == "data_parallel_size" && count >= 1 && count <= 10'000) {
      out_.data_parallel = static_cast<std::uint64_t>(count);
    } else if (name == "data_parallel_size") {
      ask("replicas", word, fmt::format("{} does not tell how many", shown));
    } else if (name == "config") {
      ask_for_config(shown, word);
    } else if (name == "kv_transfer_config" && value && value->missing.empty()) {
      read_transfer_config(*value, file_, reading_, out_);
    } else if (name == "kv_offloading_size" && value) {
      offloading_size_ = *value;
    } else if (name == "kv_offloading_backend" && value) {
      offloading_backend_ = value->text;
    } else if (!(name == "pipeline_parallel_size" && count == 1)) {
      ignored_.push_back(shown);
    }
  }

  void ask_for_config(const std::string& shown, const Word& word) {
    reading_.problems.add({file_, word.line, 0}, "", fmt::format("{} names a file of flags", shown),
                          "write its flags on the command line instead");
  }

  // Known when all flags are read: GiB over all ranks, into the host tier of vLLM's own connector.
  void settle_offloading() {
    if (!offloading_size_) return;
    if (offloading_backend_ == "native")
      return settle("kv.host.capacity", *offloading_size_, offloading_size_->text + "GiB");
    ignored_.push_back("--kv-offloading-size with the backend " + shortened(offloading_backend_));
  }

  void skip_further_values() {
    while (at_ < words_.size() && !is_flag(words_[at_].text)) ++at_;
  }

  void settle(const std::string& key, const Word& word, const std::string& value) {
    if (!word.missing.empty())
      return ask(key, word, fmt::format("{} is not known", join(word.missing, ", ")));
    set_dotted(out_.pool, key, scalar_node(value, word.line));
  }

  void ask(const std::string& key, const Word& word, const std::string& found) {
    out_.questions.push_back({key, place_at(file_, word.line, key), found});
  }

  const Words& words_;
  std::string file_;
  ForeignReading& reading_;
  ServerSettings& out_;
  std::size_t at_ = 0;
  std::vector<std::string> ignored_;
  std::optional<Word> offloading_size_;
  std::string offloading_backend_ = "native";
};

// The value of `-e PYTHONHASHSEED=0`, `--env=PYTHONHASHSEED=0` or, without a value, the shell's own.
std::optional<Word> container_hash_seed(const Command& command, std::size_t end) {
  const std::string name = "PYTHONHASHSEED";
  for (std::size_t i = 0; i < end; ++i) {
    const std::string& text = command.words[i].text;
    const std::size_t at = text.find(name);
    if (at == std::string::npos || (at > 0 && text[at - 1] != '=')) continue;
    const std::string rest = text.substr(at + name.size());
    if (rest.empty()) return command.hash_seed;
    if (rest[0] == '=') return Word{rest.substr(1), command.words[i].line, command.words[i].missing};
  }
  return {};
}

// The version in a tag: v0.19.0 of an image named vllm-openai, or vllm_0.11.1 inside any tag.
std::optional<std::string> version_of_image(const std::string& image) {
  const std::size_t colon = image.rfind(':');
  if (colon == std::string::npos || colon < image.find_last_of('/') + 1) return {};
  const std::string name = base_name(image.substr(0, colon));
  std::string tag = image.substr(colon + 1);
  for (const std::string_view mark : {"vllm_", "vllm-", "vllm"}) {
    const std::size_t at = tag.find(mark);
    if (at == std::string::npos) continue;
    tag = tag.substr(at + mark.size());
    tag = tag.substr(0, tag.find_first_of("_-+"));
    return is_engine_version(tag) ? std::optional(tag) : std::nullopt;
  }
  const bool of_vllm = name.starts_with("vllm-openai") || name == "vllm";
  return of_vllm && is_engine_version(tag) ? std::optional(tag) : std::nullopt;
}

}  // namespace

Node scalar_node(std::string text, int line) {
  Node node;
  node.kind = Node::Kind::kScalar;
  node.scalar = std::move(text);
  node.line = line;
  return node;
}

void set_member(Node& map, const std::string& key, Node value) {
  map.kind = Node::Kind::kMap;
  std::erase_if(map.members, [&](const auto& member) { return member.first == key; });
  map.members.emplace_back(key, std::move(value));
}

Node& member_map(Node& map, const std::string& key) {
  map.kind = Node::Kind::kMap;
  const auto found = std::find_if(map.members.begin(), map.members.end(),
                                  [&](const auto& member) { return member.first == key; });
  if (found != map.members.end()) return found->second;
  map.members.emplace_back(key, Node{});
  map.members.back().second.kind = Node::Kind::kMap;
  return map.members.back().second;
}

void set_dotted(Node& map, const std::string& key, Node value) {
  const std::size_t dot = key.find('.');
  if (dot == std::string::npos) return set_member(map, key, std::move(value));
  set_dotted(member_map(map, key.substr(0, dot)), key.substr(dot + 1), std::move(value));
}

std::optional<ServerCommand> server_command(const Command& command) {
  const Words& words = command.words;
  ServerCommand server;
  std::size_t first = 0;  // of the arguments; 0: no server seen yet
  bool in_container = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    const bool serves = base_name(word) == "vllm" && i + 1 < words.size() && words[i + 1].text == "serve";
    if (serves || word == kApiServerModule) {
      first = i + (serves ? 2 : 1);
      break;
    }
    in_container = in_container || word == "run";
    if (in_container && first == 0 && is_engine_image(word)) {
      server.image = word;
      first = i + 1;
    }
  }
  if (first == 0) return {};
  server.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(first), words.end());
  server.hash_seed = server.image.empty() ? command.hash_seed : container_hash_seed(command, first);
  server.line = words[first - 1].line;
  return server;
}

ServerSettings read_server_command(const ServerCommand& command, const std::string& file,
                                   ForeignReading& reading) {
  ServerSettings settings;
  settings.pool.kind = Node::Kind::kMap;
  settings.pool.line = command.line;
  ArgumentReader(command, file, reading, settings).read();
  read_hash_seed(command.hash_seed, place_at(file, command.line, "PYTHONHASHSEED"), reading, settings);
  const Place place = place_at(file, command.line, "image");
  if (!command.image.empty()) read_image(command.image, place, settings);
  return settings;
}

void read_image(const std::string& image, const Place& place, ServerSettings& settings) {
  if (const auto version = version_of_image(image)) {
    set_member(member_map(settings.pool, "engine"), "version", scalar_node(*version, place.where.line));
  } else {
    settings.questions.push_back(
        {"engine.version", place, fmt::format("the image {} does not tell its version of vLLM", image)});
  }
}

}  // namespace kvsim::sim
