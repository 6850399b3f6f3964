#include "ringfence/activity/emergency_window.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <new>
#include <span>
#include <string>
#include <utility>

#include "ringfence/base/hash.hpp"
#include "src/activity/block.hpp"
#include "src/activity/cell.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ringfence {
namespace {

// Stamps within 68 years of one another compare rightly.
using Cell = EmergencyWindow::Cell;

constexpr unsigned kHashes = 4;
constexpr std::uint32_t kWindowS = 90 * 60;
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

// Of a seed in shared words; never 0.
std::uint64_t sum_of(std::uint64_t seed) { return XXH3_64bits(&seed, sizeof(seed)) | 1u; }

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
    Core(activity::Block<Cell> cells, std::uint64_t seed)
        : own_(std::move(cells)), cells_(own_.all()), seed_(seed) {}
    Core(Memory memory, std::uint64_t seed)
        : keeps_(std::move(memory.keeps)),
          words_(memory.words),
          cells_(memory.cells),
          seed_(seed) {}

    void note(ActivityKey caller, Time time) {
        const std::uint32_t stamp = stamp_of(time);
        for (const std::size_t index : places(caller)) raise(index, stamp);
        // release: pairs with the acquire of notes(); the cells come before the count.
        words_->notes.fetch_add(1, std::memory_order_release);
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
            if (seen != 0 && later(seen, now) > kDayS) cells_[i].compare_exchange_strong(seen, now);
        }
    }

    void take_over(const Core& other) {
        for (std::size_t i = 0; i < cells_.size(); ++i)
            if (const std::uint32_t stamp = other.cells_[i].load(); stamp != 0) raise(i, stamp);
    }

    // acquire: pairs with the release of note(); an image made now holds all that is counted.
    std::uint64_t notes() const { return words_->notes.load(std::memory_order_acquire); }
    std::uint64_t seed() const { return seed_; }
    std::size_t size() const { return cells_.size(); }

    std::uint32_t stranger_chance_ppm(Time time) const {
        const std::uint32_t now = stamp_of(time);
        const auto live = std::ranges::count_if(
            cells_, [&](const Cell& cell) { return is_live(cell.load(), now); });
        const double share = static_cast<double>(live) / static_cast<double>(cells_.size());
        return static_cast<std::uint32_t>(share * share * share * share * 1e6 + 0.5);
    }
    std::size_t memory_bytes() const { return cells_.size_bytes() + sizeof(Core); }

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

    // The cell is the later of what it was and the stamp.
    void raise(std::size_t index, std::uint32_t stamp) {
        std::uint32_t seen = cells_[index].load();
        while (seen == 0 || later(stamp, seen) > 0)
            if (cells_[index].compare_exchange_weak(seen, stamp)) break;
    }

    activity::Block<Cell> own_;  // empty: shared
    Words own_words_;
    std::shared_ptr<const void> keeps_;
    Words* words_ = &own_words_;
    std::span<Cell> cells_;
    std::uint64_t seed_;  // a copy: what stands in shared words may be damaged later
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

Result<EmergencyWindow> EmergencyWindow::share(Memory memory, std::uint64_t seed) {
    assert(seed != 0 && std::has_single_bit(memory.cells.size()) &&
           memory.cells.size() >= kLeastCells);
    std::uint64_t held = 0;
    if (memory.words->seed.compare_exchange_strong(held, seed)) held = seed;
    // Who gave the seed may have been killed before it stored the sum; all would store the same one.
    const std::uint64_t sum = sum_of(held);
    std::uint64_t stands = 0;
    if (!memory.words->seed_sum.compare_exchange_strong(stands, sum) && stands != sum)
        return Error{ErrorCode::kSyntax, "the notes of emergency calls are damaged: their seed"};
    std::unique_ptr<Core> core(new (std::nothrow) Core(std::move(memory), held));
    if (core) return EmergencyWindow(std::move(core));
    return out_of_memory();
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
bool EmergencyWindow::take_over(const EmergencyWindow& other) {
    if (other.seed() != seed() || other.core_->size() != core_->size()) return false;
    core_->take_over(*other.core_);
    return true;
}
std::uint64_t EmergencyWindow::seed() const { return core_->seed(); }
std::uint64_t EmergencyWindow::notes() const { return core_->notes(); }
std::string EmergencyWindow::image(Time now) const { return core_->image(now); }
std::uint32_t EmergencyWindow::stranger_chance_ppm(Time now) const {
    return core_->stranger_chance_ppm(now);
}
std::size_t EmergencyWindow::memory_bytes() const { return core_->memory_bytes(); }

}  // namespace ringfence
