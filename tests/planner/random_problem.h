// SPDX-License-Identifier: Apache-2.0
// Random small problems as text, with their workloads: at most three options of at most three servers (and,
// with storage, two sizes), one or two sites, one or two tenants. Half of
// them have long prompts, which fill servers nearly as full as a bound has them. With roles, servers of one
// or two kinds may also prefill apart from decode.
#pragma once

#include <fmt/format.h>

#include <string>

#include "tests/planner/random_world.h"

namespace kvsim::planner {

struct RandomProblem {
  std::string text;
  std::string workload;
};

class ProblemWriter {
 public:
  explicit ProblemWriter(std::uint64_t seed, bool has_roles = false)
      : random_(seed, "problems"), seed_(seed), roles_(has_roles) {
    two_sites_ = chance(random_, 0.4);
    two_tenants_ = chance(random_, 0.5);
    two_classes_ = two_tenants_ && chance(random_, 0.4);
    isolated_ = two_tenants_ && !two_sites_ && chance(random_, 0.4);
    long_prompts_ = chance(random_, 0.5);
    storage_ = !two_sites_ && !isolated_ && !roles_ && chance(random_, 0.25);
  }

  RandomProblem write() {
    text_ = fmt::format("name: random-{}\nmodel: Llama-3.1-8B\nworkload: workload.yaml\n", seed_);
    text_ +=
        "accept_unverified: true\nsearch: {evaluations: 500, proof_evaluations: 500, draws: 0, round: 4}\n";
    write_goals();
    write_sites();
    write_servers();
    roles_ ? write_roles() : write_engine();
    if (two_tenants_) write_tenants();
    write_constraints();
    return {text_, workload()};
  }

 private:
  void write_goals() {
    const std::string goals =
        fmt::format("ttft: {:.1f}s, tpot: {:.0f}ms, attainment: {:.2f}",
                    long_prompts_ ? between(random_, 3, 20) : between(random_, 1, 4),
                    long_prompts_ ? 3000.0 : between(random_, 70, 150), between(random_, 0.7, 0.99));
    spare_ = chance(random_, 0.2);
    const std::string degraded = spare_ ? ", degraded: {ttft: 10s, tpot: 300ms, attainment: 0.5}" : "";
    if (!two_classes_) {
      text_ += fmt::format("slo: {{{}{}}}\n", goals, degraded);
      return;
    }
    text_ += fmt::format("slo_classes:\n  - {{name: chat, {}{}}}\n  - {{name: batch, e2e: 20s{}}}\n", goals,
                         degraded, spare_ ? ", degraded: {e2e: 60s, attainment: 0.5}" : "");
  }

  void write_sites() {
    text_ += "sites:\n";
    for (const char* name : {"paris", "dublin"}) {
      const bool is_first = name[0] == 'p';
      if (!is_first && !two_sites_) continue;
      const std::string limit =
          chance(random_, 0.2) ? fmt::format(", watts: {:.0f}", between(random_, 1500, 4000)) : "";
      text_ += fmt::format(
          "  - {{name: {}, labels: {{country: {}}}, price_per_kwh: {:.2f}, pue: {:.2f}{}}}\n", name,
          is_first ? "FR" : "IE", between(random_, 0.05, 0.4), between(random_, 1.05, 1.6), limit);
    }
  }

  void write_servers() {
    const char* const kinds[] = {"L40S", "MI210", "A100-80-SXM", "MI300X"};
    text_ += "servers:\n";
    const std::size_t usual = isolated_ || two_sites_ ? 1 : 2, most = roles_ ? usual - 1 : usual;
    const std::size_t first = random_.below(4);
    for (std::size_t i = 0; i <= most; ++i)
      text_ += fmt::format(
          "  - {{name: s{}, accelerator: {}, accelerators: 1, stock: {}, price: {:.0f}{}}}\n", i,
          kinds[(first + i) % 4], (long_prompts_ ? 2 : 1) + random_.below(3), between(random_, 4000, 30000),
          two_sites_ && i == 1 ? (chance(random_, 0.5) ? ", sites: [paris]" : ", sites: [dublin]") : "");
  }

