// result.hpp - a value, or the error that stands in its place.
//
// Builders (files, policies, tables) fail with `Error`, whose text names the place and what to do
// about it. Hot paths fail with a small enum of their own: `Result<T, ParseError>` allocates nothing.
// Asking a Result for what it does not hold is a broken contract, and asserts.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ringfence {

// What kind of thing went wrong. Persisted in the C ABI: numbers are never reused.
enum class ErrorCode : std::uint16_t {
    kInvalidArgument = 1,  // a value the caller passed makes no sense
    kUnreadable = 10,      // a file that cannot be opened or read, or is a directory
    kUnwritable = 11,      // a file that cannot be written: disk full, closed pipe, no permission
    kSyntax = 20,          // text that does not parse
    kUnknownKey = 21,      // a key that the format does not have
    kWrongType = 22,       // a key that holds the wrong kind of value
    kOutOfRange = 23,      // a value outside what the key allows
    kDangling = 24,        // an id that nothing defines
    kDuplicate = 25,       // an id that two things define
    kMissing = 26,         // a key, column or file that must be there
    kTooLarge = 30,        // input beyond a stated bound
    kFull = 31,            // a table or memory cap is reached
    kOutOfMemory = 32,     // an allocation failed
    kRefused = 40,         // understood, and refused without force
    kBusy = 41,            // try again: readers still hold what must be retired
    kUnsupported = 50,     // this build or machine cannot do it
    kInternal = 60,        // a fault of the library's own; report it
};

// `text` is one line: `lists/fraud.csv:41: '+44 79x' has a letter at 6; remove it`.
struct Error {
    ErrorCode code = ErrorCode::kInternal;
    std::string text;

    // `file:line: what`, or `file: what` for line 0.
    static Error at(ErrorCode code, std::string_view file, std::uint64_t line,
                    std::string_view what) {
        std::string text(file);
        if (line != 0) text.append(":").append(std::to_string(line));
        return {code, text.append(": ").append(what)};
    }
};

// So short that it needs no memory itself.
inline Error out_of_memory() { return {ErrorCode::kOutOfMemory, "out of memory"}; }

template <class T, class E = Error>
class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(E error) : held_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return held_.index() == 0; }

    T& operator*() & { return *get<0>(); }
    const T& operator*() const& { return *get<0>(); }
    // By value: `for (auto& row : *read())` keeps the rows alive.
    T operator*() && { return std::move(*get<0>()); }
    T* operator->() { return get<0>(); }
    const T* operator->() const { return get<0>(); }
    const E& error() const { return *get<1>(); }

private:
    template <std::size_t kIndex>
    auto* get() {
        auto* held = std::get_if<kIndex>(&held_);
        assert(held);
        return held;
    }
    template <std::size_t kIndex>
    const auto* get() const {
        const auto* held = std::get_if<kIndex>(&held_);
        assert(held);
        return held;
    }

    std::variant<T, E> held_;
};

struct Done {};

// Success, or the error: what a function returns that has nothing else to give.
using Status = Result<Done>;

inline Status ok() { return Done{}; }

}  // namespace ringfence
