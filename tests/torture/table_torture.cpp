// table_torture.cpp - a NumberTable under an epoch. A key goes round six sets of lists, one change a step:
//
//     {}  {A}  {A, B}  {B}  {B, C}  {C}  {}  ...        A, B, C depend on the key, B and C on the round too
//
// Now and then several keys go on A at once. A few keys are hot: a quarter of reads and changes meet there, so that a state which must never show, were it
// there for a nanosecond, is seen. One key in four stays on A; one in sixteen draws C from so many lists that its sets go through the side table.
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "ringfence/sync/snapshot.hpp"
#include "ringfence/table/number_table.hpp"
#include "torture/run.hpp"
#include "torture/versions.hpp"

namespace ringfence::torture {
namespace {

constexpr std::size_t kBatch = 256;
constexpr unsigned kSteps = 6;
constexpr std::chrono::milliseconds kPatience(500);

constexpr std::size_t kHot = 64;
constexpr std::size_t kListsA = 64;

// Of keys below `all`.
std::size_t pick(Random& random, std::size_t all) {
    const std::uint64_t chosen = random();
    return chosen % 4 == 0 ? (chosen >> 2u) % kHot : (chosen >> 8u) % all;
}

bool is_steady(std::size_t key) { return key % 4 == 0; }

Number number_of(std::size_t key) {
    // Real-shaped: eleven digits, in blocks; odd strides so that neighbours differ in every digit.
    return Number::from_rank(Number::first_rank(11) + 13'000'000'000u +
                             key * 7'919 % 9'999'999'967u);
}

struct Lists {
    std::array<ListIndex, 2> at{};
    unsigned count = 0;

