// SPDX-License-Identifier: Apache-2.0
#include "traces/generators/arrivals.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvsim::traces {

namespace {

class PoissonArrivals : public Arrivals {
 public:
  PoissonArrivals(double rate, RandomStream random) : mean_gap_(1 / rate), random_(random) {}
  double next() override { return now_ += random_.exponential(mean_gap_); }

 private:
  double mean_gap_;
  double now_ = 0;
  RandomStream random_;
};

class GammaArrivals : public Arrivals {
 public:
  GammaArrivals(double rate, double shape, RandomStream random)
      : shape_(shape), scale_(1 / (rate * shape)), random_(random) {}
  double next() override { return now_ += random_.gamma(shape_, scale_); }

 private:
  double shape_;
  double scale_;
  double now_ = 0;
  RandomStream random_;
};

class ConstantArrivals : public Arrivals {
 public:
  explicit ConstantArrivals(double rate) : rate_(rate) {}
  double next() override { return ++count_ / rate_; }

 private:
  double rate_;
  double count_ = 0;
};

class ClosedArrivals : public Arrivals {
 public:
  explicit ClosedArrivals(std::uint32_t clients) : left_(clients) {}
  double next() override { return left_-- > 0 ? 0 : std::numeric_limits<double>::infinity(); }

 private:
  std::int64_t left_;
};

// Arrivals per second, constant for a while.
struct RateStep {
  double rate = 0;
  double seconds = 0;
};

// A Poisson process in its own time: unit-mean exponential amounts of `rate x seconds` pass between arrivals.
class SteppedArrivals : public Arrivals {
 public:
  explicit SteppedArrivals(RandomStream random) : random_(random) {}

  double next() override {
    double amount = random_.exponential(1);
    while (amount > step_.rate * step_.seconds) {
      amount -= step_.rate * step_.seconds;
      now_ += step_.seconds;
      skip_cycles(amount);
      step_ = next_step();
    }
    const double gap = step_.rate > 0 ? amount / step_.rate : 0;
    step_.seconds = std::max(0.0, step_.seconds - gap);
    return now_ += gap;
  }

 protected:
  virtual RateStep next_step() = 0;
  virtual void skip_cycles(double& /*amount*/) {}

  RandomStream random_;
  double now_ = 0;

 private:
  RateStep step_;
};

class DiurnalArrivals : public SteppedArrivals {
 public:
  DiurnalArrivals(const ArrivalSettings& settings, RandomStream random)
      : SteppedArrivals(random), rates_(settings.profile), step_seconds_(settings.step_seconds) {
    double sum = 0;
    for (const double weight : rates_) sum += weight;
    const double scale = settings.rate * static_cast<double>(rates_.size()) / sum;
    for (double& rate : rates_) rate *= scale;
    cycle_seconds_ = step_seconds_ * static_cast<double>(rates_.size());
    cycle_amount_ = settings.rate * cycle_seconds_;
    const double start = std::fmod(settings.start_seconds, cycle_seconds_);
    index_ = static_cast<std::size_t>(start / step_seconds_) % rates_.size();
    first_seconds_ = step_seconds_ - (start - static_cast<double>(index_) * step_seconds_);
  }

 protected:
  RateStep next_step() override {
    const RateStep step{rates_[index_], first_seconds_};
    first_seconds_ = step_seconds_;
    index_ = (index_ + 1) % rates_.size();
    return step;
  }

  void skip_cycles(double& amount) override {
    const double cycles = std::floor(amount / cycle_amount_);
    now_ += cycles * cycle_seconds_;
    amount -= cycles * cycle_amount_;
  }

 private:
  std::vector<double> rates_;
  double step_seconds_;
  double cycle_seconds_ = 0;
  double cycle_amount_ = 0;
  std::size_t index_ = 0;
  double first_seconds_ = 0;
};

class OnOffArrivals : public SteppedArrivals {
 public:
  OnOffArrivals(const ArrivalSettings& settings, RandomStream random, RandomStream phases)
      : SteppedArrivals(random), settings_(settings), phases_(phases) {
    // Starts in the state that a look at a random moment would find.
    on_ = phases_.uniform() * (settings.on_seconds + settings.off_seconds) >= settings.on_seconds;
  }

 protected:
  RateStep next_step() override {
    on_ = !on_;
    return on_ ? RateStep{settings_.rate, phases_.exponential(settings_.on_seconds)}
               : RateStep{settings_.off_rate, phases_.exponential(settings_.off_seconds)};
  }

 private:
  ArrivalSettings settings_;
  RandomStream phases_;
  bool on_ = false;  // turned over by the first step
};

}  // namespace

ArrivalSettings scaled(ArrivalSettings settings, double factor) {
  settings.rate *= factor;
  settings.off_rate *= factor;
  settings.clients = static_cast<std::uint32_t>(std::max(1.0, std::round(settings.clients * factor)));
  return settings;
}

std::unique_ptr<Arrivals> make_arrivals(const ArrivalSettings& settings, std::uint64_t seed,
                                        const std::string& stream_name) {
  using Process = ArrivalSettings::Process;
  const RandomStream random(seed, stream_name + "/arrivals");
  switch (settings.process) {
    case Process::kPoisson:
      return std::make_unique<PoissonArrivals>(settings.rate, random);
    case Process::kGamma:
      return std::make_unique<GammaArrivals>(settings.rate, settings.burstiness, random);
    case Process::kConstant:
      return std::make_unique<ConstantArrivals>(settings.rate);
    case Process::kDiurnal:
      return std::make_unique<DiurnalArrivals>(settings, random);
    case Process::kOnOff:
      return std::make_unique<OnOffArrivals>(settings, random, RandomStream(seed, stream_name + "/phases"));
    case Process::kClosed:
      return std::make_unique<ClosedArrivals>(settings.clients);
  }
  return nullptr;
}

}  // namespace kvsim::traces
