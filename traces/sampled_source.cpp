// SPDX-License-Identifier: Apache-2.0
#include "traces/sampled_source.h"

#include <fmt/format.h>

#include "base/random.h"

namespace kvsim::traces {
namespace {

class SampledSource final : public Source {
 public:
  SampledSource(std::unique_ptr<Source> source, Sample sample, std::uint64_t seed)
      : source_(std::move(source)), sample_(std::move(sample)), salt_(RandomStream(seed, "sample").bits()) {}

  std::optional<Nanoseconds> next_arrival() override { return source_->next_arrival(); }
  Request take() override {
    Request request = source_->take();
    request.left_out = request.left_out || !is_kept(request);
    return request;
  }
  void finished(const Finished& outcome) override { source_->finished(outcome); }
  bool exhausted() override { return source_->exhausted(); }
  const Names& names() const override { return source_->names(); }
  std::vector<Stage> stages() const override { return source_->stages(); }
  std::string description() const override {
    return fmt::format("{} (sample of {:.4g} %)", source_->description(), 100 * sample_.share);
  }
  std::optional<double> progress() override { return source_->progress(); }
  std::vector<std::pair<std::string, std::string>> notes() const override { return source_->notes(); }

 private:
  bool is_kept(const Request& request) const {
    if (!sample_.only.empty() && !sample_.only.contains(kind_of(request, source_->names()))) return false;
    const std::uint64_t number = request.session != 0 ? mix64(request.session) : request.id;
    return static_cast<double>(mix64(number ^ salt_) >> 11) * 0x1p-53 < sample_.share;
  }

  std::unique_ptr<Source> source_;
  Sample sample_;
  std::uint64_t salt_;
};

}  // namespace

RequestKind kind_of(const Request& request, const Names& names) {
  return {names.tenants[request.tenant], names.models[request.model], names.slo_classes[request.slo_class]};
}

std::unique_ptr<Source> sampled(std::unique_ptr<Source> source, Sample sample, std::uint64_t seed) {
  if (sample.is_whole()) return source;
  return std::make_unique<SampledSource>(std::move(source), std::move(sample), seed);
}

}  // namespace kvsim::traces
