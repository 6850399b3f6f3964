#include "src/activity/record.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace ringfence::activity {
namespace {

// All loads and CASes of cells are relaxed: a cell is one word, complete with the generation that says
// whose it is, so nothing else has to be seen in order with it. What orders a reset before a use is the
// slot: reset and the CAS to ready are seq_cst, and users load the slot (seq_cst) first.
constexpr auto kRelaxed = std::memory_order_relaxed;

template <class Cell, class Ring>
Outcome count(Ring& ring, std::uint32_t generation, Time time, typename Cell::Field field) {
    const std::int64_t window = floor_div(to_ms(time), Cell::kWidthMs);
    std::atomic<std::uint64_t>& cell = ring[ring_of(window)];
    std::uint64_t seen = cell.load(kRelaxed);
    for (;;) {
        if (generation_of(seen) != generation) return Outcome::kGone;
        const auto step = Cell::count(seen, window, field);
        if (step.late) return Outcome::kLate;
        if (step.next == seen) return Outcome::kCounted;  // full
        if (cell.compare_exchange_weak(seen, step.next, kRelaxed)) return Outcome::kCounted;
    }
}

template <class Next>
void change(std::atomic<std::uint64_t>& cell, std::uint32_t generation, const Next& next) {
    std::uint64_t seen = cell.load(kRelaxed);
    while (generation_of(seen) == generation) {
        const std::uint64_t wanted = next(seen);
        if (wanted == seen || cell.compare_exchange_weak(seen, wanted, kRelaxed)) return;
    }
}

std::int64_t half_month(Time time) { return floor_div(to_ms(time), DeviceCell::kWidthMs); }
std::int64_t four_hours(Time time) { return floor_div(to_ms(time), FourHours::kWidthMs); }

// The part of the oldest sub-window that lies inside the window, in thousandths.
template <std::int64_t kWidthMs>
std::uint64_t inside(Time time) {
    const std::int64_t rest = to_ms(time) % kWidthMs;
    const std::int64_t gone = rest < 0 ? rest + kWidthMs : rest;
    return static_cast<std::uint64_t>((kWidthMs - gone) * 1000 / kWidthMs);
}

std::uint32_t thousandths(std::uint64_t value) {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

// The three counts of a ring over the six sub-windows before `time` and the rest of a seventh.
struct Sums {
    std::array<std::uint32_t, 3> field{};
};
template <class Cell, class Ring>
Sums sum(const Ring& ring, std::uint32_t generation, Time time) {
    const std::int64_t newest = floor_div(to_ms(time), Cell::kWidthMs);
    const std::uint64_t part = inside<Cell::kWidthMs>(time);
    std::array<std::uint64_t, 3> total{};
    for (unsigned age = 0; age < kRing; ++age) {
        const std::int64_t window = newest - age;
        const std::uint64_t cell = ring[ring_of(window)].load(kRelaxed);
        if (!Cell::holds(cell, generation, window)) continue;
        const std::uint64_t weight = age == kRing - 1 ? part : Features::kOne;
        for (unsigned i = 0; i < 3; ++i)
            total[i] += weight * Cell::get(cell, static_cast<typename Cell::Field>(i));
    }
    Sums sums;
    for (unsigned i = 0; i < 3; ++i) sums.field[i] = thousandths(total[i]);
    return sums;
}

// The sketch as it was at a time: all positions' planes, four cells (52 bits) to a word.
class Sketch {
public:
    Sketch(const Record& record, std::uint32_t generation, Time time) : newest_(four_hours(time)) {
        for (unsigned i = 0; i < Record::kPeerCells; ++i) {
            PeerCell peers = PeerCell::read(record.peers[i].load(kRelaxed), newest_);
            if (peers.generation != generation || peers.any() == 0) continue;
            if (peers.window != newest_) peers.move_to(newest_);
            for (unsigned plane = 0; plane < 3; ++plane)
                planes_[i / kSide][plane] |= peers.planes[plane]
                                             << (i % kSide * PeerCell::kPositions);
        }
    }

    unsigned touched() const {
        unsigned count = 0;
        for (const auto& word : planes_) count += ones(word[0] | word[1] | word[2]);
        return count;
    }
    // Positions last touched in the sub-window of this age; 0 is the newest.
    unsigned touched(unsigned age) const {
        const unsigned value = ring_of(newest_ - age) + 1;
        unsigned count = 0;
        for (const auto& word : planes_) {
            std::uint64_t found = ~std::uint64_t{0};
            for (unsigned plane = 0; plane < 3; ++plane)
                found &= (value >> plane & 1u) != 0 ? word[plane] : ~word[plane];
            count += ones(found);
        }
        return count;
    }

private:
    static constexpr unsigned kSide = 4;
    static constexpr unsigned kWords = (Record::kPeerCells + kSide - 1) / kSide;

    static unsigned ones(std::uint64_t word) { return static_cast<unsigned>(std::popcount(word)); }

    std::int64_t newest_;
    std::array<std::array<std::uint64_t, 3>, kWords> planes_{};
};

std::uint32_t share(std::uint32_t part, std::uint64_t whole) {
    if (whole == 0) return 0;
    return thousandths(
        std::min<std::uint64_t>(std::uint64_t{part} * Features::kOne / whole, Features::kOne));
}

std::uint32_t ratio(std::uint64_t calls, std::uint32_t callees) {
    return callees == 0 ? 0 : thousandths(calls * Features::kOne / callees);
}

// Distinct callees, and calls for each. Where the day has more than the sketch can tell apart, the ratio
// is that of as many of the newest sub-windows as it can.
void read_callees(const Record& record, std::uint32_t generation, Time time, Features& features) {
    constexpr unsigned kTellable = 120;  // of 128; beyond, one position more is 16 callees and over
    const Sketch sketch(record, generation, time);
    const auto& distinct = kDistinct<Marks::kPeers>;

    const unsigned all = sketch.touched();
    const unsigned within = all - (all != 0 ? sketch.touched(kRing - 1) : 0);
    const std::uint64_t with_oldest = distinct[all];
    const std::uint64_t part = inside<FourHours::kWidthMs>(time);
    features[Feature::kCallees] =
        thousandths(distinct[within] + (with_oldest - distinct[within]) * part / Features::kOne);
    features.callees_saturated = within > kTellable;
    if (!features.callees_saturated) {
        features[Feature::kCallsPerCallee] =
            ratio(features[Feature::kCalls24h], features[Feature::kCallees]);
        return;
    }

    const std::int64_t newest = four_hours(time);
    std::uint64_t calls = 0;
    unsigned touched = 0;
    for (unsigned age = 0; age + 1 < kRing; ++age) {
        const std::int64_t window = newest - age;
        const std::uint64_t cell = record.four_hours[ring_of(window)].load(kRelaxed);
        const unsigned here = sketch.touched(age);
        if (age > 0 && touched + here > kTellable) break;
        touched += here;
        if (FourHours::holds(cell, generation, window))
            calls += FourHours::get(cell, FourHours::Field::kA);
    }
    features[Feature::kCallsPerCallee] = ratio(calls * Features::kOne, distinct[touched]);
}

}  // namespace

Outcome count_call_out(Record& record, std::uint32_t generation, Time time, Marks marks) {
    const Outcome outcome =
        count<FourHours>(record.four_hours, generation, time, FourHours::Field::kA);
    if (outcome != Outcome::kCounted) return outcome;
    count<TenMinutes>(record.ten_minutes, generation, time, TenMinutes::Field::kA);
    if (marks.peer != Marks::kNone) {
        change(record.peers[marks.peer / PeerCell::kPositions], generation,
               [&](std::uint64_t cell) {
                   PeerCell peers = PeerCell::read(cell, four_hours(time));
                   peers.touch(marks.peer % PeerCell::kPositions, four_hours(time));
                   return peers.word();
               });
    }
    if (marks.device != Marks::kNone) {
        change(record.devices, generation, [&](std::uint64_t cell) {
            return DeviceCell::touch(cell, marks.device, half_month(time));
        });
    }
    return outcome;
}

Outcome count_call_in(Record& record, std::uint32_t generation, Time time) {
    return count<FourHoursIn>(record.four_hours_in, generation, time, FourHoursIn::Field::kA);
}

Outcome count_answered(Record& record, std::uint32_t generation, Time time) {
    return count<FourHoursIn>(record.four_hours_in, generation, time, FourHoursIn::Field::kB);
}

Outcome count_short(Record& record, std::uint32_t generation, Time time) {
    return count<FourHoursIn>(record.four_hours_in, generation, time, FourHoursIn::Field::kC);
}

Outcome count_sms_out(Record& record, std::uint32_t generation, Time time) {
    const Outcome outcome =
        count<FourHours>(record.four_hours, generation, time, FourHours::Field::kB);
    if (outcome == Outcome::kCounted)
        count<TenMinutes>(record.ten_minutes, generation, time, TenMinutes::Field::kB);
    return outcome;
}

Outcome count_sms_in(Record& record, std::uint32_t generation, Time time) {
    return count<FourHours>(record.four_hours, generation, time, FourHours::Field::kC);
}

Features read_features(const Record& record, std::uint32_t generation, Time time) {
    Features features;
    const Sums hour = sum<TenMinutes>(record.ten_minutes, generation, time);
    const Sums day = sum<FourHours>(record.four_hours, generation, time);
    const Sums in = sum<FourHoursIn>(record.four_hours_in, generation, time);
    features[Feature::kCalls24h] = day.field[0];
    features[Feature::kSms24h] = day.field[1];
    features[Feature::kSmsIn24h] = day.field[2];
    // An hour's count cannot exceed the day's: gates rest on it, and it hides a stamp come round.
    features[Feature::kCalls1h] = std::min(hour.field[0], day.field[0]);
    features[Feature::kSms1h] = std::min(hour.field[1], day.field[1]);
    features[Feature::kCallsIn24h] = in.field[0];
    features[Feature::kAnswered24h] = in.field[1];
    features[Feature::kShort24h] = in.field[2];
    features[Feature::kOutShare] = share(day.field[0], std::uint64_t{day.field[0]} + in.field[0]);
    features[Feature::kAnsweredShare] = share(in.field[1], day.field[0]);
    features[Feature::kShortShare] = share(in.field[2], in.field[1]);
    read_callees(record, generation, time, features);

    const std::uint64_t cell = record.devices.load(kRelaxed);
    if (generation_of(cell) == generation) {
        const auto halves = DeviceCell::halves(cell, half_month(time));
        features[Feature::kImeis] = kDistinct<DeviceCell::kPositions>[static_cast<unsigned>(
            std::popcount(halves.now | halves.before))];
    }
    return features;
}

int keep_days(const Features& features) {
    // By bit width: 0-1, 2-3, 4-15, 16-31, 32-63, 64 and over (measured: a flood of one-call numbers over
    // three times the room left every caller of 240 calls exact).
    constexpr std::array<int, 8> kDays = {1, 1, 2, 4, 4, 8, 16, 30};
    const std::uint64_t events =
        (std::uint64_t{features[Feature::kCalls24h]} + features[Feature::kSms24h]) / Features::kOne;
    return kDays[std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(events)), 7)];
}

std::int64_t day_of(Time time) { return floor_div(to_ms(time), kDayMs); }

}  // namespace ringfence::activity
