#include "src/pattern/anchor_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>

#include "src/pattern/gram_counts.hpp"

namespace ringfence::pattern {
namespace {

using kernel::kFullMark;

// What it costs an anchor to hold no usual gram: the tiny table is asked about every place once more.
constexpr std::uint32_t kTinyCost = 1'000'000;

// Six units can be read at each place of a phrase that is padded by these.
constexpr std::size_t kGramUnits = 6;

// Of marks that are equal to none: the bit behind them.
constexpr unsigned kNoMark = 1u << kernel::MarkBucket::kMarks;

// What of a key, and of the unit behind its gram, a bucket keeps; never 0, which is no mark. No unit is 0.
std::uint16_t mark_of(std::uint32_t key, char16_t next) {
    const auto mark = static_cast<std::uint16_t>(key ^ next * 0x9E37u);
    return mark != 0 ? mark : std::uint16_t{1};
}

// One way to file an anchor.
struct Filing {
    bool usual = false;
    std::uint8_t place = 0;
    std::uint32_t brief = 0;  // hash of the brief gram, which chooses the word of the filter
    std::uint32_t hash = 0;   // of the gram itself, which sets the bits
    std::uint32_t key = 0;
    std::uint32_t cost = ~std::uint32_t{0};
    std::uint16_t mark = 0;  // of the one that was chosen
};

// The ways to file a phrase; by tiny grams only where it holds no usual one.
template <class Each>
void each_filing(std::u16string_view phrase, Each&& each) {
    std::u16string padded(phrase);
    padded.append(kGramUnits, u'\0');
    bool usual = false;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        const char16_t* const at = padded.data() + i;
        const std::size_t left = phrase.size() - i;
        const bool ascii = (kernel::unit_pair(at) & kernel::kBeyondAscii) == 0;
        const std::size_t brief = ascii ? 4 : 2, full = ascii ? 6 : 3;
        if (left < brief) continue;
        usual = true;
        const kernel::Grams grams = kernel::usual_grams(at);
        const auto place = static_cast<std::uint8_t>(i);
        const std::u16string_view gram(at, left >= full ? full : brief);
        each(left >= full
                 ? Filing{true, place, grams.brief, grams.full, grams.full ^ kFullMark,
                          gram_cost(gram)}
                 : Filing{true, place, grams.brief, grams.brief, grams.brief, gram_cost(gram)});
    }
    if (usual) return;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
        const char16_t* const at = padded.data() + i;
        const kernel::Grams grams = kernel::tiny_grams(at);
        const auto place = static_cast<std::uint8_t>(i);
        const bool pair = phrase.size() - i > 1;
        const std::uint32_t cost = kTinyCost + gram_cost({at, pair ? 2u : 1u});
        each(pair ? Filing{false, place, grams.brief, grams.full, grams.full ^ kFullMark, cost}
                  : Filing{false, place, grams.brief, grams.brief, grams.brief, cost});
    }
}

// Units of a gram, as a full pass tells them.
std::size_t full_size(bool usual, const char16_t* units) {
    return usual ? kernel::usual_full_size(units) : kernel::tiny_full_size(units);
}

// How many phrases hold each gram. Rules are made of what messages say: what many of them hold comes up in many messages,
// whatever the table says.
class Shares {
public:
    void add(std::u16string_view phrase) {
        ++phrases_;
        each_filing(phrase, [&](const Filing& filing) { keys_.push_back(filing.key); });
    }

    void count() { std::sort(keys_.begin(), keys_.end()); }

    // In a million messages: a message is as long as ten phrases.
    std::uint32_t cost(std::uint32_t key) const {
        const auto [first, last] = std::equal_range(keys_.begin(), keys_.end(), key);
        const auto others = static_cast<double>(last - first - 1);
        return static_cast<std::uint32_t>(others / static_cast<double>(phrases_) * 1e7);
    }

private:
    std::vector<std::uint32_t> keys_;
    std::size_t phrases_ = 0;
};

// By the rarest gram.
Filing filing_of(std::u16string_view phrase, const Shares* shares) {
    Filing best;
    each_filing(phrase, [&](Filing filing) {
        if (shares != nullptr) filing.cost += shares->cost(filing.key);
        if (filing.cost < best.cost) best = filing;
    });
    const bool full = best.hash != best.brief;
    const std::size_t behind =
        best.place + (full ? full_size(best.usual, phrase.data() + best.place) : phrase.size());
    best.mark = mark_of(best.key, behind < phrase.size() ? phrase[behind] : char16_t{0});
    return best;
}

// Checks of one kind side by side, so that a sift seldom turns: pairs, runs, those that ask for nothing.
unsigned kind_of(const kernel::WindowCheck& check) {
    if (check.probe.places == 0) return 2;
    return check.probe.run != 0 ? 1 : 0;
}

}  // namespace

std::uint32_t anchor_cost(std::u16string_view phrase) { return filing_of(phrase, nullptr).cost; }

