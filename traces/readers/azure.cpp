// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/csv_records.h"
#include "traces/readers/readers.h"
#include "traces/readers/timestamp.h"

namespace kvsim::traces {
namespace {

class Azure : public CsvRecords {
 public:
  Azure(LineReader lines, const TraceOptions& options)
      : CsvRecords(std::move(lines), "azure", {"TIMESTAMP", "ContextTokens", "GeneratedTokens"}, options) {}

 private:
  bool parse(const Line& line, Record& record) override {
    if (!read_row(line)) return false;
    const bool timed = read_arrival(record);
    const auto output = tokens("GeneratedTokens", 0);
    if (output == 0u && timed) return skip("no output tokens");
    const auto input = tokens("ContextTokens", 1);
    if (!timed || !input || !output) return false;
    record.request.input_tokens = *input;
    record.request.output_tokens = *output;
    record.request.output_stream = own_answer(record.number);
    fill_prompt(record);
    return true;
  }

  // The first row of the file is time 0.
  bool read_arrival(Record& record) {
    const auto stamp = parse_timestamp(cell("TIMESTAMP"));
    if (!stamp) {
      wrong("TIMESTAMP", "give a moment such as 2023-11-16 18:17:03.9799600");
      return false;
    }
    if (!start_) start_ = stamp;
    record.request.arrival = (stamp->seconds - start_->seconds) * kNanosecondsPerSecond +
                             (stamp->nanoseconds - start_->nanoseconds);
    return true;
  }

  std::optional<Moment> start_;
};

}  // namespace

std::unique_ptr<RecordReader> read_azure(LineReader lines, const TraceOptions& options) {
  return std::make_unique<Azure>(std::move(lines), options);
}

}  // namespace kvsim::traces
