// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/lengths.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/files.h"
#include "base/text.h"

namespace kvsim::traces {

namespace {

constexpr std::uint64_t kMaxTableBytes = 256ull << 20;
constexpr std::int64_t kMaxLength = 10'000'000;

class TableReader {
 public:
  TableReader(const std::string& path, const std::string& input_column, const std::string& output_column)
      : path_(path), text_(read_file(path, kMaxTableBytes)) {
    const auto header = split(next_line(), ',');
    input_ = column(header, input_column);
    output_ = column(header, output_column);
    problems_.throw_if_any();
  }

  std::shared_ptr<const std::vector<LengthPair>> read() {
    auto table = std::make_shared<std::vector<LengthPair>>();
    while (rest_ < text_.size()) {
      const std::string_view line = next_line();
      if (trim(line).empty()) continue;
      const auto cells = split(line, ',');
      table->push_back({length(cells, input_), length(cells, output_)});
    }
    if (table->empty())
      problems_.add({path_, line_, 0}, "", "the table has no rows", "give at least one row");
    problems_.throw_if_any();
    return table;
  }

 private:
  std::string_view next_line() {
    const std::string_view all(text_);
    const std::size_t end = std::min(all.find('\n', rest_), all.size());
    std::string_view line = all.substr(rest_, end - rest_);
    rest_ = end + 1;
    ++line_;
    if (line_ == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
    return line;
  }

  std::size_t column(const std::vector<std::string_view>& header, const std::string& name) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (trim(header[i]) == name) return i;
      if (names.size() < 50) names.emplace_back(trim(header[i]));
    }
    problems_.add({path_, 1, 0}, "", "no column '" + name + "'", valid_names_remedy(name, names));
    return 0;
  }

  std::uint32_t length(const std::vector<std::string_view>& cells, std::size_t index) {
    const std::string_view cell = index < cells.size() ? trim(cells[index]) : std::string_view();
    const std::optional<std::int64_t> value = parse_integer(cell);
    if (value && *value >= 0 && *value <= kMaxLength) {
      return static_cast<std::uint32_t>(std::max<std::int64_t>(*value, 1));
    }
    problems_.add({path_, line_, 0}, "", "found '" + std::string(cell.substr(0, 40)) + "' as a length",
                  "give a whole number of tokens from 0 to 10000000");
    return 1;
  }

  std::string path_;
  std::string text_;
  std::size_t rest_ = 0;
  int line_ = 0;
  std::size_t input_ = 0;
  std::size_t output_ = 0;
  Problems problems_;
};

}  // namespace

LengthPair sample_lengths(const LengthSettings& settings, RandomStream& random) {
  if (settings.table) return (*settings.table)[random.below(settings.table->size())];
  if (settings.correlation == 0) {
    const std::uint32_t input = settings.input_tokens.sample_tokens(random);
    return {input, settings.output_tokens.sample_tokens(random)};
  }
  const double r = settings.correlation;
  const double first = random.normal(0, 1);
  const double second = r * first + std::sqrt(1 - r * r) * random.normal(0, 1);
  return {round_tokens(settings.input_tokens.from_normal(first)),
          round_tokens(settings.output_tokens.from_normal(second))};
}

std::shared_ptr<const std::vector<LengthPair>> read_length_table(const std::string& path,
                                                                 const std::string& input_column,
                                                                 const std::string& output_column) {
  return TableReader(path, input_column, output_column).read();
}

}  // namespace kvsim::traces
