// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <unordered_map>

#include "traces/readers/json_line.h"
#include "traces/readers/line_records.h"
#include "traces/readers/readers.h"
#include "traces/readers/refuse.h"

namespace kvsim::traces {
namespace {

constexpr std::int64_t kMostPriority = 1'000'000'000;
constexpr std::int64_t kMostStages = 10'000;

const std::vector<std::string> kFields = {"arrival_seconds",
                                          "input_tokens",
                                          "output_tokens",
                                          "max_output_tokens",
                                          "id",
                                          "after",
                                          "think_seconds",
                                          "session",
                                          "connection",
                                          "model",
                                          "class",
                                          "tenant",
                                          "priority",
                                          "prompt",
                                          "stage",
                                          "output_stream",
                                          "timeout_seconds"};

class Kvsim : public LineRecords {
 public:
  Kvsim(LineReader reader, const TraceOptions& options)
      : LineRecords(std::move(reader), "kvsim", options),
        fields_([this](std::string path, std::string message, std::string remedy) {
          fault(std::move(path), std::move(message), std::move(remedy));
        }) {
    if (lines().peek(1).empty()) {
      refuse({path(), 1}, "", "is empty, or starts with blank lines only",
             "the first line must be {\"kvsim_trace\": 1}");
    }
  }

  std::uint32_t block_tokens() const override { return block_tokens_; }
  std::uint32_t stages() const override { return stages_; }

 private:
  bool parse(const Line& line, Record& record) override {
    if (!fields_.parse(line)) return false;
    if (!headed_) return parse_header();
    fields_.refuse_unknown(kFields);
    read_lengths(record);
    read_names(record);
    read_identity(record);
    read_time(record);
    read_stage(record);
    if (!fields_.good()) return false;
    read_prompt(record);
    return fields_.good() && note_id(record);
  }

