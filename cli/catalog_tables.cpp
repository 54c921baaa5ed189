// SPDX-License-Identifier: Apache-2.0
#include "cli/catalog_tables.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "models/memory.h"

namespace kvsim::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr double kGib = 1024.0 * 1024 * 1024;
constexpr double kGiga = 1e9;
constexpr double kTera = 1e12;

std::string scaled(double value, double unit) { return fmt::format("{:.6g}", value / unit); }

std::string types_of(const Accelerator& accelerator, Support support) {
  std::vector<std::string> types;
  for (const auto& [type, rate] : accelerator.arithmetic) {
    if (rate.support == support) types.emplace_back(name(type));
  }
  return types.empty() ? "-" : join(types, " ");
}

std::string unverified_of(const Accelerator& accelerator) {
  const std::array<std::pair<const Figure&, const char*>, 5> figures{
      {{accelerator.memory_bytes, "memory"},
       {accelerator.memory_bandwidth_bytes_per_second, "bandwidth"},
       {accelerator.arithmetic.at(NumberType::kBf16).flops_per_second, "bf16"},
       {accelerator.peak_watts, "watts"},
       {accelerator.interconnect_bytes_per_second, "interconnect"}}};
  std::vector<std::string> doubtful;
  for (const auto& [figure, word] : figures) {
    if (figure.unverified) doubtful.emplace_back(word);
  }
  return doubtful.size() == figures.size() ? "all" : join(doubtful, " ");
}

std::string value_and_range(const Figure& figure, double unit) {
  const std::string value = scaled(figure.value, unit);
  if (!figure.low) return value;
  return fmt::format("{} ({} to {})", value, scaled(*figure.low, unit), scaled(*figure.high, unit));
}

void add_figure(Rows& rows, std::string label, const std::string& value, const Figure& figure) {
  rows.push_back({std::move(label), value, figure.unverified ? "unverified" : "", figure.date, figure.source,
                  figure.note});
}

void add_rates(Rows& rows, const Accelerator& accelerator) {
  for (const auto& [type, rate] : accelerator.arithmetic) {
    const Figure& figure = rate.flops_per_second;
    if (rate.support == Support::kNative) {
      add_figure(rows, fmt::format("{}_tflops", name(type)), value_and_range(figure, kTera), figure);
    } else {
      add_figure(rows, std::string(name(type)), "emulated", figure);
    }
  }
}

void add_prices(Rows& rows, const Price& price) {
  for (const auto& [key, figure] : price_figures(price)) {
    if (!figure) continue;
    add_figure(rows, fmt::format("{}_{}", key, lower(price.currency)), value_and_range(*figure, 1), *figure);
  }
}

void add_moe(Rows& rows, const models::MixtureOfExperts& moe) {
  rows.push_back({"experts", fmt::format("{}", moe.experts)});
  rows.push_back({"experts_per_token", fmt::format("{}", moe.experts_per_token)});
  rows.push_back({"expert_intermediate", fmt::format("{}", moe.expert_intermediate)});
  rows.push_back({"shared_intermediate", fmt::format("{}", moe.shared_intermediate)});
  rows.push_back({"dense_layers", fmt::format("{}", moe.dense_layers)});
}

Rows shape_rows(const models::ModelCard& card) {
  Rows rows{{"field", "value"}};
  rows.push_back({"parameters", fmt::format("{}", models::parameters(card))});
  rows.push_back({"active_parameters", fmt::format("{}", models::active_parameters(card))});
  rows.push_back({"layers", fmt::format("{}", card.layers)});
  rows.push_back({"hidden", fmt::format("{}", card.hidden)});
  rows.push_back({"heads", fmt::format("{}", card.heads)});
  rows.push_back({"kv_heads", fmt::format("{}", card.kv_heads)});
  rows.push_back({"head_dim", fmt::format("{}", card.head_dim)});
  rows.push_back({"intermediate", fmt::format("{}", card.intermediate)});
  rows.push_back({"vocabulary", fmt::format("{}", card.vocabulary)});
  rows.push_back({"max_context_tokens", fmt::format("{}", card.max_context_tokens)});
  if (card.moe) add_moe(rows, *card.moe);
  if (card.mla) rows.push_back({"mla_kv_rank", fmt::format("{}", card.mla->kv_rank)});
  if (card.mla) rows.push_back({"mla_rope_dim", fmt::format("{}", card.mla->rope_dim)});
  if (card.sliding_window) {
    rows.push_back({"sliding_window_tokens", fmt::format("{}", card.sliding_window->tokens)});
    rows.push_back({"sliding_window_layers", fmt::format("{}", card.sliding_window->layers)});
  }
  return rows;
}

Rows memory_rows(const models::ModelCard& card) {
  const models::Types types = models::published_types(card);
  Rows rows{{"tp", "weight_gib_per_rank", "kv_bytes_per_token_per_rank", "kv_bytes_per_token",
             "kv_gib_per_million_tokens"}};
  for (const std::uint32_t tp : kShownTensorParallel) {
    if (!models::tp_divides(card, tp)) continue;
    const double kv_bytes = models::kv_bytes_per_token(card, types.kv, tp);
    rows.push_back({fmt::format("{}", tp),
                    fmt::format("{:.2f}", models::weight_bytes_per_rank(card, types, tp) / kGib),
                    fmt::format("{}", models::kv_bytes_per_token_per_rank(card, types.kv, tp)),
                    fmt::format("{}", kv_bytes), fmt::format("{:.1f}", kv_bytes * 1e6 / kGib)});
  }
  return rows;
}

