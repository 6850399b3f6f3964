// charset.hpp - multi-octet codings as gateways send them, read by the C library's iconv.
//
// A descriptor knows where inside a message it is (ISO-2022-JP shifts), so it belongs to one thread, as the text it
// fills does. Opening one allocates, and the first of a coding in the process loads a module; converting does not
// allocate, takes no lock and asks the system nothing.
// Source: POSIX.1 iconv; the codings' names are those of GNU libc and musl.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ringfence/text/decode.hpp"

namespace ringfence {

// One open coding. Threads: one thread per object.
class Charset {
public:
    enum class Stop : std::uint8_t {
        kEnd = 0,      // all octets are read
        kInvalid = 1,  // the next octet begins no character
        kCut = 2,      // the octets end inside a character
        kFull = 3,     // the next character does not fit
    };
    struct Step {
        std::size_t octets = 0;  // read
        std::size_t units = 0;   // written
        Stop stop = Stop::kEnd;
    };

    // A coding that this system lacks leaves it closed. Throws std::bad_alloc.
    explicit Charset(Alphabet alphabet);
    ~Charset();
    Charset(const Charset&) = delete;
    Charset& operator=(const Charset&) = delete;

    bool open() const { return descriptor_ != nullptr; }

    // Before each message.
    void restart();
    // Reads on until something stops it. It has to be open.
    Step convert(std::span<const std::uint8_t> octets, std::span<char16_t> units);

    // How many of these octets, which begin no character, one U+FFFD stands for: a pair that leads nowhere goes whole, so
    // that the pairs behind it are read as they were meant, unless its second half is ASCII (WHATWG Encoding
    // Standard). At least 1, or no octets.
    std::size_t invalid_size(std::span<const std::uint8_t> octets) const;

private:
    bool swallowed(std::span<const std::uint8_t> octets) const;

    Alphabet alphabet_;
    void* descriptor_ = nullptr;
};

// Those that messages come in.
class Charsets {
public:
    static bool has(Alphabet alphabet) {
        return alphabet >= Alphabet::kShiftJis && alphabet <= Alphabet::kGb18030;
    }
    // `alphabet` is one that has() knows.
    Charset& of(Alphabet alphabet) {
        return charsets_[static_cast<std::size_t>(alphabet) -
                         static_cast<std::size_t>(Alphabet::kShiftJis)];
    }

private:
    std::array<Charset, 5> charsets_{Charset(Alphabet::kShiftJis), Charset(Alphabet::kIso2022Jp),
                                     Charset(Alphabet::kEucJp), Charset(Alphabet::kKsC5601),
                                     Charset(Alphabet::kGb18030)};
};

}  // namespace ringfence
