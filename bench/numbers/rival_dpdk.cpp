// DPDK's rte_hash: cuckoo hashing, lock-free beside a writer, read 64 keys at a time.
#include <rte_hash.h>

#include <array>

#include "bench/numbers/contender.hpp"
#include "bench/numbers/dpdk.hpp"

namespace ringfence::bench {
namespace {

class Dpdk : public Contender {
public:
    ~Dpdk() override { rte_hash_free(table_); }

    bool build(std::size_t keys, std::span<const KeyList> lists) override {
        static int made = 0;
        const std::string name = "numbers" + std::to_string(made++);
        const int heap = dpdk_heap(keys * 72 + (std::size_t{64} << 20u));
        if (heap < 0) return false;
        rte_hash_parameters parameters{};
        parameters.name = name.c_str();
        parameters.entries = static_cast<std::uint32_t>(keys + keys / 16);
        parameters.key_len = sizeof(Key);
        parameters.socket_id = heap;
        parameters.extra_flag = RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF;
        table_ = rte_hash_create(&parameters);
        if (table_ == nullptr) return false;
        for (const KeyList& list : lists)
            for (const Key key : list.keys)
                if (rte_hash_add_key_data(table_, &key,
                                          reinterpret_cast<void*>(std::uintptr_t{list.list})) < 0)
                    return false;
        return true;
    }
    std::vector<std::string> ways() const override { return {"bulk 64"}; }
    void find(std::size_t, std::span<const Key> keys, Answer* answers) override {
        std::array<const void*, RTE_HASH_LOOKUP_BULK_MAX> asked;
        std::array<void*, RTE_HASH_LOOKUP_BULK_MAX> found;
        for (std::size_t i = 0; i < keys.size(); i += asked.size()) {
            const std::size_t count = std::min(asked.size(), keys.size() - i);
            for (std::size_t k = 0; k < count; ++k) asked[k] = &keys[i + k];
            std::uint64_t hits = 0;
            rte_hash_lookup_bulk_data(table_, asked.data(), static_cast<std::uint32_t>(count),
                                      &hits, found.data());
            for (std::size_t k = 0; k < count; ++k)
                answers[i + k] =
                    (hits >> k & 1u) == 0
                        ? Answer{0}
                        : static_cast<Answer>(reinterpret_cast<std::uintptr_t>(found[k]));
        }
    }

private:
    rte_hash* table_ = nullptr;
};

const bool added = add_contender("dpdk", [] { return std::make_unique<Dpdk>(); });

}  // namespace
}  // namespace ringfence::bench