    bool equal(std::span<const ListIndex> seen) const {
        return seen.size() == count && (count < 1 || seen[0] == at[0]) &&
               (count < 2 || seen[1] == at[1]);
    }
};

struct Round {
    ListIndex a, b, c;
    Round(std::size_t key, std::uint32_t round)
        : a(static_cast<ListIndex>(key % kListsA)),
          b(static_cast<ListIndex>(kListsA + (key + round) % 32)),
          c(static_cast<ListIndex>(
              128 + (key % 16 == 1 ? (key * 31 + round * 17) % 8'192 : (key + round) % 32))) {}
};

Lists lists_at(std::size_t key, std::uint32_t version) {
    const Round round(key, version / kSteps);
    if (is_steady(key)) return {{round.a}, 1};
    switch (version % kSteps) {
        case 0: return {};
        case 1: return {{round.a}, 1};
        case 2: return {{round.a, round.b}, 2};
        case 3: return {{round.b}, 1};
        case 4: return {{round.b, round.c}, 2};
        default: return {{round.c}, 1};
    }
}

class Ground {
public:
    explicit Ground(const Options& options)
        : options_(options), run_(options), versions_(options.keys) {}

    Tally torture() {
        auto first = fresh();
        if (first) {
            Random random(options_.seed);
            tables_.emplace(domain_, std::move(first));
            run_.together([this](unsigned i) { read(options_.seed * 1'000 + i); },
                          [&] { write(random); }, tally_);
            if (!tables_->writer_view()->consistent())
                tally_.failed = "the table is not consistent";
        }
        return tally_;
    }

private:
    // ---- readers ----

    bool may_be(std::size_t key, std::uint32_t low, std::span<const ListIndex> seen) const {
        if (key >= versions_.size()) return seen.empty();
        const std::uint32_t high = versions_.high(key);
        for (std::uint32_t version = low;; ++version) {
            if (lists_at(key, version).equal(seen)) return true;
            if (version >= high) return false;
        }
    }

    void check(std::size_t key, std::uint32_t low, std::span<const ListIndex> seen) {
        if (may_be(key, low, seen)) return;
        std::string text = "key " + std::to_string(key) + " (" + number_of(key).digits() +
                           ") of version " + std::to_string(low) + " to " +
                           std::to_string(key < versions_.size() ? versions_.high(key) : 0) +
                           " was on";
        for (const ListIndex list : seen) text += " " + std::to_string(list);
        run_.wrong(text);
    }

    void read(std::uint64_t seed) {
        auto slot = domain_.register_reader();
        if (!slot) return run_.fail(slot.error().text);
        Random random(seed);
        std::array<std::size_t, kBatch> keys{};
        std::array<std::uint32_t, kBatch> low{};
        std::array<Number, kBatch> numbers;
        std::array<Payload, kBatch> found{};
        const std::size_t asked =
            versions_.size() + versions_.size() / 8;  // some are never inserted
        for (std::uint64_t batch = 0; run_.goes_on(); ++batch) {
            for (std::size_t i = 0; i < kBatch; ++i) {
                keys[i] = pick(random, asked);
                numbers[i] = number_of(keys[i]);
                low[i] = keys[i] < versions_.size() ? versions_.low(keys[i]) : 0;
            }
            const Pin pin(*slot);
            const NumberTable& table = *tables_->load(pin);
            table.find(numbers, found);
            for (std::size_t i = 0; i < kBatch; ++i)
                check(keys[i], low[i], table.lists(numbers[i], found[i]));
            if (batch % 16 == 0) {
                for (std::size_t i = 0; i < kBatch; i += 8) {
                    check(keys[i], low[i], table.lists(numbers[i]));
                    check(keys[i], low[i], table.view().lists(numbers[i]));
                }
            }
            run_.count(kBatch);
        }
    }

    // ---- the writer ----

    // A table with every key as it is now, under another seed and load.
    std::unique_ptr<NumberTable> fresh() {
        NumberTableOptions options;
        options.numbers = options_.keys / 8;  // so that it grows
        options.load_percent = 60 + static_cast<unsigned>(tally_.reloads % 4) * 10;
        options.seed = options_.seed + tally_.reloads;
        auto table = NumberTable::create(options);
        for (std::size_t key = 0; table && key < versions_.size(); ++key) {
            const Lists lists = lists_at(key, versions_.current(key));
            for (unsigned i = 0; table && i < lists.count; ++i) {
                auto done = table->insert(number_of(key), lists.at[i]);
                if (!done && done.error().code == ErrorCode::kFull) {
                    table = table->grown();
                    if (table) done = table->insert(number_of(key), lists.at[i]);
                }
                if (table && !done) run_.fail(done.error().text);
            }
        }
        if (table) return std::make_unique<NumberTable>(*std::move(table));
        run_.fail(table.error().text);
        return nullptr;
    }

    void publish(std::unique_ptr<NumberTable> next) {
        if (!next) return;
        waiting_ = false;  // what was settled in the old table goes with it
        while (run_.goes_on() && !tables_->publish(std::move(next), kPatience)) {
        }
    }

    void grow() {
        auto larger = tables_->writer_view()->grown();
        if (!larger) return run_.fail(larger.error().text);
        publish(std::make_unique<NumberTable>(*std::move(larger)));
        ++tally_.growths;
    }

    Result<bool> change(std::size_t key, std::uint32_t to) {
        NumberTable& table = *tables_->writer_view();
        const Number number = number_of(key);
        const Round round(key, (to - 1) / kSteps);
        switch (to % kSteps) {
            case 0: return table.erase(number);
            case 1: return table.insert(number, round.a);
            case 2: return table.insert(number, round.b);
            case 3: return table.erase(number, round.a);
            case 4: return table.insert(number, round.c);
            default: return table.erase(number, round.b);
        }
    }

    void step(std::size_t key) {
        versions_.start(key);
        auto done = change(key, versions_.current(key) + 1);
        if (!done && done.error().code == ErrorCode::kFull) {
            grow();
            done = change(key, versions_.current(key) + 1);
        }
        if (!done) return run_.fail(done.error().text);
        if (!*done) return run_.fail("a change of key " + std::to_string(key) + " changed nothing");
        versions_.acknowledge(key);
        ++tally_.writes;
        run_.wrote();
    }

    // Several keys that go on list A next, put there at once.
    void step_many(std::size_t key) {
        std::vector<std::size_t> keys;
        std::vector<Number> numbers;
        for (; key < versions_.size() && keys.size() < 12; key += kListsA) {
            if (is_steady(key)) return;
            while (run_.goes_on() && versions_.current(key) % kSteps != 0) step(key);
            keys.push_back(key);
            numbers.push_back(number_of(key));
        }
        if (!run_.goes_on() || keys.empty()) return;
        for (const std::size_t one : keys) versions_.start(one);
        const ListIndex a = Round(keys.front(), 0).a;
        std::size_t put = 0;
        while (put < numbers.size()) {
            std::size_t done = 0;
            const auto added =
                tables_->writer_view()->insert(std::span(numbers).subspan(put), a, &done);
            put += done;
            if (added) break;
            if (added.error().code != ErrorCode::kFull) return run_.fail(added.error().text);
            grow();
        }
        for (const std::size_t one : keys) versions_.acknowledge(one);
        tally_.writes += keys.size();
        run_.wrote();
    }

    void settle() {
        NumberTable& table = *tables_->writer_view();
        if (!waiting_) {
            tally_.settled += table.begin_settling(500);
            epoch_ = domain_.advance();
            waiting_ = true;
        } else if (domain_.oldest_pin() > epoch_) {
            table.finish_settling();
            waiting_ = false;
        }
    }

    void write(Random& random) {
        constexpr std::uint64_t kManyEvery = 50;
        constexpr std::uint64_t kSettleEvery = 200;
        constexpr std::uint64_t kGrowEvery = 150'000;
        constexpr std::uint64_t kReloadEvery = 1'000'000;
        for (std::uint64_t n = 1; run_.goes_on(); ++n) {
            std::size_t key = pick(random, versions_.size());
            if (is_steady(key)) key = (key + 1) % versions_.size();
            if (!is_steady(key)) step(key);
            if (n % kManyEvery == 0) step_many(key);
            if (n % kSettleEvery == 0) settle();
            if (n % kGrowEvery == 0) grow();
            if (n % kReloadEvery == 0) {
                ++tally_.reloads;
                publish(fresh());
            }
        }
    }

    const Options& options_;
    Run run_;
    Versions versions_;
    EpochDomain domain_;
    std::optional<Snapshot<NumberTable>> tables_;
    Tally tally_;
    bool waiting_ = false;  // for the end of a step of settling
    std::uint64_t epoch_ = 0;
};

}  // namespace

Tally torture_table(const Options& options) { return std::make_unique<Ground>(options)->torture(); }

}  // namespace ringfence::torture
