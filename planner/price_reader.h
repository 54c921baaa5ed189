// SPDX-License-Identifier: Apache-2.0
// Prices of a problem: stated in it, put over it by price files, converted into its currency, or refused with
// the reason. docs/problem.md has the rules.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/fields.h"
#include "planner/problem_reading.h"

namespace kvsim::planner {

// A price as somebody states it, and what holds for prices that do not say otherwise.
struct StatedPrice {
  double value = 0, low = 0, high = 0;
  double range = 0;     // share, where low and high are not stated
  double discount = 0;  // share
  std::string currency;
  std::string valid_from, valid_until;  // ISO days; empty: always
  std::string source, date;
  bool unverified = false;
};

// What a thing costs: nothing is stated, or it is stated and usable, or the reason why it is not.
struct PriceOffer {
  bool stated = false;
  std::optional<PriceTag> tag;
  std::string reason;  // where there is no tag: "no price", "valid until 2026-03-31"
};

// A day as 2026-06-01; else a problem, and nothing.
std::string read_day(Fields& fields, std::string_view key, const std::string& usual = "");
// A code such as USD; else a problem.
std::string read_currency(Fields& fields, std::string_view key, const std::string& usual);

class PriceBook {
 public:
  // Reads `prices`, `exchange_rates` and `rent` of the problem's root; currency and date are known.
  PriceBook(Fields& root, ProblemReading& reading);

  // The price under `key` of a thing, such as `price` of servers/hgx: of the last file that has it, else of
  // `owner`.
  PriceOffer find(Fields& owner, std::string_view key, const std::string& group, const std::string& name);
  // Of the catalog: rent of a server with so many of them.
  PriceOffer catalog_rent(const std::string& accelerator, std::uint32_t accelerators) const;
  bool rents_by_catalog() const { return rents_by_catalog_; }
  const std::vector<std::string>& files() const { return files_; }

 private:
  struct Rate {
    double value = 1;
    std::string source;
    bool unverified = false;
  };
  void read_rates(Fields& root);
  void read_file(const std::string& path);
  void read_group(Fields& file, const std::string& group, const std::vector<std::string>& keys,
                  const StatedPrice& usual);
  StatedPrice usual_of(const std::string& file) const;
  PriceOffer resolved(const StatedPrice& stated) const;
  std::string why_not(const StatedPrice& stated) const;
  void need_date(Fields& owner, std::string_view key, const StatedPrice& stated) const;

  ProblemReading& reading_;
  std::map<std::string, Rate> rates_;
  std::map<std::tuple<std::string, std::string, std::string>, StatedPrice> overlay_;
  std::vector<std::string> files_;
  bool rents_by_catalog_ = false;
};

}  // namespace kvsim::planner
