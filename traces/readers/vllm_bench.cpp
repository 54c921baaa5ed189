// SPDX-License-Identifier: Apache-2.0
// `vllm bench serve --save-result --save-detailed`: one JSON document with an array for each quantity. It is
// read whole, at most 128 MiB.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "traces/readers/json_line.h"
#include "traces/readers/line_records.h"
#include "traces/readers/readers.h"

namespace kvsim::traces {
namespace {

constexpr std::size_t kLargest = std::size_t{128} << 20;
constexpr std::size_t kFaultsTold = 20;

struct Sent {
  double start_seconds = 0;
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
};

class Document {
 public:
  Document(std::string text, std::string path) : text_(std::move(text)), path_(std::move(path)) {
    simdjson::dom::element root;
    if (const auto error = parser_.parse(text_).get(root)) {
      fault("", fmt::format("is not JSON: {}", simdjson::error_message(error)),
            "give a whole result file in UTF-8; it may be cut off");
    } else if (root.get(object_) != simdjson::SUCCESS) {
      fault("", "is not a JSON object", "give the result file");
    }
    problems_.throw_if_any();
  }

  // Calls `use(place, value)` for every item; `use` returns false for an item that is not valid.
  template <class Use>
  std::size_t each(const char* name, const char* remedy, Use use) {
    simdjson::dom::array items;
    if (object_[name].get(items) != simdjson::SUCCESS) {
      fault(name, "is missing, or no array", "make the file with `--save-result --save-detailed`");
      return 0;
    }
    std::size_t place = 0;
    for (const simdjson::dom::element item : items) {
      if (!use(place, item)) fault(name, fmt::format("item {} is {}", place, shown(item)), remedy);
      ++place;
    }
    return place;
  }

  bool has(const char* name) { return object_[name].error() == simdjson::SUCCESS; }
  void fault(std::string key, std::string message, std::string remedy) {
    problems_.add({path_, line_of(key)}, std::move(key), std::move(message), std::move(remedy));
    if (problems_.all().size() >= kFaultsTold) problems_.throw_if_any();
  }
  void throw_if_any() const { problems_.throw_if_any(); }

 private:
  // Where the field starts; line 1 where it is nowhere.
  int line_of(const std::string& key) const {
    const std::size_t place = text_.find('"' + key + '"');
    if (key.empty() || place == std::string::npos) return 1;
    return 1 + static_cast<int>(
                   std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(place), '\n'));
  }

  std::string text_;
  std::string path_;
  simdjson::dom::parser parser_;
  simdjson::dom::object object_;
  Problems problems_;
};

class VllmBench : public RecordReader {
 public:
  VllmBench(LineReader lines, const TraceOptions&) : path_(lines.path()) {
    Document document(lines.rest(kLargest), path_);
    read(document);
    std::stable_sort(sent_.begin(), sent_.end(),
                     [](const Sent& a, const Sent& b) { return a.start_seconds < b.start_seconds; });
  }

  bool next(Record& record) override {
    if (given_ == sent_.size()) return false;
    const Sent& sent = sent_[given_];
    record = Record{};
    record.number = given_++;
    Request& request = record.request;
    request.arrival = from_seconds(sent.start_seconds - sent_.front().start_seconds);
    request.input_tokens = static_cast<std::uint32_t>(sent.input_tokens);
    request.output_tokens = static_cast<std::uint32_t>(sent.output_tokens);
    request.output_stream = own_answer(record.number);
    request.prompt = {{own_prompt(record.number), 0, request.input_tokens}};
    return true;
  }

  const std::string& path() const override { return path_; }
  const std::string& format() const override { return format_; }
  std::uint32_t block_tokens() const override { return 0; }
  const Names& names() const override { return names_; }
  std::vector<Skipped> skipped() const override {
    if (failed_ == 0) return {};
    return {{"failed: an error, or no output tokens", failed_}};
  }
  double progress() const override {
    return sent_.empty() ? 1 : static_cast<double>(given_) / static_cast<double>(sent_.size());
  }

 private:
  void read(Document& document) {
    const std::size_t inputs =
        document.each("input_lens", "give whole numbers from 0", [&](std::size_t, auto value) {
          sent_.emplace_back();
          return whole(value, sent_.back().input_tokens);
        });
    const std::size_t outputs = document.each(
        "output_lens", "give whole numbers from 0",
        [&](std::size_t i, auto value) { return i >= sent_.size() || whole(value, sent_[i].output_tokens); });
    const std::size_t starts =
        document.each("start_times", "give seconds from 0", [&](std::size_t i, auto value) {
          double seconds = 0;
          if (value.get(seconds) != simdjson::SUCCESS || !(seconds >= 0 && seconds <= kLatestSeconds))
            return false;
          if (i < sent_.size()) sent_[i].start_seconds = seconds;
          return true;
        });
    if (inputs != outputs || inputs != starts) {
      document.fault("start_times",
                     fmt::format("{} input_lens, {} output_lens, {} start_times", inputs, outputs, starts),
                     "the arrays must be equally long");
    }
    drop_failed(document);
    document.throw_if_any();
  }

  void drop_failed(Document& document) {
    std::vector<bool> failed(sent_.size());
    for (std::size_t i = 0; i < sent_.size(); ++i) failed[i] = sent_[i].output_tokens == 0;
    if (document.has("errors")) {
      document.each("errors", "give texts, empty for requests that went well",
                    [&](std::size_t i, auto value) {
                      std::string_view text;
                      if (value.get(text) != simdjson::SUCCESS) return false;
                      if (i < failed.size() && !text.empty()) failed[i] = true;
                      return true;
                    });
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (failed[i]) continue;
      if (sent_[i].input_tokens == 0) {
        document.fault("input_lens", fmt::format("item {} is 0", i), "a request that went well has a prompt");
      }
      sent_[kept++] = sent_[i];
    }
    failed_ = sent_.size() - kept;
    sent_.resize(kept);
  }

  static bool whole(simdjson::dom::element value, std::int64_t& into) {
    return value.get(into) == simdjson::SUCCESS && into >= 0 && into <= kMostTokens;
  }

  std::string path_;
  std::string format_ = "vllm-bench";
  Names names_;
  std::vector<Sent> sent_;
  std::size_t given_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> read_vllm_bench(LineReader lines, const TraceOptions& options) {
  return std::make_unique<VllmBench>(std::move(lines), options);
}

}  // namespace kvsim::traces
