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

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ringfence {
namespace {

// A stamp is a second, cut to 32 bits; stamps within 68 years of one another compare rightly. 0: never.
using Cell = std::atomic<std::uint32_t>;
static_assert(Cell::is_always_lock_free);

constexpr unsigned kHashes = 4;
constexpr std::uint32_t kWindowS = 90 * 60;
constexpr std::uint32_t kDayS = 86'400;
constexpr std::size_t kLeastCells = 1024;
constexpr std::size_t kMostCells = std::size_t{1} << 32;
constexpr std::string_view kMagic = "RFEMERG1";

std::uint32_t stamp_of(Time time) {
    const auto second = static_cast<std::uint32_t>(activity::floor_div(to_ms(time), 1000));
    return second == 0 ? 1 : second;
}
// How much later `a` is than `b`.
std::int32_t later(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }

bool is_live(std::uint32_t stamp, std::uint32_t now) {
    return stamp != 0 && later(stamp, now - kWindowS) >= 0;
}

// Integers of an image, little-endian.
template <class Integer>
void put(std::string& out, Integer value) {
    for (unsigned i = 0; i < sizeof value; ++i)
        out.push_back(static_cast<char>(value >> 8 * i & 0xff));
}
template <class Integer>
Integer get(std::string_view octets, std::size_t at) {
    Integer value = 0;
    for (unsigned i = 0; i < sizeof value; ++i)
        value |= static_cast<Integer>(
            static_cast<Integer>(static_cast<unsigned char>(octets[at + i])) << 8 * i);
    return value;
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

    std::string image(Time time) const {
        const std::uint32_t now = stamp_of(time);
        std::string pairs;
        std::uint64_t count = 0;
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            const std::uint32_t stamp = cells_[i].load();
            if (!is_live(stamp, now)) continue;
            put<std::uint32_t>(pairs, static_cast<std::uint32_t>(i));
            put<std::uint32_t>(pairs, stamp);
            ++count;
        }
        std::string image(kMagic);
        for (const std::uint64_t word : {std::uint64_t{cells_.size()}, seed_, count})
            put<std::uint64_t>(image, word);
        image += pairs;
        put<std::uint64_t>(image, XXH3_64bits(image.data(), image.size()));
        return image;
    }

    void restore(std::size_t cell, std::uint32_t stamp) { cells_[cell].store(stamp); }

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
    const std::size_t count = std::bit_ceil(std::clamp(cells, kLeastCells, kMostCells));
    auto block = activity::Block<Cell>::make(count);
    if (!block.empty()) {
        std::unique_ptr<Core> core(new (std::nothrow) Core(std::move(block), seed));
        if (core) return EmergencyWindow(std::move(core));
    }
    return Error{ErrorCode::kOutOfMemory,
                 "no memory for an emergency window of " + std::to_string(count) + " cells"};
}

Result<EmergencyWindow> EmergencyWindow::from_image(std::string_view octets) {
    const auto broken = [](const char* what) {
        return Error{ErrorCode::kSyntax, std::string("the notes of emergency calls ") + what};
    };
    constexpr std::size_t kHead = 32, kPair = 8, kSum = 8;
    if (!octets.starts_with(kMagic)) return broken("do not begin with RFEMERG1");
    if (octets.size() < kHead + kSum) return broken("are cut off");
    const std::string_view summed = octets.substr(0, octets.size() - kSum);
    if (get<std::uint64_t>(octets, summed.size()) != XXH3_64bits(summed.data(), summed.size()))
        return broken("are damaged: their sum is another");
    const auto cells = get<std::uint64_t>(octets, 8);
    const auto count = get<std::uint64_t>(octets, 24);
    if (!std::has_single_bit(cells) || cells < kLeastCells || cells > kMostCells ||
        count != (summed.size() - kHead) / kPair || (summed.size() - kHead) % kPair != 0)
        return broken("have a size that cannot be");
    auto window = create(cells, get<std::uint64_t>(octets, 16));
    if (!window) return window;
    for (std::size_t at = kHead; at < summed.size(); at += kPair) {
        const auto cell = get<std::uint32_t>(octets, at);
        if (cell >= cells) return broken("name a cell that is not there");
        window->core_->restore(cell, get<std::uint32_t>(octets, at + 4));
    }
    return window;
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
std::string EmergencyWindow::image(Time now) const { return core_->image(now); }
std::uint32_t EmergencyWindow::stranger_chance_ppm(Time now) const {
    return core_->stranger_chance_ppm(now);
}
std::size_t EmergencyWindow::memory_bytes() const { return core_->memory_bytes(); }

}  // namespace ringfence
