// anchor_table.hpp - all anchors of one view: which of them stand in a text, and where.
//
// An anchor is a phrase that must be there for an expression to match. Equal ones are stored once, with the actions that
// they call for. Each is filed under its rarest gram (src/kernel/gram_kernel.hpp); a text is asked about in three steps, of
// which only the first looks at every place:
//
//     filter    sixteen places at once; what passes goes into a list
//     settle    key -> slot -> anchor -> compare: loops of their own over the list, each asking ahead for the next
//     actions   of the anchors that stand there
//
// A text is taken in stretches of kStretch places, so that no list can overflow and none is ever cut.
//
// Readers: immutable once built, any number of threads, each with its own AnchorSpace.
// Cost: 36 bytes an anchor, 16 to 32 of slots, 4 to 8 of filter, 28 an action.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "src/kernel/gram_kernel.hpp"
#include "src/kernel/window_kernel.hpp"
#include "src/pattern/program.hpp"

namespace ringfence::pattern {

// What to do where an anchor stands.
struct Action {
    enum class Kind : std::uint8_t {
        kMatch = 0,   // the anchor is all of the expression: it matches here
        kWindow = 1,  // what stands beside it decides
        kWhole =
            2,  // the expression may match somewhere; it has to be looked for in the whole text
        kRegex = 3,  // a group of regular expressions may match
    };

    std::uint32_t subject = 0;  // an expression; kRegex: a group
    kernel::WindowCheck check;  // kWindow
    Kind kind = Kind::kMatch;
    bool last = true;  // of this anchor
};
static_assert(sizeof(Action) == 28);

// Folded units with room on both sides that may be read; it is zero.
struct PaddedText {
    const char16_t* units = nullptr;
    std::uint32_t size = 0;
};
inline constexpr std::size_t kTextMargin = kernel::kWindowMargin;

struct AnchorHit {
    std::uint32_t action = 0;  // the first of its actions
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

inline constexpr std::size_t kStretch = 1024;

// What one thread needs to look for anchors.
struct AnchorSpace {
    static constexpr std::size_t kPasses = 2 * kStretch + kernel::kGramSlack;

    struct Suspect {
        std::uint32_t anchor = 0;
        std::uint32_t place = 0;  // of its gram
    };

    std::array<std::uint32_t, kPasses> keys;
    std::array<std::uint32_t, kPasses> places;
    std::array<Suspect, kPasses> suspects;
    std::array<AnchorHit, kPasses> hits;
};

class AnchorTable {
public:
    // Calls `on_hits(std::span<const AnchorHit>)` with the places at which anchors stand, each once, roughly from the
    // front: many at a time, so that what each needs of memory can be asked for ahead.
    // Threads: any thread, one space each.
    template <class OnHits>
    void find(const PaddedText& text, AnchorSpace& space, OnHits&& on_hits) const {
        const kernel::GramKernel& kernel = kernel::gram_kernel();
        for (const auto& [grams, look] :
             {std::pair(&usual_, kernel.usual), std::pair(&tiny_, kernel.tiny)}) {
            if (grams->anchors.empty()) continue;
            for (std::uint32_t first = 0; first < text.size; first += kStretch) {
                const std::size_t last = std::min<std::size_t>(text.size, first + kStretch);
                const std::size_t passes = look(text.units, first, last, grams->filter(),
                                                {space.keys.data(), space.places.data()});
                if (passes != 0) settle(*grams, text, passes, space, on_hits);
            }
        }
    }

    const Action& action(std::uint32_t index) const { return actions_[index]; }
    bool empty() const { return actions_.empty(); }
    std::size_t bytes() const;

private:
    friend class AnchorTableBuilder;

    static constexpr std::uint32_t kNoAnchor = 0x3FFFFFFF;
    static constexpr std::size_t kHead = 12;  // units kept in the anchor itself

    // Open addressing. `several`: more than one anchor has this key. `crowded`: so it is, or another key had to go on from
    // here.
    struct Slot {
        std::uint32_t key = 0;
        std::uint32_t first : 30 = kNoAnchor;
        std::uint32_t several : 1 = 0;
        std::uint32_t crowded : 1 = 0;
    };
    struct alignas(32) Anchor {
        std::uint32_t action = 0;
        std::uint8_t size = 0;
        std::uint8_t gram = 0;  // where its gram begins
        bool more = false;      // the next one has the same key
        std::uint8_t spare = 0;
        std::array<char16_t, kHead> head{};
    };
    static_assert(sizeof(Anchor) == 32);

    struct GramTable {
        std::vector<std::uint32_t> words;
        std::vector<Slot> slots;
        std::vector<Anchor> anchors;
        std::vector<std::uint32_t> tails;  // by anchor: where its units behind the head lie
        unsigned shift = 31;
        std::uint32_t mask = 0;  // of slots

        kernel::GramFilter filter() const { return {words.data(), shift}; }
    };

    // Whether the anchor stands at `at`, which is inside the text.
    bool stands(const GramTable& grams, const AnchorSpace::Suspect& suspect, const Anchor& anchor,
                const char16_t* at) const;
    std::size_t compare(const GramTable& grams, const PaddedText& text, std::size_t suspects,
                        AnchorSpace& space) const;
    // The slot of a key, or an empty one.
    static Slot slot_of(const GramTable& grams, std::uint32_t key);

    template <class OnHits>
    void settle(const GramTable& grams, const PaddedText& text, std::size_t passes,
                AnchorSpace& space, OnHits&& on_hits) const {
        const Slot* const slots = grams.slots.data();
        for (std::size_t i = 0; i < passes; ++i)
            __builtin_prefetch(slots + (space.keys[i] & grams.mask));
        std::size_t suspects = 0;
        const auto flush = [&] {
            const std::size_t hits = compare(grams, text, suspects, space);
            suspects = 0;
            if (hits != 0) on_hits(std::span<const AnchorHit>(space.hits.data(), hits));
        };
        for (std::size_t i = 0; i < passes; ++i) {
            const std::uint32_t key = space.keys[i];
            const Slot slot = slots[key & grams.mask];
            __builtin_prefetch(grams.anchors.data() + slot.first);
            if (slot.crowded == 0) {
                // Written in any case, kept where the key is right: most passes are false ones.
                space.suspects[suspects] = {slot.first, space.places[i]};
                suspects += slot.key == key;
            }
            if (slot.crowded != 0) {
                const Slot found = slot_of(grams, key);
                bool more = found.first != kNoAnchor;
                for (std::uint32_t anchor = found.first; more; ++anchor) {
                    // Only where there are several the anchor itself is looked at, which lies elsewhere.
                    more = found.several != 0 && grams.anchors[anchor].more;
                    space.suspects[suspects] = {anchor, space.places[i]};
                    if (++suspects == AnchorSpace::kPasses) flush();
                }
            }
            if (suspects == AnchorSpace::kPasses) flush();
        }
        flush();
    }

    GramTable usual_, tiny_;
    std::vector<Action> actions_;
    std::vector<char16_t> units_;  // of what is behind the heads
};

// Threads: one thread per object.
class AnchorTableBuilder {
public:
    // `phrase` has 1 to 64 units.
    void add(const std::u16string& phrase, const Action& action);

    // The table of what was added; nothing is left.
    AnchorTable build();

private:
    std::vector<std::pair<std::u16string, Action>> rows_;
};

// How often the rarest gram of a phrase of 1 to 64 units is likely to pass, in a thousand messages; the less, the better an
// anchor. Threads: any thread.
std::uint32_t anchor_cost(std::u16string_view phrase);

}  // namespace ringfence::pattern
