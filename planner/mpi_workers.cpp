// SPDX-License-Identifier: Apache-2.0
// Open MPI's own waits spin: this file only tests and sleeps.
#define OMPI_SKIP_MPICXX 1  // C alone
#include <mpi.h>

#include <chrono>
#include <climits>
#include <cstdlib>
#include <thread>

#include "base/progress.h"
#include "planner/packed_answers.h"

namespace kvsim::planner {
namespace {

constexpr std::chrono::milliseconds kPause{1};

void wait_for(MPI_Request request) {
  int done = 0;
  while (true) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done != 0) return;
    std::this_thread::sleep_for(kPause);
  }
}

int length_of(const std::string& text) {
  if (text.size() > INT_MAX) throw Error(ExitCode::kInternal, "an answer is longer than MPI can send");
  return static_cast<int>(text.size());
}

class MpiWorkers final : public Workers {
 public:
  MpiWorkers() {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  ~MpiWorkers() override { MPI_Finalize(); }
  MpiWorkers(const MpiWorkers&) = delete;
  MpiWorkers& operator=(const MpiWorkers&) = delete;
  int size() const { return size_; }

  // Task i falls to process i modulo their number.
  std::vector<Answer> run(std::size_t count, const std::function<std::string(std::size_t)>& task,
                          const std::function<void(std::size_t)>& finished) override {
    std::vector<Answer> own;
    for (std::size_t i = static_cast<std::size_t>(rank_); i < count; i += static_cast<std::size_t>(size_)) {
      throw_if_interrupted();
      own.push_back(done(task, i));
      finished(std::min(count, own.size() * static_cast<std::size_t>(size_)));
    }
    return dealt(gathered(packed(own)), count);
  }

  std::string agree(std::string text) override {
    int length = length_of(text);
    MPI_Request request{};
    MPI_Ibcast(&length, 1, MPI_INT, 0, MPI_COMM_WORLD, &request);
    wait_for(request);
    text.resize(static_cast<std::size_t>(length));
    MPI_Ibcast(text.data(), length, MPI_CHAR, 0, MPI_COMM_WORLD, &request);
    wait_for(request);
    return text;
  }
  bool is_first() const override { return rank_ == 0; }

 private:
  static Answer done(const std::function<std::string(std::size_t)>& task, std::size_t index) {
    try {
      return {task(index), {}};
    } catch (const InterruptedError&) {
      throw;
    } catch (...) {
      return {"", current_failure()};
    }
  }

  // The text of each process, in all of them.
  std::vector<std::string> gathered(const std::string& own) const {
    std::vector<int> lengths(static_cast<std::size_t>(size_));
    const int length = length_of(own);
    MPI_Request request{};
    MPI_Iallgather(&length, 1, MPI_INT, lengths.data(), 1, MPI_INT, MPI_COMM_WORLD, &request);
    wait_for(request);
    std::vector<std::string> texts;
    for (int rank = 0; rank < size_; ++rank) {
      std::string text = rank == rank_ ? own : std::string(static_cast<std::size_t>(lengths[rank]), '\0');
      MPI_Ibcast(text.data(), lengths[rank], MPI_CHAR, rank, MPI_COMM_WORLD, &request);
      wait_for(request);
      texts.push_back(std::move(text));
    }
    return texts;
  }

  std::vector<Answer> dealt(const std::vector<std::string>& texts, std::size_t count) const {
    std::vector<Answer> answers(count);
    for (std::size_t rank = 0; rank < texts.size(); ++rank) {
      std::vector<Answer> own = unpacked(texts[rank]);
      if (!own.empty() && rank + (own.size() - 1) * texts.size() >= count)
        throw Error(ExitCode::kInternal, "another process sent more answers than were asked for");
      for (std::size_t i = 0; i < own.size(); ++i) answers[rank + i * texts.size()] = std::move(own[i]);
    }
    return answers;
  }

  int rank_ = 0;
  int size_ = 1;
};

bool started_by_mpirun() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMI_SIZE") != nullptr ||
         std::getenv("PMIX_RANK") != nullptr;
}

}  // namespace

std::unique_ptr<Workers> mpi_workers() {
  if (!started_by_mpirun()) return nullptr;
  MPI_Init(nullptr, nullptr);
  return std::make_unique<MpiWorkers>();
}

}  // namespace kvsim::planner
