// lines.hpp - a text file line by line: LF or CRLF, plain or zstd, "-" for standard input.
#pragma once

#include <string>
#include <vector>

#include "ringfence/source/file.hpp"

namespace ringfence::cli {

// Threads: one thread per object.
class LineReader {
public:
    // A longer line is an error: it is no number.
    static constexpr std::size_t kMaxLine = std::size_t{1} << 20u;

    static Result<LineReader> open(const std::string& path) {
        auto file = InputFile::open(path, {.streams = true});
        if (!file) return file.error();
        return LineReader(std::move(*file));
    }

    // The next line without its end: true, or false at the end. Fails with kUnreadable and kTooLarge.
    Result<bool> next(std::string& line) {
        line.clear();
        while (true) {
            const std::size_t end = std::string_view(block_.data() + at_, size_ - at_).find('\n');
            if (end != std::string_view::npos) {
                line.append(block_.data() + at_, end);
                at_ += end + 1;
                ++number_;
                if (!line.empty() && line.back() == '\r') line.pop_back();
                return true;
            }
            line.append(block_.data() + at_, size_ - at_);
            if (line.size() > kMaxLine) {
                return Error::at(ErrorCode::kTooLarge, file_.name(), number_ + 1,
                                 "the line is over 1 MiB");
            }
            const auto got = file_.read(block_);
            if (!got) return got.error();
            at_ = 0;
            size_ = *got;
            if (size_ != 0) continue;
            if (!line.empty() && line.back() == '\r') line.pop_back();
            return !line.empty();
        }
    }

private:
    explicit LineReader(InputFile file) : file_(std::move(file)), block_(std::size_t{1} << 16u) {}

    InputFile file_;
    std::vector<char> block_;
    std::size_t at_ = 0;
    std::size_t size_ = 0;
    std::uint64_t number_ = 0;
};

}  // namespace ringfence::cli
