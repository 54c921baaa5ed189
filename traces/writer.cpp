// SPDX-License-Identifier: Apache-2.0
#include "traces/writer.h"

#include <fmt/format.h>

#include <iterator>
#include <sstream>
#include <unordered_map>

#include "base/json_writer.h"
#include "traces/blocks.h"
#include "traces/offer_all.h"
#include "traces/readers/record.h"

namespace kvsim::traces {
namespace {

// Exact and without trailing zeros: 1.25 for 1,250,000,000.
std::string decimal(Nanoseconds value, int digits) {
  Nanoseconds unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  std::string text = fmt::format("{}.{:0{}}", value / unit, value % unit, digits);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string quoted(const std::string& text) {
  std::ostringstream out;
  JsonWriter(out, 0).begin_array().value(text).end_array();
  const std::string array = out.str();
  return array.substr(1, array.rfind(']') - 1);
}

class KvsimLines {
 public:
  KvsimLines(Source& source, std::ostream& out) : source_(source), out_(out) {}

  void write(const Request& request, std::uint64_t number) {
    line_ = fmt::format("{{\"id\":{}", request.id);
    write_time(request);
    add("input_tokens", request.input_tokens);
    add("output_tokens", request.output_tokens);
    if (request.max_output_tokens > 0) add("max_output_tokens", request.max_output_tokens);
    write_prompt(request, number);
    write_names(request);
    if (request.stage >= 0) add("stage", request.stage);
    if (request.session > 0) add("session", request.session);
    if (request.connection > 0) add("connection", request.connection);
    if (request.priority != 0) add("priority", request.priority);
    if (request.timeout != kNever) add("timeout_seconds", decimal(request.timeout, 9));
    out_ << line_ << "}\n";
  }

 private:
  template <class T>
  void add(const char* name, const T& value) {
    fmt::format_to(std::back_inserter(line_), ",\"{}\":{}", name, value);
  }

  void write_time(const Request& request) {
    if (request.after == kNoRequest) return add("arrival_seconds", decimal(request.arrival, 9));
    add("after", request.after);
    if (request.think > 0) add("think_seconds", decimal(request.think, 9));
  }

  void write_prompt(const Request& request, std::uint64_t number) {
    std::string pieces;
    for (const Piece& piece : request.prompt) {
      const bool own_rest =
          piece.stream == own_prompt(number) && piece.offset == 0 && &piece == &request.prompt.back();
      if (own_rest) break;
      fmt::format_to(std::back_inserter(pieces), "{}[{},{},{}]", pieces.empty() ? "" : ",", piece.stream,
                     piece.offset, piece.tokens);
    }
    if (!pieces.empty()) add("prompt", "[" + pieces + "]");
    if (request.output_stream != own_answer(number)) add("output_stream", request.output_stream);
  }

  void write_names(const Request& request) {
    const Names& names = source_.names();
    if (request.model > 0) add("model", quoted(names.models[request.model]));
    if (request.slo_class > 0) add("class", quoted(names.slo_classes[request.slo_class]));
    if (request.tenant > 0) add("tenant", quoted(names.tenants[request.tenant]));
  }

  Source& source_;
  std::ostream& out_;
  std::string line_;
};

void count(Written& written, const Request& request) {
  ++written.requests;
  if (request.after != kNoRequest) ++written.turns;
}

}  // namespace

Written write_kvsim(Source& source, std::uint32_t block_tokens, std::ostream& out) {
  out << "{\"kvsim_trace\":1,\"description\":" << quoted(source.description());
  if (block_tokens > 0) out << ",\"block_tokens\":" << block_tokens;
  if (const auto stages = source.stages(); !stages.empty()) out << ",\"stages\":" << stages.back().index + 1;
  out << "}\n";
  Written written;
  KvsimLines lines(source, out);
  offer_all(source, [&](const Request& request) {
    lines.write(request, written.requests);
    count(written, request);
  });
  return written;
}

Written write_mooncake(Source& source, std::uint32_t block_tokens, std::ostream& out) {
  Written written;
  std::unordered_map<std::uint64_t, std::uint64_t> ids;
  std::vector<std::uint64_t> hashes;
  offer_all(source, [&](const Request& request) {
    hashes.clear();
    chained_blocks(request.prompt, block_tokens, true, hashes);
    for (std::uint64_t& hash : hashes) hash = ids.try_emplace(hash, ids.size()).first->second;
    out << fmt::format("{{\"timestamp\":{},\"input_length\":{},\"output_length\":{},\"hash_ids\":[{}]}}\n",
                       decimal(request.arrival, 6), request.input_tokens, request.output_tokens,
                       fmt::join(hashes, ","));
    count(written, request);
  });
  return written;
}

}  // namespace kvsim::traces
