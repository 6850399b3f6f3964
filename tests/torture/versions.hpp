// versions.hpp - what a reader may see of a key that one writer changes step by step.
//
//     writer   started = v + 1  ->  the change  ->  acknowledged = v + 1
//     reader   low = acknowledged  ->  pin, look  ->  high = started        what it saw is a state of low .. high
//
// The state of a key at each version is a pure function of both, so nothing else has to be remembered.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace ringfence::torture {

class Versions {
public:
    explicit Versions(std::size_t keys) : words_(keys) {}

    std::size_t size() const { return words_.size(); }

    // The writer. relaxed: its own store.
    std::uint32_t current(std::size_t key) const {
        return words_[key].acknowledged.load(std::memory_order_relaxed);
    }
    void start(std::size_t key) {
        // relaxed: it comes before the change, whose release-store a reader acquires before it asks for this.
        words_[key].started.store(current(key) + 1, std::memory_order_relaxed);
    }
    void acknowledge(std::size_t key) {
        // release: pairs with the acquire of low().
        words_[key].acknowledged.store(current(key) + 1, std::memory_order_release);
    }

    // Readers: before they pin, and after they looked.
    std::uint32_t low(std::size_t key) const {
        return words_[key].acknowledged.load(std::memory_order_acquire);
    }
    std::uint32_t high(std::size_t key) const {
        // relaxed: see start(). A reader that saw nothing of a change may see the old version here too.
        return words_[key].started.load(std::memory_order_relaxed);
    }

private:
    struct Word {
        std::atomic<std::uint32_t> started{0};
        std::atomic<std::uint32_t> acknowledged{0};
    };
    std::vector<Word> words_;
};

// SplitMix64: a few instructions a number, so that the tables are what is kept busy.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t operator()() {
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
        z = (z ^ z >> 30u) * 0xBF58476D1CE4E5B9u;
        z = (z ^ z >> 27u) * 0x94D049BB133111EBu;
        return z ^ z >> 31u;
    }
    std::size_t below(std::size_t bound) {
        return static_cast<std::size_t>((*this)() >> 32u) % bound;
    }

private:
    std::uint64_t state_;
};

}  // namespace ringfence::torture
