// SPDX-License-Identifier: Apache-2.0
#include "planner/price_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace kvsim::planner {
namespace {

constexpr NumberRange kPrice{0, 1e15, true};
constexpr NumberRange kRate{0, 1e9, true};
constexpr NumberRange kDiscount{0, 0.99};  // nothing is free

bool is_day(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (kForm[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-') return false;
  constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto year = *parse_integer(text.substr(0, 4)), month = *parse_integer(text.substr(5, 2)),
             day = *parse_integer(text.substr(8, 2));
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leaps ? 1 : 0);
}

void check_currency(Fields& fields, std::string_view key, const std::string& currency) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (currency.size() == 3 && std::all_of(currency.begin(), currency.end(), is_capital)) return;
  fields.problem(key, fmt::format("found \"{}\"", shortened(currency)),
                 "give a code of three capitals, such as USD or EUR");
}

// Everything of a price but its amount.
StatedPrice read_terms(Fields& fields, StatedPrice terms) {
  terms.currency = read_currency(fields, "currency", terms.currency);
  terms.valid_from = read_day(fields, "valid_from", terms.valid_from);
  terms.valid_until = read_day(fields, "valid_until", terms.valid_until);
  if (!terms.valid_from.empty() && !terms.valid_until.empty() && terms.valid_from > terms.valid_until)
    fields.problem(fields.has("valid_until") ? "valid_until" : "valid_from",
                   fmt::format("valid from {} until {}, which is never", terms.valid_from, terms.valid_until),
                   "give valid_from <= valid_until");
  terms.range = fields.number("range", kShare, terms.range);
  terms.discount = fields.number("discount", kDiscount, terms.discount);
  terms.source = fields.text("source", terms.source);
  terms.date = read_day(fields, "date", terms.date);
  terms.unverified = fields.boolean("unverified", terms.unverified);
  return terms;
}

// 280.000 is 280 to a reader of YAML and 280,000 to half of the world.
void refuse_grouped(Fields& fields, std::string_view key) {
  const Node* node = fields.raw(key);
  if (node == nullptr || !node->is_scalar()) return;
  const std::string& text = node->scalar;
  const std::size_t dot = text.find('.');
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool grouped = dot != std::string::npos && dot > 0 && dot <= 3 && text.size() == dot + 4 &&
                       text[0] != '0' &&
                       std::count_if(text.begin(), text.end(), is_digit) == std::ssize(text) - 1;
  if (grouped)
    fields.problem(key,
                   "found " + text + ", which may be meant as " + text.substr(0, dot) + text.substr(dot + 1),
                   "write the price of a server without a group of three decimals");
}

void read_amount(Fields& fields, StatedPrice& price) {
  price.value = fields.number("value", kPrice);
  const auto low = fields.maybe_number("low", kPrice), high = fields.maybe_number("high", kPrice);
  price.low = low.value_or(price.value * (1 - price.range));
  price.high = high.value_or(price.value * (1 + price.range));
  if (fields.has("range") && (low || high))
    fields.problem("range", "stands beside low or high", "keep one of them");
  if (price.low > price.value || price.high < price.value)
    fields.problem(low ? "low" : "high",
                   fmt::format("{} lies outside of {} to {}", price.value, price.low, price.high),
                   "give low <= value <= high");
}

// A number, or a map; nothing where the key is absent.
std::optional<StatedPrice> read_price(Fields& owner, std::string_view key, const StatedPrice& usual) {
  const Node* node = owner.raw(key);
  if (node == nullptr || node->is_null()) return {};
  StatedPrice price = usual;
  if (!node->is_map()) {
    if (key == "price") refuse_grouped(owner, key);
    const auto value = owner.maybe_number(key, kPrice);
    price.value = value.value_or(1);
    price.low = price.value * (1 - price.range);
    price.high = price.value * (1 + price.range);
    return price;
  }
  Fields fields = owner.map(key);
  price = read_terms(fields, usual);
  if (key == "price") refuse_grouped(fields, "value");
  read_amount(fields, price);
  fields.finish();
  return price;
}

}  // namespace

std::string read_day(Fields& fields, std::string_view key, const std::string& usual) {
  std::string day = fields.text(key, usual);
  if (day.empty() || is_day(day)) return day;
  fields.problem(key, fmt::format("found \"{}\"", shortened(day)), "give a day such as 2026-06-01");
  return "";
}

std::string read_currency(Fields& fields, std::string_view key, const std::string& usual) {
  std::string currency = fields.text(key, usual);
  check_currency(fields, key, currency);
  return currency;
}

PriceBook::PriceBook(Fields& root, ProblemReading& reading) : reading_(reading) {
  rents_by_catalog_ = root.choice("rent", {"catalog"}, "") == "catalog";
  read_rates(root);
  for (const std::string& file : root.texts("prices")) {
    files_.push_back(reading_.path_of(file));
    try {
      read_file(files_.back());
    } catch (const InputError& error) {
      for (const kvsim::Problem& problem : error.problems())
        reading_.problems.add(problem.where, problem.path, problem.message, problem.remedy);
    }
  }
}

StatedPrice PriceBook::usual_of(const std::string& file) const {
  StatedPrice usual;
  usual.currency = reading_.problem.currency;
  usual.source = "stated in " + file;
  return usual;
}

