// engine.hpp - Hyperscan (or Vectorscan) behind a few functions; its header stays in engine.cpp.
//
// A database holds some regular expressions and tells every match with its leftmost begin. It reads UTF-8 as characters,
// so that `.` is a character and never a byte.
//
// Readers: an Engine is immutable. EngineScratch: one thread at a time.
// Trap: Debian's Hyperscan 5.4.0 reads past the end of its input on AVX512-VBMI processors. `scan` wants
// kSpareBytes readable bytes behind the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"

namespace ringfence::pattern {

// Readable bytes that must follow the text.
inline constexpr std::size_t kSpareBytes = 64;

class EngineScratch {
public:
    EngineScratch() = default;
    ~EngineScratch();
    EngineScratch(EngineScratch&& other) noexcept;
    EngineScratch& operator=(EngineScratch&& other) noexcept;

    // Another of the same size. Fails with kOutOfMemory. Threads: any thread, while this one is not used
    // in a scan.
    Result<EngineScratch> clone() const;

    std::size_t bytes() const;

private:
    friend class Engine;
    void* scratch_ = nullptr;
};

struct EngineMatch {
    std::uint32_t id = 0;     // position in the patterns compiled
    std::uint32_t begin = 0;  // bytes
    std::uint32_t end = 0;
};

class Engine {
public:
    // Whether this processor can run it. Threads: any thread.
    static Status check_platform();

    // Compiles `patterns` (Hyperscan's syntax, UTF-8). On failure the error's text is the engine's own,
    // and `bad` the pattern it is about, or patterns.size() when it names none.
    // Threads: any thread.
    static Result<Engine> compile(const std::vector<std::string>& patterns, std::size_t& bad);

    // The database as octets, and from octets that the same build of Hyperscan gave on this machine: those of another
    // fail with kUnsupported, damaged ones with kSyntax. Only ever read what our own program has just written: the
    // checks are Hyperscan's, and no guard against octets made to deceive.
    // Threads: any thread.
    Result<std::string> serialize() const;
    static Result<Engine> deserialize(std::string_view octets);

    Engine(Engine&& other) noexcept;
    Engine& operator=(Engine&& other) noexcept;
    ~Engine();

    // Makes `scratch` large enough for this database too. Fails with kOutOfMemory.
    Status reserve(EngineScratch& scratch) const;

    // Calls `on_match(context, match)` for matches in `text`, in no particular order. False when the
    // engine failed: then some matches may be missing.
    // Threads: any thread, one scratch each.
    bool scan(const char* text, std::size_t size, EngineScratch& scratch,
              void (*on_match)(void*, const EngineMatch&), void* context) const;

    std::size_t bytes() const;

private:
    Engine() = default;
    void* database_ = nullptr;
};

}  // namespace ringfence::pattern
