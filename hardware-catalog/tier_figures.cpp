// SPDX-License-Identifier: Apache-2.0
#include "hardware-catalog/tier_figures.h"

#include "hardware-catalog/figures.h"

namespace kvsim {
namespace {

constexpr NumberRange kSeconds{0, 3600};
constexpr NumberRange kRate{0, 1e15, true};
constexpr NumberRange kShare{0, 1};

CopyFigures read_direction(Fields direction, const Sources& sources) {
  CopyFigures read{read_figure(direction, "fixed_seconds", kSeconds, sources),
                   read_figure(direction, "bytes_per_second", kRate, sources)};
  direction.finish();
  return read;
}

CopyMethod read_method(Fields method, const Sources& sources) {
  CopyMethod read{read_direction(method.map("to_host"), sources),
                  read_direction(method.map("to_gpu"), sources),
                  read_figure(method, "interference", kShare, sources)};
  method.finish();
  return read;
}

StorageKind read_kind(const std::string& name, Fields& fields, const Sources& sources) {
  StorageKind kind;
  kind.name = name;
  kind.local = fields.boolean("local");
  kind.evicted_by = fields.choice("evicted_by", {"nobody", "evictor", "store"});
  kind.latency_seconds = read_figure(fields, "latency_seconds", kSeconds, sources);
  kind.operations_per_second = read_figure(fields, "operations_per_second", kRate, sources);
  kind.lookup_seconds = read_figure(fields, "lookup_seconds", kSeconds, sources);
  kind.thread_bytes_per_second = read_figure(fields, "thread_bytes_per_second", kRate, sources);
  fields.finish();
  return kind;
}

}  // namespace

Copies read_copies(const Document& document, Problems& problems) {
  Fields root(document, problems);
  Fields fields = root.map("copies");
  Copies copies;
  copies.measured_on = fields.text("measured_on");
  const Sources sources = read_sources(fields);
  Fields methods = fields.map("methods");
  copies.dma = read_method(methods.map("dma"), sources);
  copies.kernel = read_method(methods.map("kernel"), sources);
  methods.finish();
  fields.finish();
  root.finish();
  return copies;
}

std::vector<StorageKind> read_storage_kinds(const Document& document, Problems& problems) {
  Fields root(document, problems);
  Fields fields = root.map("storage_kinds");
  const Sources sources = read_sources(fields);
  std::vector<StorageKind> kinds;
  for (auto& [name, kind] : fields.named_maps("kinds")) kinds.push_back(read_kind(name, kind, sources));
  fields.finish();
  root.finish();
  return kinds;
}

}  // namespace kvsim
