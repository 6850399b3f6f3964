// standing.hpp - which of any number of findings can have a part in the verdict: one of each class.
//
// A class holds what competes for one place in `decide`, and has a total order: the earlier tier, the more
// specific, the milder, then equals as evaluate.hpp tells them apart. Its first by that order leads it.
//
//     deciding   live or shadow x calling, called, text x allow or block      12
//     tag        live or shadow                                                2
//     neutral    live or shadow: a failure that the policy lets pass           2
//     emergency  what allows; the call-back window                             2
//     failure    beside the classes above: the first of each reason, flagged   6
//
// The leaders of a set come to the verdict of the whole set. With shadow findings left out, or taking part:
// let T be the tier that decides over the set, and of a party let s be the highest specificity that its
// deciding findings have in T. An allow of the party at T and s that could stand for it is the first of its
// class: nothing in the class is of an earlier tier, else T were earlier, nor more specific in T, else s were
// higher, and of those at T and s the mildest, riskiest, lowest, earliest is what `decide` takes. The same
// holds for a block; of a live and a shadow one `decide` takes the better, and has both. So T, each s, each
// party's allow and block, and with them winner and action, are the same. Tags and neutral failures count
// only where nothing decides, and then the first by the same order counts. Flags ask whether there is an
// emergency, a window, a failure of some reason: each has its leader. And a leader of a set leads every
// subset that holds it, so that findings may be dropped one at a time.
//
// Cost: a finding's class and one comparison, some ns.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ringfence/policy/finding.hpp"
#include "src/policy/decide.hpp"

namespace ringfence {

class Leaders {
public:
    static constexpr unsigned kClasses = 24;

    Leaders() { at_.fill(kNobody); }

    // findings[index], which came after all that were offered before; gives whether it leads a class now.
    // Threads: one thread per object.
    bool offer(std::span<const Finding> findings, std::uint32_t index);

    // A set of the positions that lead, bit i for position i < 64. Threads: any thread.
    std::uint64_t positions() const;

    // Position `index`, which leads nothing, was taken out, and those behind it moved up.
    // Threads: one thread per object.
    void erased(std::uint32_t index);

private:
    static constexpr std::uint8_t kNobody = 0xFF;
    bool take(unsigned of_class, std::span<const Finding> findings, std::uint32_t index);

    std::array<std::uint8_t, kClasses> at_;  // the position of each class's leader
};

}  // namespace ringfence
