// The lock-free hash table of userspace RCU (cds_lfht), quiescent-state flavour: its fastest reader.
#include <urcu/rculfhash.h>
#include <urcu/urcu-qsbr.h>

#include <bit>

#include "bench/numbers/contender.hpp"

namespace ringfence::bench {
namespace {

struct Node {
    cds_lfht_node node;
    Key key;
    Answer list;
};

unsigned long hash_of(Key key) {
    key *= 0x9E3779B97F4A7C15u;
    return key ^ key >> 32u;
}

int same(cds_lfht_node* node, const void* key) {
    return caa_container_of(node, Node, node)->key == *static_cast<const Key*>(key);
}

class Urcu : public Contender {
public:
    ~Urcu() override {
        // The process ends soon; a table of many millions takes longer to take apart than to leave.
        if (table_ != nullptr) urcu_qsbr_unregister_thread();
    }
    bool build(std::size_t keys, std::span<const KeyList> lists) override {
        urcu_qsbr_register_thread();
        const unsigned long buckets = std::bit_ceil(keys);
        table_ = cds_lfht_new_flavor(buckets, buckets, buckets, 0, &urcu_qsbr_flavor, nullptr);
        if (table_ == nullptr) return false;
        nodes_.resize(keys);
        std::size_t at = 0;
        for (const KeyList& list : lists) {
            for (const Key key : list.keys) {
                Node& node = nodes_[at++];
                node.key = key;
                node.list = list.list;
                urcu_qsbr_read_lock();
                cds_lfht_add_unique(table_, hash_of(key), same, &key, &node.node);
                urcu_qsbr_read_unlock();
            }
        }
        return true;
    }
    std::vector<std::string> ways() const override { return {"find"}; }
    void find(std::size_t, std::span<const Key> keys, Answer* answers) override {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            urcu_qsbr_read_lock();
            cds_lfht_iter iter;
            cds_lfht_lookup(table_, hash_of(keys[i]), same, &keys[i], &iter);
            cds_lfht_node* node = cds_lfht_iter_get_node(&iter);
            answers[i] = node == nullptr ? Answer{0} : caa_container_of(node, Node, node)->list;
            urcu_qsbr_read_unlock();
        }
    }

private:
    cds_lfht* table_ = nullptr;
    std::vector<Node> nodes_;
};

const bool added = add_contender("urcu", [] { return std::make_unique<Urcu>(); });

}  // namespace
}  // namespace ringfence::bench
