// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/answer_folder.h"
#include "base/files.h"
#include "base/processes.h"
#include "planner/workers.h"

namespace kvsim::planner {
namespace {

class ForkedWorkers final : public Workers {
 public:
  explicit ForkedWorkers(std::size_t jobs) : jobs_(jobs) {}

  std::vector<Answer> run(std::size_t count, const std::function<std::string(std::size_t)>& task,
                          const std::function<void(std::size_t)>& finished) override {
    const AnswerFolder folder;
    const auto file = [&folder](std::size_t i) { return fmt::format("{}/{}", folder.path(), i); };
    const std::vector<Failure> ends = run_in_processes(
        count, jobs_, [&](std::size_t i) { write_file(file(i), task(i)); }, finished);
    std::vector<Answer> answers(count);
    for (std::size_t i = 0; i < count; ++i) {
      answers[i].failure = ends[i];
      if (ends[i].code == ExitCode::kOk) answers[i].text = read_file(file(i));
    }
    return answers;
  }
  std::string agree(std::string text) override { return text; }
  bool is_first() const override { return true; }

 private:
  std::size_t jobs_;
};

}  // namespace

std::unique_ptr<Workers> forked_workers(std::size_t jobs) { return std::make_unique<ForkedWorkers>(jobs); }

}  // namespace kvsim::planner