std::size_t AnchorTable::gather(const GramTable& grams, const PaddedText& text, std::size_t passes,
                                AnchorSpace& space, Progress& at) const {
    const bool usual = &grams == &usual_;
    const kernel::MarkBucket* const buckets = grams.buckets.data();
    const Anchor* const anchors = grams.anchors.data();
    std::size_t suspects = 0;
    for (; at.pass < passes; ++at.pass) {
        if (suspects + kernel::MarkBucket::kMarks > AnchorSpace::kPasses) return suspects;
        const std::uint32_t pass = space.passes[at.pass];
        const bool full = (pass & kernel::kFullPass) != 0;
        const std::uint32_t place = pass & ~kernel::kFullPass;
        const char16_t* const units = text.units + place;
        const std::uint32_t key =
            kernel::key_of(usual ? kernel::usual_grams(units) : kernel::tiny_grams(units), full);
        const kernel::MarkBucket& bucket = buckets[key >> grams.bucket_shift];
        if ((bucket.first & kCrowded) != 0) [[unlikely]] {
            const std::uint32_t first = bucket.first & ~kCrowded;
            const std::uint32_t count = bucket.marks[0] | std::uint32_t{bucket.marks[1]} << 16u;
            for (; at.within < count; ++at.within) {
                if (suspects == AnchorSpace::kPasses) return suspects;
                __builtin_prefetch(anchors + first + at.within);
                space.suspects[suspects++] = {first + at.within, place};
            }
            at.within = 0;
            continue;
        }
        // An anchor of a brief gram ends with it, or nearly so: nothing is marked of what is behind.
        const std::uint32_t behind = units[full_size(usual, units)];
        const auto next = static_cast<char16_t>(kernel::either(full, behind, 0));
        unsigned equal = kernel::equal_marks(bucket, mark_of(key, 0)) |
                         kernel::equal_marks(bucket, mark_of(key, next));
        // The first two are written in any case, kept where they are: most keys are those of one anchor or of none.
        for (int i = 0; i < 2; ++i) {
            const std::uint32_t anchor =
                bucket.first + static_cast<std::uint32_t>(std::countr_zero(equal | kNoMark));
            __builtin_prefetch(anchors + anchor);
            space.suspects[suspects] = {anchor, place};
            suspects += equal != 0 ? 1u : 0u;
            equal &= equal - 1;
        }
        for (; equal != 0; equal &= equal - 1) {
            const std::uint32_t anchor =
                bucket.first + static_cast<std::uint32_t>(std::countr_zero(equal));
            __builtin_prefetch(anchors + anchor);
            space.suspects[suspects++] = {anchor, place};
        }
    }
    return suspects;
}

std::size_t AnchorTable::compare(const GramTable& grams, const PaddedText& text,
                                 std::size_t suspects, AnchorSpace& space,
                                 Sightings& sightings) const {
    Sighting* const seen = sightings.room();
    std::size_t sighted = 0, hits = 0, longs = 0;
    // Written in any case, kept where the anchor stands.
    const auto tell = [&](const Anchor& anchor, std::uint32_t begin, bool is) {
        const bool alone = anchor.checks == 0;
        const kernel::WindowCheck* const checks =
            checks_.data() + kernel::either(alone, 0, anchor.calls);
        __builtin_prefetch(checks);
        const std::uint32_t end = begin + anchor.size;
        seen[sighted] = sighting_of(anchor.calls, begin & 0xFFFFu, end);
        sighted += is & alone;
        space.hits[hits] = {checks, anchor.checks, begin, end};
        hits += is & !alone;
    };
    for (std::size_t i = 0; i < suspects; ++i) {
        const AnchorSpace::Suspect suspect = space.suspects[i];
        const Anchor& anchor = grams.anchors[suspect.anchor];
        // Wraps where the anchor would begin before the text.
        const std::uint32_t begin = suspect.place - anchor.gram;
        const char16_t* const at =
            text.units + static_cast<std::ptrdiff_t>(suspect.place) - anchor.gram;
        const bool whole = anchor.size <= kHead;
        const bool is = (begin <= suspect.place) & (begin + anchor.size <= text.size) &
                        anchor.head.stand(at, anchor.head_size);
        tell(anchor, begin, is & whole);
        // Those before this one were read: their room is free.
        __builtin_prefetch(units_.data() + kernel::either(whole, 0, anchor.rest()));
        space.suspects[longs] = {suspect.anchor, begin};
        longs += is & !whole;
    }
    for (std::size_t i = 0; i < longs; ++i) {
        const AnchorSpace::Suspect suspect = space.suspects[i];
        const Anchor& anchor = grams.anchors[suspect.anchor];
        const std::uint32_t begin = suspect.place;
        tell(anchor, begin,
             std::memcmp(text.units + begin + kLongHead, units_.data() + anchor.rest(),
                         (anchor.size - kLongHead) * sizeof(char16_t)) == 0);
    }
    sightings.take(sighted);
    return hits;
}

