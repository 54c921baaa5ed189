// SPDX-License-Identifier: Apache-2.0
#include "traces/offer_all.h"

#include "base/progress.h"

namespace kvsim::traces {

void offer_all(Source& source, const std::function<void(const Request&)>& use) {
  ProgressBar bar("reading");
  for (std::uint64_t count = 0; source.next_arrival(); ++count) {
    if (count % 4096 == 0) {
      throw_if_interrupted();
      bar.update(source.progress().value_or(-1), std::to_string(count) + " requests");
    }
    const Request request = source.take();
    if (!request.left_out) use(request);
    source.finished({request.id, request.arrival, Outcome::kCompleted});
  }
}

}  // namespace kvsim::traces
