// SPDX-License-Identifier: Apache-2.0
// What all formats of one record a line have in common: faults gathered over several lines, arrivals in
// order, records passed over and counted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/errors.h"
#include "traces/readers/line_reader.h"
#include "traces/readers/record.h"

namespace kvsim::traces {

// Bounds that every format shares.
constexpr std::int64_t kMostTokens = 1'000'000'000;
constexpr double kLatestSeconds = 4e9;  // twice this still fits nanoseconds of 64 bits

class LineRecords : public RecordReader {
 public:
  LineRecords(LineReader lines, std::string format, const TraceOptions& options);

  bool next(Record& record) final;
  const std::string& path() const override { return lines_.path(); }
  const std::string& format() const override { return format_; }
  std::uint32_t block_tokens() const override { return 0; }
  const Names& names() const override { return names_; }
  std::vector<Skipped> skipped() const override;
  double progress() const override { return lines_.progress(); }

 protected:
  // Fills the record out of one line. False: the line holds no record (a fault was told, or it is passed
  // over).
  virtual bool parse(const Line& line, Record& record) = 0;

  void fault(std::string path, std::string message, std::string remedy);  // of the line at hand
  bool skip(const std::string& reason);  // false, so that parse() can return it
  // Gives the record a prompt out of the tokens that no id names: what is missing to input_tokens.
  static void fill_prompt(Record& record);
  void set_model(Record& record, const std::string& traced_name, bool keep_unmapped);
  std::uint32_t name_index(std::vector<std::string>& names, const std::string& name, const char* path);

  LineReader& lines() { return lines_; }
  const TraceOptions& options() const { return options_; }
  Names names_;

 private:
  bool in_order(const Record& record);
  bool give_up() const;  // enough faults to tell

  LineReader lines_;
  std::string format_;
  TraceOptions options_;
  Problems problems_;
  int line_ = 0;
  int first_fault_line_ = 0;
  std::uint64_t records_ = 0;
  Nanoseconds latest_ = std::numeric_limits<Nanoseconds>::min();
  std::map<std::string, std::uint64_t> skipped_;
};

}  // namespace kvsim::traces
