// boost::unordered_flat_map, 1.81 or newer.
#include <boost/unordered/unordered_flat_map.hpp>

#include "bench/numbers/contender.hpp"

namespace ringfence::bench {
namespace {

class Boost : public Contender {
public:
    bool build(std::size_t keys, std::span<const KeyList> lists) override {
        map_.reserve(keys);
        for (const KeyList& list : lists)
            for (const Key key : list.keys) map_.try_emplace(key, list.list);
        return true;
    }
    std::vector<std::string> ways() const override { return {"find"}; }
    void find(std::size_t, std::span<const Key> keys, Answer* answers) override {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto at = map_.find(keys[i]);
            answers[i] = at == map_.end() ? Answer{0} : at->second;
        }
    }
    std::size_t bytes() const override {
        // 15 elements and 16 octets of metadata a group.
        return map_.bucket_count() * sizeof(std::pair<const Key, Answer>) +
               map_.bucket_count() * 16 / 15;
    }

private:
    boost::unordered_flat_map<Key, Answer> map_;
};

const bool added = add_contender("boost", [] { return std::make_unique<Boost>(); });

}  // namespace
}  // namespace ringfence::bench
