// handles.hpp - small numbers for the ids of trunks and binds, which stay good over reloads.
//
// Threads: any thread; a lock is taken, so a switch asks once and keeps the handle.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace ringfence {

class Handles {
public:
    static constexpr std::uint16_t kMax = 0xFFFF;

    // Handles below `first` mean something already.
    explicit Handles(std::uint16_t first) : next_(first) {}

    // The handle of an id that a policy defines, a new one if need be; 0 when all are given out.
    std::uint16_t give(std::string_view id) {
        const std::lock_guard lock(mutex_);
        const auto found = handles_.find(id);
        if (found != handles_.end()) return found->second;
        if (next_ == kMax) return 0;
        handles_.emplace(id, next_);
        return next_++;
    }

    // The handle of an id, 0 when no policy ever defined it.
    std::uint16_t find(std::string_view id) const {
        const std::lock_guard lock(mutex_);
        const auto found = handles_.find(id);
        return found == handles_.end() ? std::uint16_t{0} : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::uint16_t, std::less<>> handles_;
    std::uint16_t next_;
};

}  // namespace ringfence
