// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/transfer_config.h"

#include <fmt/format.h>

#include "base/text.h"

namespace kvsim::sim {
namespace {

class ConnectorReader {
 public:
  ConnectorReader(const Word& json, const std::string& file, ForeignReading& reading,
                  ServerSettings& settings)
      : file_(file), line_(json.line), reading_(reading), settings_(settings) {}

  void read(Fields& connector) {
    const std::string name = connector.text("kv_connector", "a connector without a name");
    const std::string role = connector.text("kv_role", "kv_both");
    Fields extra = connector.map("kv_connector_extra_config");
    if (name == "MultiConnector") {
      for (Fields& inner : extra.maps("connectors")) read(inner);
    } else if (name == "OffloadingConnector") {
      read_offloading(extra);
      list_unread(extra);
    } else if (name == "NixlConnector") {
      note(
          fmt::format("{} ({}): KV is handed over between pools with `role: prefill` and `role: decode`, "
                      "which this file does not tell",
                      name, role));
    } else {
      note(fmt::format("{} ({}): transfers of KV cache by it are not modelled", name, role));
    }
  }

 private:
  void read_offloading(Fields& extra) {
    const std::string spec = extra.text("spec_name", "CPUOffloadingSpec");
    extra.raw("spec_module_path");
    if (spec == "SharedStorageOffloadingSpec") {
      read_shared_storage(extra);
    } else if (spec == "CPUOffloadingSpec" || spec == "TieringOffloadingSpec") {
      read_host(extra);
      for (Fields& tier : extra.maps("secondary_tiers")) read_secondary(tier);
    } else {
      return note(fmt::format("the spec {} is not known: no tier is modelled for it", shortened(spec)));
    }
    take(extra, "block_size", "kv.block_tokens");
    take(extra, "offload_prompt_only", "kv.prompt_only");
  }

  void read_host(Fields& extra) {
    const bool bytes = take(extra, "cpu_bytes_to_use", "kv.host.capacity");
    const bool blocks = take(extra, "num_cpu_blocks", "kv.host.blocks");
    take(extra, "eviction_policy", "kv.host.eviction");
    if (!bytes && !blocks)
      ask("kv.host.capacity", "--kv-transfer-config has neither cpu_bytes_to_use nor num_cpu_blocks");
  }

  void read_shared_storage(Fields& extra) {
    ask_for_system(extra.text("shared_storage_path", "shared_storage_path"));
    take(extra, "threads_per_gpu", "kv.storage.threads");
    take(extra, "read_preferring_ratio", "kv.storage.read_preferring");
    take(extra, "max_staging_memory_gb", "kv.storage.staging", "GB");
  }

  void read_secondary(Fields& tier) {
    const std::string type = tier.text("type", "a tier without a type");
    if (type != "fs" || has_system_)
      return note(fmt::format("the secondary tier {} is not modelled{}", shortened(type),
                              has_system_ ? " beside another one" : ""));
    const std::string path = tier.text("path", "a file system");
    ask_for_system(tier.text("root_dir", path));
    take(tier, "n_threads", "kv.storage.threads");
    list_unread(tier);
  }

  void ask_for_system(const std::string& path) {
    has_system_ = true;
    ask("kv.storage.system",
        fmt::format("{} does not tell which system under `storage` lies behind it", shortened(path)));
  }

  // One plain value over to a key of the pool; `unit` is what vLLM counts it in.
  bool take(Fields& from, const char* key, const std::string& to, const char* unit = "") {
    const Node* node = from.raw(key);
    if (node == nullptr || node->is_null()) return false;
    if (!node->is_scalar()) {
      from.problem(key, "found no plain value", "give one");
      return false;
    }
    set_dotted(settings_.pool, to, scalar_node(node->scalar + unit, line_));
    return true;
  }

  void list_unread(Fields& fields) {
    const std::vector<std::string> unread = fields.unread_keys();
    if (!unread.empty()) note("not modelled or not known: " + join(unread, ", "));
  }

  void note(const std::string& reason) {
    reading_.validity.push_back({fmt::format("{}: --kv-transfer-config", file_), reason});
  }

  void ask(const std::string& key, const std::string& found) {
    settings_.questions.push_back({key, place_at(file_, line_, key), found});
  }

  const std::string& file_;
  int line_;
  ForeignReading& reading_;
  ServerSettings& settings_;
  bool has_system_ = false;
};

}  // namespace

void read_transfer_config(const Word& json, const std::string& file, ForeignReading& reading,
                          ServerSettings& settings) {
  const Document config = parse_json(json.text, fmt::format("{}:{} --kv-transfer-config", file, json.line));
  Fields fields(config, reading.problems);
  ConnectorReader(json, file, reading, settings).read(fields);
}

void read_hash_seed(const std::optional<Word>& seed, const Place& place, ForeignReading& reading,
                    ServerSettings& settings) {
  if (settings.pool.find("kv") == nullptr) return;
  if (seed && !seed->missing.empty()) {
    settings.questions.push_back(
        {"kv.hash_seed", place, fmt::format("PYTHONHASHSEED is {}", join(seed->missing, ", "))});
    return;
  }
  const Word random{"random", place.where.line, {}};
  const Word& taken = seed ? *seed : random;
  set_dotted(settings.pool, "kv.hash_seed", scalar_node(taken.text, taken.line));
  if (!seed)
    reading.validity.push_back({place.where.file + ": kv.hash_seed",
                                "PYTHONHASHSEED is not set, so seeds are random: replicas share nothing that "
                                "they store"});
}

}  // namespace kvsim::sim