void PriceBook::read_rates(Fields& root) {
  Fields rates = root.map("exchange_rates");
  for (const std::string& currency : rates.keys()) {
    Rate rate;
    check_currency(rates, currency, currency);
    if (const Node* node = rates.raw(currency); node->is_map()) {
      Fields fields = rates.map(currency);
      rate.value = fields.number("value", kRate);
      rate.source = fields.text("source", "");
      const std::string date = read_day(fields, "date");
      if (!date.empty()) rate.source += (rate.source.empty() ? "" : ", ") + date;
      rate.unverified = fields.boolean("unverified", false);
      fields.finish();
    } else {
      rate.value = rates.number(currency, kRate);
    }
    rates_.insert_or_assign(currency, rate);
  }
}

void PriceBook::read_file(const std::string& path) {
  const Document document = load_yaml(path);
  Fields file(document, reading_.problems);
  const StatedPrice usual = read_terms(file, usual_of(path));
  read_group(file, "servers", {"price", "rent"}, usual);
  read_group(file, "storage", {"price", "price_per_tb", "price_per_gb_per_second"}, usual);
  if (const auto host = read_price(file, "router_host", usual)) {
    need_date(file, "router_host", *host);
    overlay_.insert_or_assign({"finance", "", "router_host"}, *host);
  }
  file.finish();
}

void PriceBook::read_group(Fields& file, const std::string& group, const std::vector<std::string>& keys,
                           const StatedPrice& usual) {
  for (auto& [name, thing] : file.named_maps(group)) {
    for (const std::string& key : keys) {
      const auto price = read_price(thing, key, usual);
      if (!price) continue;
      need_date(thing, key, *price);
      overlay_.insert_or_assign({group, name, key}, *price);
    }
    thing.finish();
  }
}

void PriceBook::need_date(Fields& owner, std::string_view key, const StatedPrice& stated) const {
  const bool has_validity = !stated.valid_from.empty() || !stated.valid_until.empty();
  if (has_validity && reading_.problem.date.empty())
    owner.problem(key, "the price has a validity, and the problem no date",
                  "add `date:` at the root of the problem, such as 2026-06-01");
}

PriceOffer PriceBook::find(Fields& owner, std::string_view key, const std::string& group,
                           const std::string& name) {
  const auto stated = read_price(owner, key, usual_of(reading_.problem.file));
  if (stated) need_date(owner, key, *stated);
  const auto above = overlay_.find({group, name, std::string(key)});
  if (above != overlay_.end()) return resolved(above->second);
  return stated ? resolved(*stated) : PriceOffer{false, {}, "no price"};
}

PriceOffer PriceBook::catalog_rent(const std::string& accelerator, std::uint32_t accelerators) const {
  const Price* price = reading_.inputs.catalog.price(accelerator);
  if (price == nullptr || !price->rent_per_hour) return {false, {}, "no rent in the catalog"};
  const Figure& figure = *price->rent_per_hour;
  StatedPrice stated;
  stated.value = figure.value * accelerators;
  stated.low = figure.low.value_or(figure.value) * accelerators;
  stated.high = figure.high.value_or(figure.value) * accelerators;
  stated.currency = price->currency;
  stated.source = "catalog: " + figure.source;
  stated.date = figure.date;
  stated.unverified = figure.unverified;
  return resolved(stated);
}

std::string PriceBook::why_not(const StatedPrice& stated) const {
  const Problem& problem = reading_.problem;
  if (!stated.valid_from.empty() && problem.date < stated.valid_from)
    return fmt::format("its price is valid from {} on, the plan is of {}", stated.valid_from, problem.date);
  if (!stated.valid_until.empty() && problem.date > stated.valid_until)
    return fmt::format("its price is valid until {}, the plan is of {}", stated.valid_until, problem.date);
  const auto rate = rates_.find(stated.currency);
  const bool is_foreign = stated.currency != problem.currency;
  if (is_foreign && rate == rates_.end())
    return fmt::format("its price is in {}, and exchange_rates has no {}", stated.currency, stated.currency);
  if (problem.accept_unverified) return "";
  if (stated.unverified) return fmt::format("its price is unverified ({})", stated.source);
  if (is_foreign && rate->second.unverified)
    return fmt::format("the exchange rate of {} is unverified", stated.currency);
  return "";
}

PriceOffer PriceBook::resolved(const StatedPrice& stated) const {
  if (std::string reason = why_not(stated); !reason.empty()) return {true, {}, std::move(reason)};
  PriceTag tag;
  tag.source = stated.source + (stated.date.empty() ? "" : ", " + stated.date);
  tag.unverified = stated.unverified;
  double factor = 1 - stated.discount;
  if (stated.currency != reading_.problem.currency) {
    const Rate& rate = rates_.at(stated.currency);
    factor *= rate.value;
    tag.unverified |= rate.unverified;
    tag.source += fmt::format("; {} at {}{}", stated.currency, rate.value,
                              rate.source.empty() ? "" : " (" + rate.source + ")");
  }
  tag.value = stated.value * factor;
  tag.low = stated.low * factor;
  tag.high = stated.high * factor;
  return {true, std::move(tag), ""};
}

}  // namespace kvsim::planner
