#include <algorithm>
#include <array>
#include <span>

#include "src/text/extraction.hpp"
#include "src/text/text_number.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMaxGroups = 24;  // every digit of the longest number by itself
constexpr std::size_t kLeastDigits = TextNumberReader::kLeastDigits;

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

    void run() {
        for (std::size_t at = text_.next_number(0); at < units_.size();) {
            const Group first{at, text_.digits_end(at)};
            const std::size_t second = text_.digits_behind_joint(first.end);
            at = second == first.end ? look_at(first) : look_at(first, second);
            at = text_.next_number(at);
        }
    }

private:
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

    // Short codes and SMS ports are written in one piece; see text_number.hpp.
    static bool may_be_joined(std::size_t groups, std::size_t digits) {
        constexpr std::size_t kLeastJoined = 7;
        return groups == 1 || (digits >= kLeastJoined && digits <= Number::kMaxDigits + 3);
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
