// oneTBB's concurrent_hash_map.
#include <oneapi/tbb/concurrent_hash_map.h>

#include "bench/numbers/contender.hpp"

namespace ringfence::bench {
namespace {

class Tbb : public Contender {
public:
    bool build(std::size_t keys, std::span<const KeyList> lists) override {
        map_.rehash(keys);
        for (const KeyList& list : lists)
            for (const Key key : list.keys) map_.insert({key, list.list});
        return true;
    }
    std::vector<std::string> ways() const override { return {"find"}; }
    void find(std::size_t, std::span<const Key> keys, Answer* answers) override {
        Map::const_accessor at;
        for (std::size_t i = 0; i < keys.size(); ++i)
            answers[i] = map_.find(at, keys[i]) ? at->second : Answer{0};
    }

private:
    using Map = oneapi::tbb::concurrent_hash_map<Key, Answer>;
    Map map_;
};

const bool added = add_contender("tbb", [] { return std::make_unique<Tbb>(); });

}  // namespace
}  // namespace ringfence::bench
