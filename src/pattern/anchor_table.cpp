#include "src/pattern/anchor_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "src/pattern/gram_counts.hpp"

namespace ringfence::pattern {
namespace {

using kernel::kFullMark;

// What it costs an anchor to hold no usual gram: the tiny table is asked about every place once more.
constexpr std::uint32_t kTinyCost = 1000;

// Six units can be read at each place of a phrase that is padded by these.
constexpr std::size_t kGramUnits = 6;

// One way to file an anchor.
struct Filing {
    bool usual = false;
    std::uint8_t place = 0;
    std::uint32_t brief = 0;  // hash of the brief gram, which chooses the word of the filter
    std::uint32_t hash = 0;   // of the gram itself, which sets the bits
    std::uint32_t key = 0;
    std::uint32_t cost = ~std::uint32_t{0};
};

void consider(Filing& best, const Filing& filing) {
    if (filing.cost < best.cost) best = filing;
}

// The rarest gram of a phrase; a tiny one only where there is no usual one.
Filing filing_of(std::u16string_view phrase) {
    std::u16string padded(phrase);
    padded.append(kGramUnits, u'\0');
    Filing best;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        const char16_t* const at = padded.data() + i;
        const std::size_t left = phrase.size() - i;
        const bool ascii = (kernel::unit_pair(at) & kernel::kBeyondAscii) == 0;
        const std::size_t brief = ascii ? 4 : 2, full = ascii ? 6 : 3;
        if (left < brief) continue;
        const kernel::Grams grams = kernel::usual_grams(at);
        const auto place = static_cast<std::uint8_t>(i);
        const std::u16string_view gram(at, left >= full ? full : brief);
        consider(best, left >= full ? Filing{true, place, grams.brief, grams.full,
                                             grams.full ^ kFullMark, gram_cost(gram)}
                                    : Filing{true, place, grams.brief, grams.brief, grams.brief,
                                             gram_cost(gram)});
    }
    if (best.usual) return best;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        const char16_t* const at = padded.data() + i;
        const kernel::Grams grams = kernel::tiny_grams(at);
        const auto place = static_cast<std::uint8_t>(i);
        const bool pair = phrase.size() - i > 1;
        const std::uint32_t cost = kTinyCost + gram_cost({at, pair ? 2u : 1u});
        consider(best,
                 pair ? Filing{false, place, grams.brief, grams.full, grams.full ^ kFullMark, cost}
                      : Filing{false, place, grams.brief, grams.brief, grams.brief, cost});
    }
    return best;
}

// Bytes of a head of so many units that count, as masks of three words.
using HeadMask = std::array<std::uint64_t, 3>;

constexpr std::array<HeadMask, 13> head_masks() {
    std::array<HeadMask, 13> masks{};
    for (std::size_t size = 0; size < masks.size(); ++size) {
        for (std::size_t unit = 0; unit < size; ++unit)
            masks[size][unit / 4] |= std::uint64_t{0xFFFF} << 16 * (unit % 4);
    }
    return masks;
}

constexpr auto kHeadMasks = head_masks();

}  // namespace

std::uint32_t anchor_cost(std::u16string_view phrase) { return filing_of(phrase).cost; }

bool AnchorTable::stands(const GramTable& grams, const AnchorSpace::Suspect& suspect,
                         const Anchor& anchor, const char16_t* at) const {
    std::array<std::uint64_t, 3> there, wanted;
    std::memcpy(there.data(), at, sizeof there);
    std::memcpy(wanted.data(), anchor.head.data(), sizeof wanted);
    const HeadMask& mask = kHeadMasks[std::min<std::size_t>(anchor.size, kHead)];
    const std::uint64_t differ = ((there[0] ^ wanted[0]) & mask[0]) |
                                 ((there[1] ^ wanted[1]) & mask[1]) |
                                 ((there[2] ^ wanted[2]) & mask[2]);
    if (differ != 0 || anchor.size <= kHead) return differ == 0;
    return std::memcmp(at + kHead, units_.data() + grams.tails[suspect.anchor],
                       (anchor.size - kHead) * sizeof(char16_t)) == 0;
}

// Suspects become hits, without a branch on whether they are false.
std::size_t AnchorTable::compare(const GramTable& grams, const PaddedText& text,
                                 std::size_t suspects, AnchorSpace& space) const {
    std::size_t hits = 0;
    for (std::size_t i = 0; i < suspects; ++i) {
        const AnchorSpace::Suspect suspect = space.suspects[i];
        const Anchor& anchor = grams.anchors[suspect.anchor];
        __builtin_prefetch(actions_.data() + anchor.action);
        // Wraps where the anchor would begin before the text.
        const std::uint32_t begin = suspect.place - anchor.gram, end = begin + anchor.size;
        const bool inside = begin <= suspect.place && end <= text.size;
        const char16_t* const at =
            text.units + static_cast<std::ptrdiff_t>(suspect.place) - anchor.gram;
        space.hits[hits] = {anchor.action, begin, end};
        hits += inside & stands(grams, suspect, anchor, at);
    }
    return hits;
}