  void write_engine() {
    text_ += "engine: {max_model_len: 8192}\n";
    if (!storage_) return;
    text_ += R"(kv: {storage: {}}
storage:
  - name: scale
    kind: nfs
    site: paris
    sizes:
      - {capacity: 1TB, read_bytes_per_second: 2GB, write_bytes_per_second: 2GB, price: 2000}
      - {capacity: 4TB, read_bytes_per_second: 20GB, write_bytes_per_second: 20GB, price: 9000}
)";
  }

  // KV moves between sites where a link joins them, else pairs stay at one site.
  void write_roles() {
    const char* const ways[] = {
        "  - {name: any, role: [both, prefill, decode], engine: {max_model_len: 8192}}\n",
        "  - {name: split, role: [prefill, decode], engine: {max_model_len: 8192}}\n",
        "  - {name: whole, engine: {max_model_len: 8192}}\n"
        "  - {name: split, role: [decode, prefill], engine: {max_model_len: 8192, max_num_batched_tokens: "
        "4096}}\n"};
    text_ += "engines:\n" + std::string(ways[random_.below(3)]);
    if (two_sites_ && chance(random_, 0.6))
      text_ += "network: {site_links: [{from: paris, to: dublin, bytes_per_second: 10GB}]}\n";
    if (chance(random_, 0.3)) text_ += "disaggregated_router: {policy: pd}\n";
  }

  void write_tenants() {
    text_ += "tenants:\n  - {name: city";
    if (two_sites_ && chance(random_, 0.6)) text_ += ", residency: {compute: {country: FR}}";
    if (isolated_) text_ += ", isolation: replicas";
    text_ += "}\n  - {name: museum}\n";
  }

  void write_constraints() {
    std::string limits;
    if (chance(random_, 0.25)) limits += fmt::format("capex: {:.0f}, ", between(random_, 10000, 70000));
    if (chance(random_, 0.15)) limits += fmt::format("tco: {:.0f}, ", between(random_, 10000, 90000));
    if (chance(random_, 0.2)) limits += fmt::format("vendor_share: {:.2f}, ", between(random_, 0.5, 0.9));
    if (spare_) limits += "spare: node";
    if (!limits.empty()) text_ += "constraints: {" + limits + "}\n";
    if (chance(random_, 0.2)) text_ += "objective: {tco: 1, per_watt: 3}\n";
  }

  std::string workload() {
    const double rate = long_prompts_ ? between(random_, 4, 14) : between(random_, 8, 30);
    std::string text = "kind: generate\nrequests: 240\n";
    if (!two_tenants_) return text + stream("", rate, "");
    const double share = chance(random_, 0.4) ? between(random_, 0.02, 0.1) : between(random_, 0.2, 0.8);
    text += "streams:\n";
    text += "  - name: a\n    tenant: city\n" + stream("    ", share * rate, two_classes_ ? "chat" : "");
    return text + "  - name: b\n    tenant: museum\n" +
           stream("    ", (1 - share) * rate, two_classes_ ? "batch" : "");
  }

  std::string stream(const std::string& indent, double rate, const std::string& slo_class) {
    std::string text;
    if (!slo_class.empty()) text += indent + "class: " + slo_class + "\n";
    text += fmt::format("{}arrivals: {{process: poisson, rate: {:.2f}}}\n", indent, rate);
    if (chance(random_, 0.2)) text += indent + "sessions: {turns: 3, think_seconds: 1}\n";
    if (chance(random_, 0.4)) text += indent + "shared_prompts: [{tokens: 300}]\n";
    text += fmt::format("{}input_tokens: {{distribution: normal, mean: {:.0f}, deviation: 100, min: 20}}\n",
                        indent, long_prompts_ ? between(random_, 3000, 6000) : between(random_, 200, 1500));
    return text + fmt::format("{}output_tokens: {{distribution: uniform, min: 5, max: {}}}\n", indent,
                              long_prompts_ ? 6 : 20 + random_.below(100));
  }

  RandomStream random_;
  std::uint64_t seed_;
  bool roles_;
  bool two_sites_ = false, two_tenants_ = false, two_classes_ = false, isolated_ = false,
       long_prompts_ = false, storage_ = false, spare_ = false;
  std::string text_;
};

inline RandomProblem random_problem(std::uint64_t seed) { return ProblemWriter(seed).write(); }
inline RandomProblem random_problem_with_roles(std::uint64_t seed) {
  return ProblemWriter(seed, true).write();
}

}  // namespace kvsim::planner
