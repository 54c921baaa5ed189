// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"
#include "traces/readers/csv_records.h"
#include "traces/readers/readers.h"

namespace kvsim::traces {
namespace {

class BurstGpt : public CsvRecords {
 public:
  BurstGpt(LineReader lines, const TraceOptions& options)
      : CsvRecords(std::move(lines), "burstgpt", {"Timestamp", "Model", "Request tokens", "Response tokens"},
                   options) {}

 private:
  bool parse(const Line& line, Record& record) override {
    if (!read_row(line)) return false;
    const bool timed = read_arrival(record);
    const auto output = tokens("Response tokens", 0);
    if (output == 0u && timed) return skip("failed: no response tokens");
    const auto input = tokens("Request tokens", 1);
    if (!timed || !input || !output) return false;
    record.request.input_tokens = *input;
    record.request.output_tokens = *output;
    record.request.output_stream = own_answer(record.number);
    if (const std::string& session = cell("Session ID"); !session.empty())
      record.request.session = hash_text(session);
    set_model(record, cell("Model"), false);
    fill_prompt(record);
    return true;
  }

  bool read_arrival(Record& record) {
    const auto seconds = parse_double(cell("Timestamp"));
    if (seconds && *seconds >= 0 && *seconds <= kLatestSeconds) {
      record.request.arrival = from_seconds(*seconds);
      return true;
    }
    wrong("Timestamp", fmt::format("give seconds from 0 to {}", kLatestSeconds));
    return false;
  }
};

}  // namespace

std::unique_ptr<RecordReader> read_burstgpt(LineReader lines, const TraceOptions& options) {
  return std::make_unique<BurstGpt>(std::move(lines), options);
}

}  // namespace kvsim::traces