AnchorTable::Slot AnchorTable::slot_of(const GramTable& grams, std::uint32_t key) {
    for (std::uint32_t at = key & grams.mask;; at = (at + 1) & grams.mask) {
        const Slot slot = grams.slots[at];
        if (slot.first == kNoAnchor || slot.key == key) {
            __builtin_prefetch(grams.anchors.data() + slot.first);
            return slot;
        }
    }
}

std::size_t AnchorTable::bytes() const {
    std::size_t sum = actions_.capacity() * sizeof(Action) + units_.capacity() * sizeof(char16_t);
    for (const GramTable* grams : {&usual_, &tiny_}) {
        sum += grams->words.capacity() * sizeof(std::uint32_t) +
               grams->slots.capacity() * sizeof(Slot) + grams->anchors.capacity() * sizeof(Anchor) +
               grams->tails.capacity() * sizeof(std::uint32_t);
    }
    return sum;
}

void AnchorTableBuilder::add(const std::u16string& phrase, const Action& action) {
    rows_.emplace_back(phrase, action);
}

AnchorTable AnchorTableBuilder::build() {
    AnchorTable table;
    // Equal phrases side by side; of an anchor's actions those that are done at once come first.
    std::stable_sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : a.second.kind < b.second.kind;
    });
    struct Row {
        Filing filing;
        std::u16string_view phrase;
        std::uint32_t action;
    };
    std::array<std::vector<Row>, 2> kinds;  // usual, tiny
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        Action action = rows_[i].second;
        const bool fresh = i == 0 || rows_[i].first != rows_[i - 1].first;
        action.last = i + 1 == rows_.size() || rows_[i].first != rows_[i + 1].first;
        if (fresh) {
            const Filing filing = filing_of(rows_[i].first);
            kinds[filing.usual ? 0 : 1].push_back(
                {filing, rows_[i].first, static_cast<std::uint32_t>(table.actions_.size())});
        }
        table.actions_.push_back(action);
    }
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        std::vector<Row>& rows = kinds[kind];
        if (rows.empty()) continue;
        std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
            return a.filing.key != b.filing.key ? a.filing.key < b.filing.key : a.action < b.action;
        });
        AnchorTable::GramTable& grams = kind == 0 ? table.usual_ : table.tiny_;
        // A word an anchor and up to two; twice as many slots at least.
        const std::size_t words = std::bit_ceil(std::max<std::size_t>(rows.size(), 64));
        const std::size_t slots = std::bit_ceil(2 * rows.size() + 2);
        grams.words.resize(words);
        grams.shift = 32u - static_cast<unsigned>(std::countr_zero(words));
        grams.slots.resize(slots);
        grams.mask = static_cast<std::uint32_t>(slots - 1);
        // What no key that comes to an empty slot can equal.
        for (std::uint32_t at = 0; at < slots; ++at) grams.slots[at].key = (at + 1) & grams.mask;
        grams.anchors.reserve(rows.size());
        grams.tails.reserve(rows.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Row& row = rows[i];
            grams.words[row.filing.brief >> grams.shift] |= kernel::gram_bits(row.filing.hash);
            const bool first = i == 0 || rows[i - 1].filing.key != row.filing.key;
            const bool more = i + 1 < rows.size() && rows[i + 1].filing.key == row.filing.key;
            if (first) {
                std::uint32_t at = row.filing.key & grams.mask;
                for (; grams.slots[at].first != AnchorTable::kNoAnchor; at = (at + 1) & grams.mask)
                    grams.slots[at].crowded = 1;
                AnchorTable::Slot& slot = grams.slots[at];
                slot.key = row.filing.key;
                slot.first = static_cast<std::uint32_t>(i) & AnchorTable::kNoAnchor;
                slot.several = more ? 1 : 0;
                if (more) slot.crowded = 1;
            }
            AnchorTable::Anchor anchor;
            anchor.action = row.action;
            anchor.size = static_cast<std::uint8_t>(row.phrase.size());
            anchor.gram = row.filing.place;
            anchor.more = more;
            const auto head = row.phrase.substr(0, AnchorTable::kHead);
            std::copy(head.begin(), head.end(), anchor.head.begin());
            grams.anchors.push_back(anchor);
            grams.tails.push_back(static_cast<std::uint32_t>(table.units_.size()));
            if (row.phrase.size() > AnchorTable::kHead) {
                const auto tail = row.phrase.substr(AnchorTable::kHead);
                table.units_.insert(table.units_.end(), tail.begin(), tail.end());
            }
        }
    }
    table.actions_.shrink_to_fit();
    table.units_.shrink_to_fit();
    rows_.clear();
    return table;
}

}  // namespace ringfence::pattern