  bool parse_header() {
    headed_ = true;
    fields_.refuse_unknown({"kvsim_trace", "description", "block_tokens", "stages"});
    fields_.whole("kvsim_trace", 1, 1);
    if (!fields_.has("kvsim_trace"))
      fields_.missing("kvsim_trace", "the first line must be {\"kvsim_trace\": 1}");
    fields_.text("description");
    block_tokens_ = static_cast<std::uint32_t>(fields_.whole("block_tokens", 0, 65'536).value_or(0));
    stages_ = static_cast<std::uint32_t>(fields_.whole("stages", 1, kMostStages).value_or(0));
    return false;
  }

  void read_lengths(Record& record) {
    Request& request = record.request;
    const auto input = fields_.whole("input_tokens", 1, kMostTokens);
    if (!fields_.has("input_tokens")) fields_.missing("input_tokens", "give the tokens of the prompt");
    const auto output = fields_.whole("output_tokens", 1, kMostTokens);
    if (!fields_.has("output_tokens") && options().default_output_tokens == 0) {
      fields_.missing("output_tokens", "give the tokens of the answer");
    }
    request.input_tokens = static_cast<std::uint32_t>(input.value_or(1));
    request.output_tokens = static_cast<std::uint32_t>(output.value_or(options().default_output_tokens));
    const auto most = fields_.whole("max_output_tokens", request.output_tokens, kMostTokens);
    request.max_output_tokens = static_cast<std::uint32_t>(most.value_or(0));
  }

  void read_names(Record& record) {
    Request& request = record.request;
    if (const auto name = fields_.text("model")) set_model(record, *name, true);
    if (const auto name = fields_.text("class"))
      request.slo_class = name_index(names_.slo_classes, *name, "class");
    if (const auto name = fields_.text("tenant"))
      request.tenant = name_index(names_.tenants, *name, "tenant");
    request.priority =
        static_cast<std::int32_t>(fields_.whole("priority", -kMostPriority, kMostPriority).value_or(0));
  }

  void read_identity(Record& record) {
    Request& request = record.request;
    request.session = fields_.identity("session").value_or(0);
    request.connection = fields_.any_whole("connection").value_or(0);
    request.output_stream = fields_.any_whole("output_stream").value_or(own_answer(record.number));
    if (const auto seconds = fields_.number("timeout_seconds", 1e-9, kLatestSeconds)) {
      request.timeout = from_seconds(*seconds);
    }
  }

  void read_time(Record& record) {
    if (fields_.has("after")) return read_turn(record);
    if (fields_.has("think_seconds")) {
      fields_.missing("after", "`think_seconds` needs the id of the request that this one follows");
    }
    if (!fields_.has("arrival_seconds")) {
      fields_.missing("arrival_seconds",
                      "give the arrival, or `after` with the id of the request it follows");
    }
    if (const auto seconds = fields_.number("arrival_seconds", 0, kLatestSeconds)) {
      record.request.arrival = from_seconds(*seconds);
    }
  }

  void read_stage(Record& record) {
    if (stages_ == 0 && fields_.has("stage"))
      fields_.fault("stage", "the header names no stages", "give `stages`, their number, on the first line");
    if (stages_ > 0 && !fields_.has("stage"))
      fields_.missing("stage", "the header has stages: say to which one the request belongs, from 0");
    if (stages_ == 0) return;
    record.request.stage = static_cast<std::int32_t>(fields_.whole("stage", 0, stages_ - 1).value_or(0));
  }

  void read_turn(Record& record) {
    if (fields_.has("arrival_seconds")) {
      fields_.fault("arrival_seconds", "stands beside `after`",
                    "a turn's arrival follows from `think_seconds`");
    }
    record.is_turn = true;
    record.request.think = from_seconds(fields_.number("think_seconds", 0, kLatestSeconds).value_or(0));
    const auto before = fields_.any_whole("after");
    if (!before) return;
    const auto found = number_of_id_.find(*before);
    if (found == number_of_id_.end() || record.number - found->second > kTurnWindow) {
      fields_.fault(
          "after",
          fmt::format("found {}, which is the id of none of the {} records above", *before, kTurnWindow),
          "put each turn behind the one that it follows, not far away");
      return;
    }
    record.follows = found->second;
  }

  void read_prompt(Record& record) {
    std::uint64_t left = record.request.input_tokens;
    if (const auto pieces = fields_.array("prompt")) {
      for (const simdjson::dom::element element : *pieces) {
        if (!read_piece(element, left, record.request.prompt)) {
          fields_.wrong("prompt", element,
                        "give [[stream, offset, tokens], ...] of at most input_tokens tokens");
          return;
        }
      }
    }
    fill_prompt(record);
  }

  static bool read_piece(simdjson::dom::element element, std::uint64_t& left, std::vector<Piece>& prompt) {
    simdjson::dom::array parts;
    if (element.get(parts) != simdjson::SUCCESS || parts.size() != 3) return false;
    Piece piece;
    if (parts.at(0).get(piece.stream) != simdjson::SUCCESS) return false;
    if (parts.at(1).get(piece.offset) != simdjson::SUCCESS || piece.offset > kOwnStreams) return false;
    const auto tokens = whole_in(parts.at(2).value_unsafe(), 1, static_cast<std::int64_t>(left));
    if (!tokens) return false;
    piece.tokens = static_cast<std::uint32_t>(*tokens);
    left -= piece.tokens;
    append_piece(prompt, piece);
    return true;
  }

  // Ids are remembered for the latest kTurnWindow records that have one; a later one may use an id again.
  bool note_id(Record& record) {
    const auto id = fields_.any_whole("id");
    if (!id) return fields_.good();
    record.may_be_followed = true;
    const auto [entry, fresh] = number_of_id_.try_emplace(*id, record.number);
    if (!fresh && record.number - entry->second <= kTurnWindow) {
      fields_.fault("id", fmt::format("{} is the id of a record above too", *id),
                    "give every record an id of its own");
      return false;
    }
    entry->second = record.number;
    if (number_of_id_.size() > 2 * kTurnWindow) {
      std::erase_if(number_of_id_,
                    [&](const auto& known) { return record.number - known.second > kTurnWindow; });
    }
    return true;
  }

  JsonLine fields_;
  bool headed_ = false;
  std::uint32_t block_tokens_ = 0;
  std::uint32_t stages_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> number_of_id_;
};

}  // namespace

std::unique_ptr<RecordReader> read_kvsim(LineReader lines, const TraceOptions& options) {
  return std::make_unique<Kvsim>(std::move(lines), options);
}

}  // namespace kvsim::traces
