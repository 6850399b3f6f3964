// Concurrency kit's ck_ht: integers as keys, one writer beside many readers, made for reading.
extern "C" {
#include <ck_ht.h>
#include <ck_malloc.h>
}

#include <cstdlib>

#include "bench/numbers/contender.hpp"

namespace ringfence::bench {
namespace {

void* get(std::size_t bytes) { return std::malloc(bytes); }
void* get_more(void* at, std::size_t, std::size_t bytes, bool) { return std::realloc(at, bytes); }
void give(void* at, std::size_t, bool) { std::free(at); }

class Ck : public Contender {
public:
    ~Ck() override {
        if (made_) ck_ht_destroy(&table_);
    }
    bool build(std::size_t keys, std::span<const KeyList> lists) override {
        static ck_malloc memory = {get, get_more, give};
        made_ = ck_ht_init(&table_, CK_HT_MODE_DIRECT | CK_HT_WORKLOAD_DELETE, nullptr, &memory,
                           keys + keys / 2, 0x5EED);
        if (!made_) return false;
        for (const KeyList& list : lists) {
            for (const Key key : list.keys) {
                ck_ht_hash_t hash;
                ck_ht_entry_t entry;
                ck_ht_hash_direct(&hash, &table_, key);
                ck_ht_entry_set_direct(&entry, hash, key, list.list);
                if (!ck_ht_put_spmc(&table_, hash, &entry)) {
                    // There already, or out of memory; both read the same here, and answers are compared.
                }
            }
        }
        return true;
    }
    std::vector<std::string> ways() const override { return {"find"}; }
    void find(std::size_t, std::span<const Key> keys, Answer* answers) override {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            ck_ht_hash_t hash;
            ck_ht_entry_t entry;
            ck_ht_hash_direct(&hash, &table_, keys[i]);
            ck_ht_entry_key_set_direct(&entry, keys[i]);
            answers[i] = ck_ht_get_spmc(&table_, hash, &entry)
                             ? static_cast<Answer>(ck_ht_entry_value_direct(&entry))
                             : Answer{0};
        }
    }

private:
    ck_ht_t table_{};
    bool made_ = false;
};

const bool added = add_contender("ck", [] { return std::make_unique<Ck>(); });

}  // namespace
}  // namespace ringfence::bench
