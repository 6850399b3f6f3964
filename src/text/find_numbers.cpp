#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "src/text/extraction.hpp"
#include "src/text/text_number.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMaxGroups = 24;  // every digit of the longest number by itself
constexpr std::size_t kLeastDigits = TextNumberReader::kLeastDigits;

// Short codes and SMS ports are written in one piece; see text_number.hpp.
constexpr std::size_t kLeastJoined = 7, kMostJoined = Number::kMaxDigits + 3;

// Sets of lengths: bit L for L digits.
constexpr std::uint64_t lengths_from(std::size_t least, std::size_t most) {
    return (std::uint64_t{2} << most) - (std::uint64_t{1} << least);
}
constexpr std::uint64_t kLengthsAlone = lengths_from(kLeastDigits, Address::kMaxText);
constexpr std::uint64_t kLengthsJoined = lengths_from(kLeastJoined, kMostJoined);

// Not std::popcount: the processors that the generic code is for have no instruction for it, and a call takes longer.
constexpr unsigned count_of(std::uint64_t bits) {
    bits -= bits >> 1 & 0x5555'5555'5555'5555u;
    bits = (bits & 0x3333'3333'3333'3333u) + (bits >> 2 & 0x3333'3333'3333'3333u);
    bits = (bits + (bits >> 4)) & 0x0F0F'0F0F'0F0F'0F0Fu;
    return static_cast<unsigned>(bits * 0x0101'0101'0101'0101u >> 56);
}

struct Group {
    std::size_t begin;
    std::size_t end;

    std::size_t size() const { return end - begin; }
};

// The digits of some groups, one behind the other.
class Digits {
public:
    // Copies blocks, which may go over the end: what lies behind is no part.
    void append(const char16_t* units, std::size_t count) {
        for (std::size_t block = 0; block < count; block += kBlock)
            for (std::size_t i = 0; i < kBlock; ++i)
                chars_[size_ + block + i] = static_cast<char>(units[block + i]);
        size_ += count;
    }
    const char* data() const { return chars_.data(); }

private:
    static constexpr std::size_t kBlock = 16;
    static_assert(FoldedText::kPadding >= kBlock);

    std::size_t size_ = 0;
    std::array<char, Address::kMaxText + kBlock> chars_;
};

class NumberFinder {
public:
    NumberFinder(Extraction& text, const DialPlan& plan, bool plan_given)
        : text_(text), units_(text.units), reader_(plan), plan_given_(plan_given) {}

    // First all marks are refused or kept, without a branch on which: most are refused, in no order that a processor learns.
    void run() {
        std::array<std::uint32_t, kRoom> places;
        std::size_t behind = 0;  // of what was read
        for (std::size_t word = 0; word < text_.words();) {
            std::size_t count = 0;
            for (; word < text_.words() && count + 64 <= kRoom; ++word)
                count = append_marks(word, places.data(), count);
            std::size_t kept = 0;
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint32_t at = places[i];
                places[kept] = at;
                kept += is_worth(at) ? 1u : 0u;
            }
            for (std::size_t i = 0; i < kept; ++i)
                if (places[i] >= behind) behind = look_from(places[i]);
        }
    }

private:
    static constexpr std::size_t kRoom = 192;

    // Two are written in any case, kept where they are: few words have more.
    std::size_t append_marks(std::size_t word, std::uint32_t* places, std::size_t count) const {
        std::uint64_t marks = text_.numbers_of(word);
        do {
            for (int i = 0; i < 2; ++i) {
                places[count] = static_cast<std::uint32_t>(64 * word) + place_of(marks);
                count += (marks | (0 - marks)) >> 63;  // 1 unless zero: `!=` becomes a branch
                marks &= marks - 1;
            }
        } while (marks != 0);
        return count;
    }

    // False where no group that begins at `at`, and no run of groups, can be a number by how many digits it has and which the
    // first three are. What more than two joints part is taken for a run here.
    bool is_worth(std::size_t at) const {
        const std::uint64_t digits = text_.free_digits_from(at), joints = text_.joints_from(at);
        const unsigned first = place_of(~digits), run = place_of(~(digits | joints));
        const std::uint64_t those = digits & ((std::uint64_t{1} << run) - 1);
        // A run that does not end here may have any number.
        const unsigned most =
            std::min<unsigned>(count_of(those) + (run == kFar ? kFar : 0), kMostJoined);
        std::uint64_t lengths = std::uint64_t{1} << first & kLengthsAlone;
        lengths |= ((std::uint64_t{2} << most) - (std::uint64_t{2} << std::min(first, most))) &
                   kLengthsJoined;
        // Of fewer than three the first stands for the others.
        const std::uint64_t second = those & (those - 1), third = second & (second - 1);
        const char16_t* const units = units_.data() + at;
        const std::array<char16_t, NumberLeads::kDigits> lead = {
            units[0], units[place_of(second + (second == 0))],
            units[place_of(third + (third == 0))]};
        const std::uint64_t any = std::uint64_t{has_plus(units)} * ~std::uint64_t{0};
        return ((reader_.lengths_behind(lead.data()) | any) & lengths) != 0;
    }

    // Of 64 bits the place of the lowest, kFar where it would be the last or there is none.
    static constexpr unsigned kFar = 63;
    static unsigned place_of(std::uint64_t bits) {
        return static_cast<unsigned>(std::countr_zero(bits | std::uint64_t{1} << kFar));
    }

    // As plus_before, without a branch: two units before a text can be read, of which the last is none.
    static bool has_plus(const char16_t* units) {
        const bool bracket = units[-1] == u'(';
        return (units[-1] == u'+') | (bracket & (units[-2] == u'+'));
    }

    std::size_t look_from(std::size_t at) {
        const Group first{at, text_.digits_end(at)};
        const std::size_t second = text_.digits_behind_joint(first.end);
        return second == first.end ? look_at(first) : look_at(first, second);
    }

    // A group alone; returns where to go on, as the other one does. Most are refused by their first digits and their size.
    std::size_t look_at(Group group) {
        if (group.size() >= kLeastDigits && group.size() <= Address::kMaxText &&
            may_be(group.begin, group.size())) {
            Digits digits;
            digits.append(units_.data() + group.begin, group.size());
            read({&group, 1}, {digits.data(), group.size()});
        }
        return group.end;
    }

    // The longest run of groups from the first two on that is a number; returns where to go on.
    std::size_t look_at(Group first, std::size_t second) {
        std::array<Group, kMaxGroups> groups;
        std::array<std::size_t, kMaxGroups> sizes;  // digits up to and including the group
        Digits digits;
        std::size_t count = 0;
        std::size_t size = 0;
        for (Group group = first; size + group.size() <= Address::kMaxText;) {
            digits.append(units_.data() + group.begin, group.size());
            size += group.size();
            groups[count] = group;
            sizes[count++] = size;
            if (second == group.end) break;
            group = {second, text_.digits_end(second)};
            second = text_.digits_behind_joint(group.end);
        }
        for (std::size_t n = count; n-- > 0 && sizes[n] >= kLeastDigits;) {
            if (!may_be_joined(n + 1, sizes[n]) || !may_be(first.begin, sizes[n], digits.data()))
                continue;
            if (read({groups.data(), n + 1}, {digits.data(), sizes[n]})) return groups[n].end;
        }
        return first.end;
    }

    static bool may_be_joined(std::size_t groups, std::size_t digits) {
        return groups == 1 || (digits >= kLeastJoined && digits <= kMostJoined);
    }

    // '+' before the first digit, perhaps with a bracket between: its place, or npos.
    std::size_t plus_before(std::size_t at) const {
        if (at > 0 && text_.unit(at - 1) == u'(') --at;
        return at > 0 && text_.unit(at - 1) == u'+' ? at - 1 : std::u16string_view::npos;
    }

    // Whether so many digits, of which the first three stand here, may be a number that begins at `at`.
    bool may_be(std::size_t at, std::size_t size, const char* digits) const {
        return reader_.may_be(digits, size) || plus_before(at) != std::u16string_view::npos;
    }
    bool may_be(std::size_t at, std::size_t size) const {
        return reader_.may_be(units_.data() + at, size) ||
               plus_before(at) != std::u16string_view::npos;
    }

    // True when the digits of `run` are a number and it was told.
    bool read(std::span<const Group> run, std::string_view digits) {
        if (!stands_alone(run) || is_date(run)) return false;
        const std::size_t plus = plus_before(run.front().begin);
        const bool has_plus = plus != std::u16string_view::npos;
        if (!has_plus && !plan_given_) return false;
        TextNumber number;
        if (!reader_.read(digits, run.size(), has_plus, number)) return false;
        Found found;
        found.kind = FoundKind::kNumber;
        found.number = number.number;
        found.key = number.digits();
        found.place = text_.place(has_plus ? plus : run.front().begin, run.back().end);
        text_.tell(found);
        return true;
    }

    // Not a piece of something longer: a word, an amount, a masked account, a fraction.
    bool stands_alone(std::span<const Group> run) const {
        const std::size_t begin = run.front().begin;
        const std::size_t end = run.back().end;
        const char16_t before = begin > 0 ? units_[begin - 1] : u'\0';
        const char16_t after = text_.unit(end);
        const bool long_run = end - begin >= 10;
        if (is_digit(before) || before == u'_' || before == u'#' || before == u'*' ||
            before == u'$' || before == 0xA3 || before == 0xA5 || before == 0x20AC) {
            return false;
        }
        if (is_lower(before) && (!long_run || !letters_only(begin))) return false;
        if ((before == u'.' || before == u',' || before == u'-') && begin > 1 &&
            is_digit(units_[begin - 2]) && !long_run) {
            return false;
        }
        if (is_digit(after) || after == u'_' || after == u'*' || after == u'%') return false;
        if (is_lower(after) && !long_run) return false;
        // "20120102 08:00": the hour of a day is no end of a number.
        if (after == u':' && run.size() > 1 && run.back().size() <= 2 &&
            is_digit(text_.unit(end + 1))) {
            return false;
        }
        if ((after == u'.' || after == u',' || after == u'-') && is_digit(text_.unit(end + 1)) &&
            !long_run) {
            return false;
        }
        // Yuan, ten thousand, points, jiao: amounts.
        constexpr std::u16string_view kMeasures = u"\u5143\u4E07\u5206\u89D2\u5757";
        return long_run || kMeasures.find(after) == kMeasures.npos;
    }

    // Whether the word that ends before `at` is letters only ("tel138..."), and no code ("a7x138...").
    bool letters_only(std::size_t at) const {
        constexpr std::size_t kLongestWord = 12;
        for (std::size_t i = 0; i < kLongestWord && at > 0; ++i) {
            const char16_t c = units_[--at];
            if (is_digit(c) || c == u'_') return false;
            if (!is_lower(c)) return true;
        }
        return at == 0;
    }

    // 2013-05-20 17:59 and the like.
    bool is_date(std::span<const Group> run) const {
        if (run.size() < 3 || run[0].size() != 4 || run[1].size() > 2 || run[2].size() > 2)
            return false;
        const std::u16string_view century = units_.substr(run[0].begin, 2);
        return century == u"19" || century == u"20";
    }

    Extraction& text_;
    std::u16string_view units_;
    TextNumberReader reader_;
    bool plan_given_;
};

}  // namespace

void find_numbers(Extraction& text) {
    if (text.seen().numbers == 0) return;
    const DialPlan& plan = text.plan != nullptr ? *text.plan : DialPlan::all().front();
    NumberFinder(text, plan, text.plan != nullptr).run();
}

}  // namespace ringfence
