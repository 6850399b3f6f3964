// regex_frames.hpp - what passes between the library and the program that compiles regular expressions.
//
//     request    magic | seconds | megabytes | groups | for each: patterns | for each: size, octets
//     answer     magic | for each group: kind | bad | size, octets | ... | magic
//     progress   the number of a group before it is begun, on a pipe; kRegexEnds and an end, before it ends so
//
// Numbers are 64 bits in the order of the machine: both ends are one build on one machine, and the magic says so.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace ringfence::pattern {

inline constexpr std::uint64_t kRegexMagic = 0x3130'5845'4752'4652;  // "RFREGX01"

// The files that the program is started with.
inline constexpr int kRegexRequestFile = 0;
inline constexpr int kRegexAnswerFile = 1;
inline constexpr int kRegexProgressFile = 3;

// How the program ends besides 0. It says so on the pipe too: its status may be taken by somebody else.
inline constexpr int kRegexNoMemory = 3;
inline constexpr int kRegexBadRequest = 4;
inline constexpr int kRegexNoTime = 5;
inline constexpr int kRegexHostTime =
    6;  // the limit of the process that started it is smaller than ours
inline constexpr int kRegexHostMemory = 7;
inline constexpr int kRegexNoTimeLimit = 8;  // the system refuses to set it
inline constexpr int kRegexNoMemoryLimit = 9;

inline constexpr std::uint64_t kRegexEnds = std::uint64_t{1} << 63u;

// What came of a group.
enum class RegexKind : std::uint64_t { kDatabase = 1, kRefused = 2 };

class FrameWriter {
public:
    void number(std::uint64_t value) {
        octets_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(std::string_view value) {
        number(value.size());
        octets_.append(value);
    }
    const std::string& octets() const { return octets_; }

private:
    std::string octets_;
};

// Whatever is read beyond the end is 0 or empty, and `good` says so.
class FrameReader {
public:
    explicit FrameReader(std::string_view octets) : left_(octets) {}

    std::uint64_t number() {
        std::uint64_t value = 0;
        if (left_.size() < sizeof value) return fail(), 0;
        std::memcpy(&value, left_.data(), sizeof value);
        left_.remove_prefix(sizeof value);
        return value;
    }
    std::string_view text() {
        const std::uint64_t size = number();
        if (size > left_.size()) return fail(), std::string_view();
        const std::string_view value = left_.substr(0, size);
        left_.remove_prefix(size);
        return value;
    }
    bool good() const { return good_; }
    bool at_end() const { return left_.empty(); }

private:
    void fail() {
        good_ = false;
        left_ = {};
    }

    std::string_view left_;
    bool good_ = true;
};

}  // namespace ringfence::pattern