std::size_t AnchorTable::bytes() const {
    std::size_t sum =
        checks_.capacity() * sizeof(kernel::WindowCheck) + units_.capacity() * sizeof(char16_t);
    for (const GramTable* grams : {&usual_, &tiny_}) {
        sum += grams->words.capacity() * sizeof(std::uint32_t) +
               grams->buckets.capacity() * sizeof(kernel::MarkBucket) +
               grams->anchors.capacity() * sizeof(Anchor);
    }
    return sum;
}

void AnchorTableBuilder::add(const std::u16string& phrase, const kernel::WindowCheck& check) {
    rows_.emplace_back(phrase, check);
}

AnchorTable AnchorTableBuilder::build(std::span<const std::uint32_t> rules) {
    AnchorTable table;
    // Equal phrases side by side.
    std::stable_sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : kind_of(a.second) < kind_of(b.second);
    });
    struct Row {
        Filing filing;
        std::u16string_view phrase;
        AnchorTable::Anchor anchor;
    };
    Shares shares;
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (i == 0 || rows_[i].first != rows_[i - 1].first) shares.add(rows_[i].first);
    shares.count();
    std::array<std::vector<Row>, 2> kinds;  // usual, tiny
    for (std::size_t i = 0, next = 0; i < rows_.size(); i = next) {
        const std::u16string& phrase = rows_[i].first;
        // An anchor of more checks than a sift takes is stored again.
        while (next < rows_.size() && next - i < kernel::kMostChecks && rows_[next].first == phrase)
            ++next;
        Row row{filing_of(phrase, &shares), phrase, {}};
        const std::uint32_t rule = rules[rows_[i].second.body];
        if (next - i == 1 && rule != kNotOne) {
            row.anchor.calls = rule;
        } else {
            row.anchor.calls = static_cast<std::uint32_t>(table.checks_.size());
            row.anchor.checks = static_cast<std::uint8_t>(next - i);
            for (std::size_t k = i; k < next; ++k) table.checks_.push_back(rows_[k].second);
        }
        kinds[row.filing.usual ? 0 : 1].push_back(row);
    }
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
        std::vector<Row>& rows = kinds[kind];
        if (rows.empty()) continue;
        // Those of one key as they stood. Not std::stable_sort: its buffer lies as malloc gives it, and a row wants 32.
        std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
            return std::tie(a.filing.key, a.phrase, a.anchor.calls) <
                   std::tie(b.filing.key, b.phrase, b.anchor.calls);
        });
        AnchorTable::GramTable& grams = kind == 0 ? table.usual_ : table.tiny_;
        // A word an anchor and up to two; a bucket for one or two anchors.
        const std::size_t words = std::bit_ceil(std::max<std::size_t>(rows.size(), 64));
        const std::size_t buckets = std::bit_ceil(rows.size() / 2 + 2);
        grams.words.resize(words);
        grams.shift = 32u - static_cast<unsigned>(std::countr_zero(words));
        grams.buckets.resize(buckets);
        grams.bucket_shift = 32u - static_cast<unsigned>(std::countr_zero(buckets));
        grams.anchors.reserve(rows.size());
        for (Row& row : rows) {
            grams.words[row.filing.brief >> grams.shift] |= kernel::gram_bits(row.filing.hash);
            row.anchor.gram = row.filing.place;
            row.anchor.size = static_cast<std::uint8_t>(row.phrase.size());
            const bool is_long = row.phrase.size() > AnchorTable::kHead;
            row.anchor.head_size = is_long ? std::uint8_t{AnchorTable::kLongHead} : row.anchor.size;
            row.anchor.head.set(row.phrase);
            if (is_long) {
                const auto rest = static_cast<std::uint32_t>(table.units_.size());
                std::memcpy(row.anchor.head.units.data() + AnchorTable::kLongHead, &rest,
                            sizeof rest);
                const auto tail = row.phrase.substr(AnchorTable::kLongHead);
                table.units_.insert(table.units_.end(), tail.begin(), tail.end());
            }
            grams.anchors.push_back(row.anchor);
        }
        // Keys ascend, and so do buckets.
        for (std::size_t i = 0, next = 0; i < rows.size(); i = next) {
            const std::uint32_t place = rows[i].filing.key >> grams.bucket_shift;
            while (next < rows.size() && rows[next].filing.key >> grams.bucket_shift == place)
                ++next;
            kernel::MarkBucket& bucket = grams.buckets[place];
            bucket.first = static_cast<std::uint32_t>(i);
            if (next - i > kernel::MarkBucket::kMarks) {
                bucket.first |= AnchorTable::kCrowded;
                bucket.marks[0] = static_cast<std::uint16_t>(next - i);
                bucket.marks[1] = static_cast<std::uint16_t>((next - i) >> 16u);
                continue;
            }
            for (std::size_t k = i; k < next; ++k) bucket.marks[k - i] = rows[k].filing.mark;
        }
    }
    table.checks_.shrink_to_fit();
    table.units_.shrink_to_fit();
    rows_.clear();
    return table;
}

}  // namespace ringfence::pattern