std::string type_names(const models::ModelCard& card) {
  return fmt::format("weights {}, {}embeddings {}, KV {}", name(card.weight_type),
                     card.moe ? fmt::format("experts {}, ", name(card.expert_weight_type)) : "",
                     name(card.embedding_type), name(models::published_types(card).kv));
}

std::string line(std::string_view label, const std::string& text) {
  return text.empty() ? "" : fmt::format("{}: {}\n", label, text);
}

}  // namespace

std::array<PriceFigure, 4> price_figures(const Price& price) {
  return {{{"purchase", price.purchase},
           {"rent_per_hour", price.rent_per_hour},
           {"rent_three_years_per_hour", price.rent_three_years_per_hour},
           {"own_per_hour", price.own_per_hour}}};
}

std::string accelerator_table(const Catalog& catalog) {
  Rows rows{{"accelerator", "vendor", "year", "memory_gib", "bandwidth_gb_per_s", "bf16_tflops", "peak_watts",
             "native", "emulated", "interconnect", "unverified"}};
  for (const Accelerator& accelerator : catalog.accelerators()) {
    rows.push_back({accelerator.name, accelerator.vendor, fmt::format("{}", accelerator.year),
                    scaled(accelerator.memory_bytes.value, kGib),
                    scaled(accelerator.memory_bandwidth_bytes_per_second.value, kGiga),
                    scaled(accelerator.rate(NumberType::kBf16).flops_per_second.value, kTera),
                    scaled(accelerator.peak_watts.value, 1), types_of(accelerator, Support::kNative),
                    types_of(accelerator, Support::kEmulated), accelerator.interconnect,
                    unverified_of(accelerator)});
  }
  return format_table(rows);
}

std::string model_table(const models::ModelLibrary& library) {
  Rows rows{{"model", "parameters_billion", "active_billion", "weights", "experts", "weight_gib",
             "kv_bytes_per_token", "max_context_tokens", "unverified"}};
  for (const models::ModelCard& card : library.cards()) {
    const models::Types types = models::published_types(card);
    rows.push_back({card.name, fmt::format("{:.2f}", static_cast<double>(models::parameters(card)) / kGiga),
                    fmt::format("{:.2f}", static_cast<double>(models::active_parameters(card)) / kGiga),
                    std::string(name(card.weight_type)),
                    card.moe ? std::string(name(card.expert_weight_type)) : "-",
                    fmt::format("{:.1f}", models::weight_bytes_per_rank(card, types, 1) / kGib),
                    fmt::format("{}", models::kv_bytes_per_token(card, types.kv, 1)),
                    fmt::format("{}", card.max_context_tokens), join(card.unverified, " ")});
  }
  return format_table(rows);
}

std::string price_table(const Catalog& catalog) {
  Rows rows{{"accelerator", "currency"}};
  for (const auto& [key, figure] : price_figures(Price())) rows[0].emplace_back(key);
  rows[0].emplace_back("unverified");
  for (const std::string& accelerator : catalog.names()) {
    const Price* price = catalog.price(accelerator);
    if (price == nullptr) continue;
    std::vector<std::string> row{accelerator, price->currency};
    std::vector<std::string> doubtful;
    for (const auto& [key, figure] : price_figures(*price)) {
      row.push_back(figure ? scaled(figure->value, 1) : "-");
      if (figure && figure->unverified) doubtful.emplace_back(key);
    }
    row.push_back(join(doubtful, " "));
    rows.push_back(std::move(row));
  }
  return format_table(rows);
}

std::string accelerator_page(const Accelerator& accelerator, const Price* price) {
  Rows rows{{"figure", "value", "", "date", "source", "note"}};
  add_figure(rows, "memory_gib", value_and_range(accelerator.memory_bytes, kGib), accelerator.memory_bytes);
  const auto add = [&](const char* label, const Figure& figure, double unit) {
    add_figure(rows, label, value_and_range(figure, unit), figure);
  };
  add("bandwidth_gb_per_s", accelerator.memory_bandwidth_bytes_per_second, kGiga);
  add_rates(rows, accelerator);
  add("peak_watts", accelerator.peak_watts, 1);
  add("idle_watts", accelerator.idle_watts, 1);
  add("interconnect_gb_per_s", accelerator.interconnect_bytes_per_second, kGiga);
  add("host_link_gb_per_s", accelerator.host_link_bytes_per_second, kGiga);
  if (price != nullptr) add_prices(rows, *price);
  return fmt::format("{} ({}, {})\n", accelerator.name, accelerator.vendor, accelerator.year) +
         line("also", join(accelerator.aliases, ", ")) +
         fmt::format("interconnect: {}, {} devices\n", accelerator.interconnect,
                     accelerator.interconnect_domain) +
         line("notes", accelerator.notes) + "\n" + format_table(rows);
}

std::string model_page(const models::ModelCard& card) {
  return card.name + "\n" + line("also", join(card.aliases, ", ")) + line("source", card.source) +
         line("date", card.date) + line("unverified", join(card.unverified, ", ")) +
         line("types", type_names(card)) + "\n" + format_table(shape_rows(card)) + "\n" +
         format_table(memory_rows(card));
}

}  // namespace kvsim::cli
