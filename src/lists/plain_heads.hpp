// plain_heads.hpp - what a dial plan makes of bare digits, learned by how they begin.
//
// Most numbers of a list begin alike and differ in digits that decide nothing:
//
//     CN  "13800138000", all of 11 digits that begin "13800"   ->  86 in front, whatever follows
//     FR  "0639980001",  all of 10 that begin "06399"          ->  the 0 off, 33 in front
//     US  "2125550123",  all of 10 that begin "21255"          ->  unlike: 2125555xxx may be one thing, 21255501xx another
//
// A beginning is learned when every walk through the plan's ranges that normalize can make over these digits ends in
// one label, whatever digits follow; then normalize of one of them tells what becomes of all, and a rank is moved by
// one addition (kernel/digits_kernel.hpp). What it does not tell that of is left to normalize, a number at a time.
//
// Only numbers that normalize calls valid at once are learned; never emergency or protected ones, short codes, those
// behind international or IP-call prefixes, or malformed ones.
//
// Cost: 256 KiB; learning a beginning about 300 ns.
#pragma once

#include <memory>
#include <string_view>

#include "ringfence/number/dial_plan.hpp"
#include "src/kernel/digits_kernel.hpp"

namespace ringfence {

// Threads: one thread per object.
class PlainHeads {
public:
    explicit PlainHeads(const DialPlan& plan);

    // Learns what becomes of numbers that begin as this one does; `digits` are 8 to 15.
    void learn(std::string_view digits, bool plus);

    // What read_entry makes of the number, by what was learned; empty when that does not say. `digits` are 8 to 15.
    Number apply(std::string_view digits, bool plus) const;

    const kernel::NumberHeads& table() const { return *heads_; }

private:
    bool begins_alike(std::string_view head, std::size_t more, bool plus) const;

    DialPlan plan_;
    std::unique_ptr<kernel::NumberHeads> heads_;
};

}  // namespace ringfence
