// SPDX-License-Identifier: Apache-2.0
// Accelerators as data: one YAML each under hardware-catalog/accelerators/, every figure with source and
// date.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "hardware-catalog/number_type.h"

namespace kvsim {

struct Figure {
  double value = 0;
  std::string source;
  std::string date;  // ISO, of the source
  bool unverified =
      false;  // recalled, not read from a primary source: carried into every result that uses it
  std::optional<double> low, high;  // where sources disagree or prices range; `value` lies between
  std::string note;
};

enum class Support {
  kUnsupported,
  kEmulated,
  kNative
};  // emulated: memory is saved, arithmetic runs at bf16 speed

struct ArithmeticRate {
  Support support = Support::kUnsupported;
  Figure flops_per_second;  // dense; 0 unless native, but cited always: who says that the type is supported
};

struct Accelerator {
  std::string name;                  // "H100-NVL-94"
  std::string vendor;                // "NVIDIA", "AMD", "Intel", ...
  std::vector<std::string> aliases;  // "NVIDIA-H100-NVL", as Kubernetes labels name it; compared without case
  int year = 0;
  Figure memory_bytes;  // usable by one process
  Figure memory_bandwidth_bytes_per_second;
  std::map<NumberType, ArithmeticRate> arithmetic;
  Figure peak_watts;
  Figure idle_watts;
  std::string interconnect;              // "NVLink4"
  Figure interconnect_bytes_per_second;  // one direction, per device, to its peers
  int interconnect_domain = 1;           // devices that reach each other so
  Figure host_link_bytes_per_second;     // PCIe, one direction
  std::string notes;

  ArithmeticRate rate(NumberType type) const;  // unlisted: unsupported
};

struct Price {                     // of one accelerator; a user's overlay replaces the shipped file's rows
  std::optional<Figure> purchase;  // in `currency`
  std::optional<Figure> rent_per_hour;              // on demand
  std::optional<Figure> rent_three_years_per_hour;  // committed for three years
  std::optional<Figure> own_per_hour;               // total cost of ownership of a GPU cloud
  std::string currency = "USD";
};

// Time of n copies of S bytes in one direction: n * (fixed_seconds + S / bytes_per_second).
struct CopyFigures {
  Figure fixed_seconds;
  Figure bytes_per_second;
};
struct CopyMethod {
  CopyFigures to_host, to_gpu;
  Figure interference;  // share of a copy's time that the accelerator's work loses
};
struct Copies {  // between accelerator and host memory; others scale with their host link
  std::string measured_on;
  CopyMethod dma, kernel;
};

struct StorageKind {  // what a storage system is taken to be where a fleet does not say
  std::string name;
  bool local = false;      // in each server
  std::string evicted_by;  // "nobody", "evictor" or "store"
  Figure latency_seconds;  // of one file operation
  Figure operations_per_second;
  Figure lookup_seconds;           // to see whether one file is there
  Figure thread_bytes_per_second;  // of one thread that moves files to or from an accelerator
};

class Catalog {
 public:
  // Reads every YAML file under `folder`: documents with `accelerator: NAME`, `prices:`, `copies:` and
  // `storage_kinds:`. `overlays` are files or folders of the same form that add accelerators and storage
  // kinds or replace them whole, replace rows of prices, and the copies; a name twice in one is a problem.
  // Documents of models and profiles are left to their libraries. All problems at once (InputError).
  static Catalog load(const std::string& folder, const std::vector<std::string>& overlays = {});
  static Catalog load_default(const std::vector<std::string>& overlays = {});  // under data_directory()

  const std::vector<Accelerator>& accelerators() const { return accelerators_; }  // by name
  const Accelerator* find(std::string_view name_or_alias) const;                  // nullptr when unknown
  std::vector<std::string> names() const;
  const Price* price(std::string_view name_or_alias) const;               // nullptr: no price known
  const Copies* copies() const { return copies_ ? &*copies_ : nullptr; }  // nullptr: no document has them
  const std::map<std::string, StorageKind, std::less<>>& storage_kinds() const { return storage_kinds_; }

 private:
  void take_copies(const Document& document, Problems& problems);

  std::vector<Accelerator> accelerators_;
  std::map<std::string, Price, std::less<>> prices_;
  std::optional<Copies> copies_;
  std::map<std::string, StorageKind, std::less<>> storage_kinds_;
};

}  // namespace kvsim
