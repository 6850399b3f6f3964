// DPDK's rte_lpm. It knows binary prefixes of 32 bits: nine digits are an integer of 30 bits, and each decimal
// prefix is the few binary ones that make it up, so that it answers the same question. The digits are given to it as
// it wants them, at no cost.
#include <rte_lpm.h>

#include <array>
#include <bit>

#include "bench/numbers/dpdk.hpp"
#include "bench/numbers/prefix_contender.hpp"

namespace ringfence::bench {
namespace {

constexpr unsigned kShift = 2;  // 30 bits to the front of 32

class RteLpm : public PrefixContender {
public:
    ~RteLpm() override { rte_lpm_free(table_); }

    bool build(std::span<const PrefixRange> ranges) override {
        const int heap = dpdk_heap(std::size_t{512} << 20u);
        if (heap < 0) return false;
        rte_lpm_config config{};
        config.max_rules = 4'000'000;
        config.number_tbl8s = 1u << 17u;
        table_ = rte_lpm_create("prefixes", heap, &config);
        if (table_ == nullptr) return false;
        for (const PrefixRange& range : ranges)
            if (!add(range)) return false;
        return true;
    }
    void find_each(std::span<const std::uint32_t> nine_digits, std::uint32_t* places) override {
        for (std::size_t i = 0; i < nine_digits.size(); ++i) {
            std::uint32_t place = 0;
            rte_lpm_lookup(table_, nine_digits[i] << kShift, &place);
            places[i] = place;
        }
    }
    void find_bulk(std::span<const std::uint32_t> nine_digits, std::uint32_t* places) override {
        constexpr std::size_t kBulk = 64;
        std::array<std::uint32_t, kBulk> asked;
        for (std::size_t i = 0; i < nine_digits.size(); i += kBulk) {
            const std::size_t count = std::min(kBulk, nine_digits.size() - i);
            for (std::size_t k = 0; k < count; ++k) asked[k] = nine_digits[i + k] << kShift;
            rte_lpm_lookup_bulk(table_, asked.data(), places + i, static_cast<unsigned>(count));
            for (std::size_t k = 0; k < count; ++k) {
                const std::uint32_t entry = places[i + k];
                places[i + k] = (entry & RTE_LPM_LOOKUP_SUCCESS) != 0 ? entry & 0x00FFFFFFu : 0;
            }
        }
    }

private:
    // The greatest aligned blocks, from the left.
    bool add(const PrefixRange& range) {
        std::uint32_t first = range.first;
        while (first <= range.last) {
            unsigned bits = first == 0 ? 30u : static_cast<unsigned>(std::countr_zero(first));
            while (bits > 30 || first + (1u << bits) - 1 > range.last) --bits;
            if (rte_lpm_add(table_, first << kShift, static_cast<std::uint8_t>(30 - bits),
                            range.place) != 0)
                return false;
            first += 1u << bits;
        }
        return true;
    }

    rte_lpm* table_ = nullptr;
};

}  // namespace

std::unique_ptr<PrefixContender> make_rte_lpm() { return std::make_unique<RteLpm>(); }

}  // namespace ringfence::bench
