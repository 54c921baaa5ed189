// SPDX-License-Identifier: Apache-2.0
#include "traces/readers/byte_stream.h"
#include "traces/readers/refuse.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

namespace kvsim::traces {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 17;

[[noreturn]] void fail(const std::string& path, std::string message, std::string remedy) {
  refuse({path}, "", std::move(message), std::move(remedy));
}

class FileBytes : public ByteStream {
 public:
  explicit FileBytes(const std::string& path)
      : path_(path), file_(std::fopen(path.c_str(), "rb"), &std::fclose) {
    if (!file_)
      fail(path, std::string("cannot be opened: ") + std::strerror(errno), "give the path of a trace file");
    struct stat status {};
    if (fstat(fileno(file_.get()), &status) == 0) {
      if (S_ISDIR(status.st_mode)) fail(path, "is a folder", "give the path of a trace file");
      if (S_ISREG(status.st_mode)) size_ = static_cast<double>(status.st_size);
    }
  }

  std::size_t read(char* into, std::size_t size) override {
    const std::size_t got = std::fread(into, 1, size, file_.get());
    if (got == 0 && std::ferror(file_.get()))
      fail(path_, "cannot be read to its end", "check the disk or the pipe");
    read_ += static_cast<double>(got);
    return got;
  }

  double progress() const override { return size_ > 0 ? std::min(1.0, read_ / size_) : -1; }

 private:
  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  double size_ = 0;
  double read_ = 0;
};

class MemoryBytes : public ByteStream {
 public:
  explicit MemoryBytes(std::string bytes) : bytes_(std::move(bytes)) {}

  std::size_t read(char* into, std::size_t size) override {
    const std::size_t got = bytes_.copy(into, size, position_);
    position_ += got;
    return got;
  }

  double progress() const override {
    return bytes_.empty() ? 1 : static_cast<double>(position_) / static_cast<double>(bytes_.size());
  }

 private:
  std::string bytes_;
  std::size_t position_ = 0;
};

// Compressed input in chunks; the first chunk is there before a decoder is chosen.
class Input {
 public:
  Input(std::unique_ptr<ByteStream> bytes, std::string path)
      : bytes_(std::move(bytes)), path_(std::move(path)), chunk_(kChunk) {
    while (end_ < 8 && refill_behind()) {
    }
  }

  std::string_view ahead() const { return {chunk_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }
  bool refill() {  // false at the end of the file; only once everything ahead is consumed
    begin_ = end_ = 0;
    return refill_behind();
  }
  const std::string& path() const { return path_; }
  double progress() const { return bytes_->progress(); }

 private:
  bool refill_behind() {
    const std::size_t got = bytes_->read(chunk_.data() + end_, chunk_.size() - end_);
    end_ += got;
    return got > 0;
  }

  std::unique_ptr<ByteStream> bytes_;
  std::string path_;
  std::vector<char> chunk_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

class Plain : public ByteStream {
 public:
  explicit Plain(Input input) : input_(std::move(input)) {}

  std::size_t read(char* into, std::size_t size) override {
    if (input_.ahead().empty() && !input_.refill()) return 0;
    const std::size_t got = input_.ahead().copy(into, size);
    input_.consume(got);
    return got;
  }

  double progress() const override { return input_.progress(); }

 private:
  Input input_;
};

[[noreturn]] void cut_off(const std::string& path) {
  fail(path, "the compressed data ends in the middle", "the file is cut off; copy or download it again");
}

class Zstd : public ByteStream {
 public:
  explicit Zstd(Input input) : input_(std::move(input)), stream_(ZSTD_createDStream(), &ZSTD_freeDStream) {
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 27);
  }

  std::size_t read(char* into, std::size_t size) override {
    ZSTD_outBuffer out{into, size, 0};
    while (out.pos == 0) {
      if (input_.ahead().empty() && !input_.refill()) {
        if (in_frame_) cut_off(input_.path());
        return 0;
      }
      decode(out);
    }
    return out.pos;
  }

  double progress() const override { return input_.progress(); }

 private:
  void decode(ZSTD_outBuffer& out) {
    ZSTD_inBuffer in{input_.ahead().data(), input_.ahead().size(), 0};
    const std::size_t left = ZSTD_decompressStream(stream_.get(), &out, &in);
    if (ZSTD_isError(left)) {
      fail(input_.path(), fmt::format("is broken as zstd data: {}", ZSTD_getErrorName(left)),
           "check it with `zstd -t`, or decompress it first");
    }
    in_frame_ = left > 0;
    input_.consume(in.pos);
  }

  Input input_;
  std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream_;
  bool in_frame_ = true;
};

class Gzip : public ByteStream {
 public:
  explicit Gzip(Input input) : input_(std::move(input)) { inflateInit2(&stream_, 15 + 16); }
  ~Gzip() override { inflateEnd(&stream_); }

