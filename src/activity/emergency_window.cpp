#include "ringfence/activity/emergency_window.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <new>
#include <string>
#include <utility>

#include "ringfence/base/hash.hpp"
#include "src/activity/block.hpp"
#include "src/activity/cell.hpp"

namespace ringfence {
namespace {

// A stamp is a second, cut to 32 bits; stamps within 68 years of one another compare rightly. 0: never.
using Cell = std::atomic<std::uint32_t>;
static_assert(Cell::is_always_lock_free);

constexpr unsigned kHashes = 4;
constexpr std::uint32_t kWindowS = 90 * 60;
constexpr std::uint32_t kDayS = 86'400;

std::uint32_t stamp_of(Time time) {
    const auto second = static_cast<std::uint32_t>(activity::floor_div(to_ms(time), 1000));
    return second == 0 ? 1 : second;
}
// How much later `a` is than `b`.
std::int32_t later(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }

bool is_live(std::uint32_t stamp, std::uint32_t now) {
    return stamp != 0 && later(stamp, now - kWindowS) >= 0;
}

}  // namespace

class EmergencyWindow::Core {
public:
    Core(activity::Block<Cell> cells, std::uint64_t seed) : cells_(std::move(cells)), seed_(seed) {}

    void note(ActivityKey caller, Time time) {
        const std::uint32_t stamp = stamp_of(time);
        for (const std::size_t index : places(caller)) {
            std::uint32_t seen = cells_[index].load();
            while (seen == 0 || later(stamp, seen) > 0)
                if (cells_[index].compare_exchange_weak(seen, stamp)) break;
        }
        // relaxed: a count that orders nothing.
        notes_.fetch_add(1, std::memory_order_relaxed);
    }

    bool noted(ActivityKey called, Time time) const {
        const std::uint32_t now = stamp_of(time);
        return std::ranges::all_of(
            places(called), [&](std::size_t index) { return is_live(cells_[index].load(), now); });
    }

    void settle(Time time) {
        const std::uint32_t now = stamp_of(time);
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            std::uint32_t seen = cells_[i].load();
            if (seen != 0 && later(seen, now) > static_cast<std::int32_t>(kDayS))
                cells_[i].compare_exchange_strong(seen, now);
        }
    }

    // relaxed: a count that orders nothing.
    std::uint64_t notes() const { return notes_.load(std::memory_order_relaxed); }

    std::uint32_t stranger_chance_ppm(Time time) const {
        const std::uint32_t now = stamp_of(time);
        const auto live = std::ranges::count_if(
            cells_.all(), [&](const Cell& cell) { return is_live(cell.load(), now); });
        const double share = static_cast<double>(live) / static_cast<double>(cells_.size());
        return static_cast<std::uint32_t>(share * share * share * share * 1e6 + 0.5);
    }
    std::size_t memory_bytes() const { return cells_.bytes() + sizeof(Core); }

private:
    std::array<std::size_t, kHashes> places(ActivityKey key) const {
        std::array<std::size_t, kHashes> places{};
        const std::uint64_t hash = mix(mix(key.word(), seed_), seed_ ^ 1);
        // Double hashing (Kirsch and Mitzenmacher 2006): as good as four independent hashes.
        const std::uint64_t step = std::rotl(hash, 32) | 1;
        for (unsigned i = 0; i < kHashes; ++i)
            places[i] = static_cast<std::size_t>(hash + i * step) & (cells_.size() - 1);
        return places;
    }

    activity::Block<Cell> cells_;
    std::uint64_t seed_;
    std::atomic<std::uint64_t> notes_{0};
};

Result<EmergencyWindow> EmergencyWindow::create(std::size_t cells, std::uint64_t seed) {
    constexpr std::size_t kLeast = 1024;
    constexpr std::size_t kMost = std::size_t{1} << 32;
    const std::size_t count = std::bit_ceil(std::clamp(cells, kLeast, kMost));
    auto block = activity::Block<Cell>::make(count);
    if (!block.empty()) {
        std::unique_ptr<Core> core(new (std::nothrow) Core(std::move(block), seed));
        if (core) return EmergencyWindow(std::move(core));
    }
    return Error{ErrorCode::kOutOfMemory,
                 "no memory for an emergency window of " + std::to_string(count) + " cells"};
}

EmergencyWindow::EmergencyWindow(std::unique_ptr<Core> core) : core_(std::move(core)) {}
EmergencyWindow::EmergencyWindow(EmergencyWindow&&) noexcept = default;
EmergencyWindow& EmergencyWindow::operator=(EmergencyWindow&&) noexcept = default;
EmergencyWindow::~EmergencyWindow() = default;

void EmergencyWindow::note(ActivityKey caller, Time time) {
    if (!caller.empty()) core_->note(caller, time);
}
bool EmergencyWindow::noted(ActivityKey called, Time time) const {
    return !called.empty() && core_->noted(called, time);
}
void EmergencyWindow::settle(Time now) { core_->settle(now); }
std::uint64_t EmergencyWindow::notes() const { return core_->notes(); }
std::uint32_t EmergencyWindow::stranger_chance_ppm(Time now) const {
    return core_->stranger_chance_ppm(now);
}
std::size_t EmergencyWindow::memory_bytes() const { return core_->memory_bytes(); }

}  // namespace ringfence
