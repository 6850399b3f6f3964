// byte_reader.hpp - octets of a file one after the other, with the line they stand on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/source/file.hpp"

namespace ringfence {

// Threads: one thread per object.
class ByteReader {
public:
    explicit ByteReader(InputFile file) : file_(std::move(file)), block_(kBlock) {}
    explicit ByteReader(std::string_view text)
        : block_(text.begin(), text.end()), end_(text.size()) {}

    static constexpr int kEnd = -1;

    // The next octet, or kEnd: at the end, and when the file cannot be read (`error` then says why).
    int peek() { return at_ < end_ || fill() ? static_cast<unsigned char>(block_[at_]) : kEnd; }
    int get() {
        const int octet = peek();
        if (octet == kEnd) return kEnd;
        ++at_;
        line_ += octet == '\n';
        return octet;
    }
    std::uint64_t line() const { return line_; }
    const std::optional<Error>& error() const { return error_; }

    // The first octets of what is left, at most `most`, which stay to be read; fewer may be given.
    std::string head(std::size_t most) {
        peek();
        return {block_.data() + at_, std::min(most, end_ - at_)};
    }

    // The rest of the line, without its end, at most `most` octets of it: true, or false at the end of the file.
    bool line(std::string& text, std::size_t most, bool& cut) {
        text.clear();
        cut = false;
        if (peek() == kEnd) return false;
        for (int octet = get(); octet != kEnd && octet != '\n'; octet = get()) {
            if (text.size() < most)
                text.push_back(static_cast<char>(octet));
            else
                cut = true;
        }
        if (text.ends_with('\r')) text.pop_back();
        return true;
    }

private:
    static constexpr std::size_t kBlock = std::size_t{1} << 16u;

    bool fill() {
        if (!file_ || error_) return false;
        const auto read = file_->read({block_.data(), block_.size()});
        if (!read) {
            error_ = read.error();
            return false;
        }
        at_ = 0;
        end_ = *read;
        return end_ != 0;
    }

    std::optional<InputFile> file_;
    std::vector<char> block_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    std::uint64_t line_ = 1;
    std::optional<Error> error_;
};

}  // namespace ringfence
