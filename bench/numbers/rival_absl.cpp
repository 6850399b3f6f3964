// abseil's flat_hash_map: find, and find with its own prefetch ahead.
#include <absl/container/flat_hash_map.h>

#include "bench/numbers/contender.hpp"

namespace ringfence::bench {
namespace {

class Absl : public Contender {
public:
    bool build(std::size_t keys, std::span<const KeyList> lists) override {
        map_.reserve(keys);
        for (const KeyList& list : lists)
            for (const Key key : list.keys) map_.try_emplace(key, list.list);
        return true;
    }
    std::vector<std::string> ways() const override { return {"find", "prefetch"}; }
    void find(std::size_t way, std::span<const Key> keys, Answer* answers) override {
        constexpr std::size_t kAhead = 16;  // 8 to 32 measure alike
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (way == 1 && i + kAhead < keys.size()) map_.prefetch(keys[i + kAhead]);
            const auto at = map_.find(keys[i]);
            answers[i] = at == map_.end() ? Answer{0} : at->second;
        }
    }
    std::size_t bytes() const override {
        return map_.capacity() * (sizeof(std::pair<const Key, Answer>) + 1);
    }

private:
    absl::flat_hash_map<Key, Answer> map_;
};

const bool added = add_contender("absl", [] { return std::make_unique<Absl>(); });

}  // namespace
}  // namespace ringfence::bench
