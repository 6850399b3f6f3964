#include "bench/numbers/ours.hpp"

#include <cstdio>

#include "src/kernel/number_kernel.hpp"

namespace ringfence::bench {

bool Ours::build(std::size_t keys, std::span<const KeyList> lists) {
    auto table = NumberTable::create({.numbers = keys, .load_percent = load_percent_});
    if (!table) {
        std::fprintf(stderr, "numbers: %s\n", table.error().text.c_str());
        return false;
    }
    table_.emplace(std::move(*table));
    // A set of lists is named by its first use: payload and list agree, which the answers' comparison checks.
    for (const KeyList& list : lists)
        if (!table_->insert(numbers_of(list.keys), list.list)) return false;
    return true;
}

std::vector<std::string> Ours::ways() const {
    return {"batch", "batch avx2", "batch scalar", "each", "public find"};
}

void Ours::find(std::size_t way, std::span<const Key> keys, Answer* answers) {
    const auto numbers = numbers_of(keys);
    const auto batch = [&](kernel::Isa isa) {
        const kernel::NumberKernel* form = kernel::number_kernel(isa);
        if (form == nullptr) form = &kernel::number_kernel();
        form->find_batch(table_->view(), numbers.data(), answers, numbers.size());
    };
    switch (way) {
        case kBatch: table_->find(numbers, {answers, numbers.size()}); break;
        case kAvx2: batch(kernel::Isa::kAvx2); break;
        case kScalar: batch(kernel::Isa::kScalar); break;
        case kEach:
            kernel::number_kernel().find_each(table_->view(), numbers.data(), answers,
                                              numbers.size());
            break;
        default:
            for (std::size_t i = 0; i < numbers.size(); ++i) answers[i] = table_->find(numbers[i]);
    }
}

namespace {

template <int kLocality>
std::uint64_t read(const NumberLine* lines, std::span<const std::uint32_t> places,
                   std::size_t depth) {
    std::uint64_t all = 0;
    const std::size_t steady = places.size() - depth;
    // relaxed: nothing is made of what is read.
    for (std::size_t i = 0; i < steady; ++i) {
        __builtin_prefetch(lines + places[i + depth], 0, kLocality);
        all ^= lines[places[i]].slots[0].load(std::memory_order_relaxed);
    }
    for (std::size_t i = steady; i < places.size(); ++i)
        all ^= lines[places[i]].slots[0].load(std::memory_order_relaxed);
    return all;
}

}  // namespace

std::uint64_t Ours::read_lines(std::span<const std::uint32_t> places, Ahead ahead) const {
    const NumberLine* lines = table_->view().lines();
    return ahead.second_cache ? read<2>(lines, places, ahead.depth)
                              : read<3>(lines, places, ahead.depth);
}

std::vector<std::uint32_t> Ours::random_lines(std::size_t count, std::uint64_t seed) const {
    Random random(seed);
    std::vector<std::uint32_t> places(count);
    for (auto& place : places)
        place = static_cast<std::uint32_t>(random.below(table_->view().line_count()));
    return places;
}

}  // namespace ringfence::bench