  std::size_t read(char* into, std::size_t size) override {
    const auto wanted = static_cast<uInt>(std::min<std::size_t>(size, kChunk));
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = wanted;
    while (stream_.avail_out == wanted) {
      if (input_.ahead().empty() && !input_.refill()) {
        if (in_member_) cut_off(input_.path());
        return 0;
      }
      decode();
    }
    return wanted - stream_.avail_out;
  }

  double progress() const override { return input_.progress(); }

 private:
  void decode() {
    if (!in_member_) inflateReset(&stream_);  // members may follow each other, as `cat a.gz b.gz` makes them
    const std::string_view ahead = input_.ahead();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(ahead.data()));
    stream_.avail_in = static_cast<uInt>(ahead.size());
    const int state = inflate(&stream_, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) {
      fail(input_.path(),
           fmt::format("is broken as gzip data: {}", stream_.msg ? stream_.msg : "unknown fault"),
           "check it with `gzip -t`, or decompress it first");
    }
    in_member_ = state != Z_STREAM_END;
    input_.consume(ahead.size() - stream_.avail_in);
  }

  Input input_;
  z_stream stream_{};
  bool in_member_ = true;
};

void refuse_other_archives(std::string_view head, const std::string& path) {
  using namespace std::string_view_literals;
  const std::pair<std::string_view, std::string_view> others[] = {{"\xFD"
                                                                   "7zXZ"sv,
                                                                   "xz"},
                                                                  {"BZh"sv, "bzip2"},
                                                                  {"PK\x03\x04"sv, "zip"},
                                                                  {"7z\xBC\xAF"sv, "7z"},
                                                                  {"PAR1"sv, "Parquet"},
                                                                  {"\x04\x22\x4D\x18"sv, "lz4"}};
  for (const auto& [magic, name] : others) {
    if (head.starts_with(magic)) {
      fail(path, fmt::format("is a {} file", name), "unpack it first; plain text, gzip and zstd are read");
    }
  }
}

std::unique_ptr<ByteStream> decoded(std::unique_ptr<ByteStream> bytes, const std::string& path) {
  using namespace std::string_view_literals;
  Input input(std::move(bytes), path);
  const std::string_view head = input.ahead();
  refuse_other_archives(head, path);
  if (head.starts_with("\x28\xB5\x2F\xFD"sv)) return std::make_unique<Zstd>(std::move(input));
  if (head.starts_with("\x1F\x8B"sv)) return std::make_unique<Gzip>(std::move(input));
  return std::make_unique<Plain>(std::move(input));
}

}  // namespace

std::unique_ptr<ByteStream> open_bytes(const std::string& path) {
  return decoded(std::make_unique<FileBytes>(path), path);
}

std::unique_ptr<ByteStream> bytes_in_memory(std::string bytes, const std::string& path) {
  return decoded(std::make_unique<MemoryBytes>(std::move(bytes)), path);
}

}  // namespace kvsim::traces
