// sharing - what look-ups in memory shared between processes cost beside those in one's own: a Google Benchmark program.
//
//     sharing [NUMBERS] [--benchmark_filter=RE]
//
// NUMBERS (1,000,000 when not given) lie in one table; half of the numbers asked for are listed. One reader, in this process: others
// take nothing of its time but caches and memory.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "ringfence/image/shared_image.hpp"

namespace {

using namespace ringfence;

constexpr std::size_t kBatch = 256;
constexpr std::size_t kAsked = 1 << 20;

template <class T>
T value_of(Result<T> result) {
    if (result) return *std::move(result);
    std::fprintf(stderr, "sharing: %s\n", result.error().text.c_str());
    std::exit(2);
}

struct Bed {
    TableSet tables;
    SubLists sub_lists{1};
    EntryBook book;
    std::vector<ImageList> lists{{"fraud", CountryCode("CN"), {}, {}}};
    std::vector<Number> asked;
    SharedImage shared;
    SharedWriter writer;
    SharedReader reader;

    ImageContents contents() const { return {tables, sub_lists, book, lists}; }
    // As many as lie beside the tables, each at a second of its own.
    void end_entries(std::uint64_t numbers) {
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(numbers, SharedEnds::kMost); ++i) {
            EntryNote note;
            note.expires = time_from_ms(1'772'366'400'000 + static_cast<std::int64_t>(1000 * i));
            book.note(0, number(2 * i), note);
        }
    }

    static Number number(std::uint64_t i) {
        return Number::from_digits("861" + std::to_string(3'000'000'000 + i));
    }
    static TableSet tables_of(std::uint64_t numbers) {
        auto builder = value_of(TableSetBuilder::create({.numbers = numbers}));
        for (std::uint64_t i = 0; i < numbers; ++i) value_of(builder.add(number(2 * i), 0));
        return value_of(std::move(builder).build());
    }

    explicit Bed(std::uint64_t numbers)
        : tables(tables_of(numbers)),
          shared(value_of(SharedImage::create({.arena_bytes = 32 * numbers + (4 << 20)}))),
          writer(value_of(shared.writer())),
          reader(value_of(shared.reader())) {
        std::mt19937_64 random(1);
        for (std::size_t i = 0; i < kAsked; ++i) asked.push_back(number(random() % (2 * numbers)));
        value_of(writer.publish(contents()));
    }
};

void measure(Bed& bed) {
    benchmark::RegisterBenchmark("pin_and_unpin", [&](benchmark::State& state) {
        for (auto _ : state) {
            const SharedPin pin(bed.reader);
            benchmark::DoNotOptimize(pin.tables());
        }
    });
    const auto batches = [&](benchmark::State& state, const auto& find) {
        std::vector<Payload> payloads(kBatch);
        std::size_t at = 0;
        for (auto _ : state) {
            find(std::span<const Number>(bed.asked).subspan(at, kBatch), payloads);
            benchmark::DoNotOptimize(payloads.data());
            at = (at + kBatch) % kAsked;
        }
        state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
    };
    benchmark::RegisterBenchmark("find_batch_own", [&](benchmark::State& state) {
        batches(state, [&](auto numbers, std::span<Payload> payloads) {
            bed.tables.numbers->find(numbers, payloads);
        });
    });
    benchmark::RegisterBenchmark("find_batch_shared_and_pin", [&](benchmark::State& state) {
        batches(state, [&](auto numbers, std::span<Payload> payloads) {
            const SharedPin pin(bed.reader);
            pin.tables()->find(numbers, payloads);
        });
    });
    benchmark::RegisterBenchmark("publish", [&](benchmark::State& state) {
        for (auto _ : state) value_of(bed.writer.publish(bed.contents()));
        state.counters["memory_bytes"] = static_cast<double>(bed.shared.memory_bytes());
    });
    benchmark::RegisterBenchmark("publish_with_ends", [&](benchmark::State& state) {
        bed.end_entries(bed.tables.numbers->stats().numbers);
        for (auto _ : state) value_of(bed.writer.publish(bed.contents()));
    });
    benchmark::RegisterBenchmark("verify", [&](benchmark::State& state) {
        for (auto _ : state) {
            const SharedPin pin(bed.reader);
            value_of(pin.verify());
        }
    });
    benchmark::RegisterBenchmark("claim_a_reader", [&](benchmark::State& state) {
        for (auto _ : state) value_of(bed.shared.reader());
    });
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    const std::uint64_t numbers = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    Bed bed(numbers);
    measure(bed);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
