// anchor_table.hpp - all anchors of one view: which of them stand in a text, and where.
//
// An anchor is a phrase that must be there for an expression to match. Equal ones are stored once, with the checks that
// they call for; most are all of a rule, and call for none. Each is filed under its rarest gram
// (src/kernel/gram_kernel.hpp); a text is asked about in three steps, of which only the first looks at every place:
//
//     filter     sixteen places at once; what passes goes into a list
//     gather     key -> bucket -> those of its anchors that have the key's mark
//     compare    the anchor's units with the text's
//
// Each is a loop of its own over the list, which asks ahead for what the next one reads and takes no branch on whether a
// pass is a false one.
//
//     bucket     | first | mark | mark | mark | mark | mark | mark |      16 bytes
//     anchors    [first], [first + 1], ...: those of a bucket in a row
//
// A mark is of the key, and of the unit behind the gram where the anchor has one: so many phrases that begin alike are told
// apart where they are looked up. A bucket of more than six anchors is crowded: it has no marks, and all of its anchors are
// compared.
//
// A text is taken in stretches of kStretch places, so that no list can overflow and none is ever cut.
//
// Readers: immutable once built, any number of threads, each with its own AnchorSpace.
// Cost: 32 bytes an anchor, 8 to 16 of buckets, 4 to 8 of filter, 16 a check.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "src/kernel/gram_kernel.hpp"
#include "src/kernel/mark_lanes.hpp"
#include "src/pattern/head_units.hpp"
#include "src/pattern/padded_text.hpp"
#include "src/pattern/program.hpp"
#include "src/pattern/sightings.hpp"

namespace ringfence::pattern {

inline constexpr std::uint32_t kNotOne = UINT32_MAX;

inline constexpr std::size_t kStretch = 1024;

// What one thread needs to look for anchors.
struct AnchorSpace {
    static constexpr std::size_t kPasses = 2 * kStretch + kernel::kGramSlack;
    static_assert(kPasses <= Sightings::kRoom);

    struct Suspect {
        std::uint32_t anchor = 0;
        std::uint32_t place = 0;  // of its gram
    };

    std::array<std::uint32_t, kPasses> passes;
    std::array<Suspect, kPasses> suspects;
    std::array<kernel::WindowHit, kPasses> hits;
};

class AnchorTable {
public:
    // Adds what matches by itself to `sightings`, and calls `on_hits(std::span<const kernel::WindowHit>)` with the places at which
    // the other anchors stand: many at a time, so that what each needs of memory can be asked for ahead. One may be told
    // twice, where two grams of a place share its bucket.
    // Threads: any thread, one space each.
    template <class OnHits>
    void find(const PaddedText& text, AnchorSpace& space, Sightings& sightings,
              OnHits&& on_hits) const {
        const kernel::GramKernel& kernel = kernel::gram_kernel();
        for (const GramTable* grams : {&usual_, &tiny_}) {
            if (grams->anchors.empty()) continue;
            const auto look = grams == &usual_ ? kernel.usual : kernel.tiny;
            for (std::uint32_t first = 0; first < text.size; first += kStretch) {
                const std::size_t last = std::min<std::size_t>(text.size, first + kStretch);
                const std::size_t passes =
                    look(text.units, first, last, grams->filter(), space.passes.data());
                for (Progress at; at.pass < passes;) {
                    const std::size_t suspects = gather(*grams, text, passes, space, at);
                    const std::size_t hits = compare(*grams, text, suspects, space, sightings);
                    if (hits != 0)
                        on_hits(std::span<const kernel::WindowHit>(space.hits.data(), hits));
                }
            }
        }
    }

    bool empty() const { return usual_.anchors.empty() && tiny_.anchors.empty(); }
    std::size_t bytes() const;

private:
    friend class AnchorTableBuilder;

    static constexpr std::size_t kHead = 12;  // units kept in the anchor itself,
    static constexpr std::size_t kLongHead =
        10;  // of a longer one, behind which lies where its others are
    static constexpr std::uint32_t kCrowded = std::uint32_t{1} << 31u;  // in a bucket's `first`

    struct alignas(32) Anchor {
        std::uint32_t calls = 0;  // the first of its checks, or the rule that it is all of
        std::uint8_t checks = 0;  // 0: it is all of a rule
        std::uint8_t size = 0;
        std::uint8_t gram = 0;  // where its gram begins
        std::uint8_t head_size = 0;
        HeadUnits<kHead> head;

        // Of a longer one: where those of its units that are behind the head begin.
        std::uint32_t rest() const {
            std::uint32_t first;
            std::memcpy(&first, head.units.data() + kLongHead, sizeof first);
            return first;
        }
    };
    static_assert(sizeof(Anchor) == 32);

    struct GramTable {
        std::vector<std::uint32_t> words;
        std::vector<kernel::MarkBucket> buckets;
        std::vector<Anchor> anchors;
        unsigned shift = 31;         // of a brief gram's hash, to its word
        unsigned bucket_shift = 31;  // of a key, to its bucket

        kernel::GramFilter filter() const { return {words.data(), shift}; }
    };

    // How far a list of passes was gathered.
    struct Progress {
        std::size_t pass = 0;
        std::uint32_t within = 0;  // anchors of its crowded bucket
    };

    // Passes become suspects, as many as there is room for.
    std::size_t gather(const GramTable& grams, const PaddedText& text, std::size_t passes,
                       AnchorSpace& space, Progress& at) const;
    // Suspects become hits and sightings.
    std::size_t compare(const GramTable& grams, const PaddedText& text, std::size_t suspects,
                        AnchorSpace& space, Sightings& sightings) const;

    GramTable usual_, tiny_;
    std::vector<kernel::WindowCheck> checks_;
    std::vector<char16_t> units_;  // of what is behind the heads
};

// Threads: one thread per object.
class AnchorTableBuilder {
public:
    // `phrase` has 1 to 64 units.
    void add(const std::u16string& phrase, const kernel::WindowCheck& check);

    // The table of what was added; nothing is left. `rules` are those of bodies that are a phrase and all of a rule,
    // kNotOne of the others.
    AnchorTable build(std::span<const std::uint32_t> rules);

private:
    std::vector<std::pair<std::u16string, kernel::WindowCheck>> rows_;
};

// How often the rarest gram of a phrase of 1 to 64 units is likely to pass, in a million messages; the less, the better an
// anchor. Threads: any thread.
std::uint32_t anchor_cost(std::u16string_view phrase);

}  // namespace ringfence::pattern
