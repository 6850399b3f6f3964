// Amounts of money and one-time codes: for reports, so that a plain walk will do.
#include <algorithm>
#include <array>

#include "src/text/extraction.hpp"

namespace ringfence {
namespace {

struct Currency {
    std::u16string_view sign;  // folded
    std::string_view code;     // ISO 4217
};

// Before the figure. Longer ones first: "hk$" ends in another sign.
constexpr Currency kBefore[] = {
    {u"hk$", "HKD"},
    {u"us$", "USD"},
    {u"s$", "SGD"},
    {u"a$", "AUD"},
    {u"$", "USD"},
    {u"\u00A3", "GBP"},
    {u"\u20AC", "EUR"},
    {u"\u00A5", "CNY"},
    {u"\u20B9", "INR"},
    {u"rmb", "CNY"},
    {u"cny", "CNY"},
    {u"usd", "USD"},
    {u"hkd", "HKD"},
    {u"gbp", "GBP"},
    {u"eur", "EUR"},
    {u"sgd", "SGD"},
    {u"inr", "INR"},
    {u"rs.", "INR"},
    {u"rs", "INR"},
    {u"\u4EBA\u6C11\u5E01", "CNY"},  // renminbi
    {u"\u7F8E\u91D1", "USD"},        // meijin
    {u"\u6E2F\u5E01", "HKD"},        // gangbi
};
// ... and behind it.
constexpr Currency kBehind[] = {
    {u"\u5143", "CNY"},        // yuan
    {u"\u5757", "CNY"},        // kuai
    {u"\u7F8E\u5143", "USD"},  // meiyuan
    {u"\u7F8E\u91D1", "USD"}, {u"\u6E2F\u5E01", "HKD"}, {u"\u6E2F\u5143", "HKD"},
    {u"\u6B27\u5143", "EUR"}, {u"\u82F1\u9551", "GBP"}, {u"rmb", "CNY"},
    {u"cny", "CNY"},          {u"yuan", "CNY"},         {u"$", "USD"},
    {u"usd", "USD"},          {u"dollars", "USD"},      {u"\u00A3", "GBP"},
    {u"gbp", "GBP"},          {u"pounds", "GBP"},       {u"\u20AC", "EUR"},
    {u"eur", "EUR"},          {u"euros", "EUR"},        {u"euro", "EUR"},
    {u"sgd", "SGD"},          {u"hkd", "HKD"},          {u"inr", "INR"},
    {u"rupees", "INR"},       {u"rs", "INR"},
};

// What one-time codes are called, folded.
constexpr std::u16string_view kCodeNames[] = {
    u"\u9A8C\u8BC1\u7801",        // yanzhengma
    u"\u6821\u9A8C\u7801",        // jiaoyanma
    u"\u786E\u8BA4\u7801",        // querenma
    u"\u6FC0\u6D3B\u7801",        // jihuoma
    u"\u52A8\u6001\u7801",        // dongtaima
    u"\u52A8\u6001\u5BC6\u7801",  // dongtai mima
    u"\u52A8\u6001\u53E3\u4EE4",  // dongtai kouling
    u"\u77ED\u4FE1\u5BC6\u7801",  // duanxin mima
    u"code",
    u"otp",
    u"passcode",
    u"password",
    u"pin",
};

bool is_word_unit(char16_t c) { return is_alnum(c) || c == u'_'; }

class ValueFinder {
public:
    // `links` has taken the links of the text.
    ValueFinder(const Extraction& links, FoundSink sink)
        : links_(links), units_(links.units), sink_(sink) {}

    void find_amounts() {
        for (std::size_t at = 0; at < units_.size();) {
            const std::size_t begin = links_.next_digit(at);
            if (begin == units_.size()) return;
            at = figure_end(begin);
            const bool longer = is_mark(links_.unit(at)) && is_digit(links_.unit(at + 1));
            if (longer) {  // "1.500", "5,0000", a date: whatever it is, it is no amount that is known
                while (is_mark(links_.unit(at)) || is_digit(links_.unit(at))) ++at;
            } else if (!links_.taken(begin)) {
                look_at_figure(begin, at);
            }
        }
    }

    void find_codes() {
        for (std::size_t at = 0; at < units_.size(); ++at) {
            for (const std::u16string_view name : kCodeNames) {
                if (units_.substr(at, name.size()) != name || inside_word(at, name)) continue;
                const std::size_t end = at + name.size();
                if (const std::size_t told = code_from(end); told != 0) {
                    at = told - 1;
                } else if (at > told_) {
                    code_before(at);
                }
                break;
            }
        }
    }

private:
    static constexpr std::size_t kMaxGap = 24;  // units between a code and its name
    static constexpr std::size_t kMaxDigits = 15;

    static bool is_mark(char16_t c) { return c == u'.' || c == u','; }

    // The figure that begins at `at`: digits with commas between threes, and two or fewer behind a dot.
    std::size_t figure_end(std::size_t at) const {
        std::size_t end = digits_end(at);
        if (end - at <= 3) {
            while (links_.unit(end) == u',' && digits_end(end + 1) == end + 4) end += 4;
        }
        const std::size_t cents = digits_end(end + 1);
        if (links_.unit(end) == u'.' && cents > end + 1 && cents <= end + 3) end = cents;
        return end;
    }
    std::size_t digits_end(std::size_t at) const {
        while (is_digit(links_.unit(at))) ++at;
        return at;
    }

    void look_at_figure(std::size_t begin, std::size_t end) {
        std::size_t last = end;
        unsigned zeros = 0;
        if (links_.unit(last) == 0x4E07) zeros = 4, ++last;  // ten thousand
        if (links_.unit(last) == 0x4EBF)
            zeros += 8, ++last;  // a hundred million, or as many ten thousands
        std::size_t first = begin;
        std::string_view code = before(first);
        if (const std::string_view named = behind(last); code.empty()) code = named;
        if (code.empty() || is_piece(begin, last)) return;

        Figure figure;
        for (std::size_t i = begin; i < end; ++i)
            if (!figure.add(units_[i])) return;
        for (; zeros > 0; --zeros) figure.shift();
        const std::string_view value = figure.text();
        std::array<char, 40> key;
        std::size_t size = value.copy(key.data(), value.size());
        key[size++] = ' ';
        size += code.copy(key.data() + size, code.size());
        tell(FoundKind::kAmount, {key.data(), size}, first, last);
    }

    // Whether the figure of an amount is a piece of a longer one, or scaled by a word: "20 000", "1.5m", "2 million".
    bool is_piece(std::size_t begin, std::size_t end) const {
        if (begin > 1 && units_[begin - 1] == u' ' && is_digit(units_[begin - 2])) return true;
        const bool blank = links_.unit(end) == u' ';
        const std::size_t next = end + blank;
        if (blank && digits_end(next) == next + 3) return true;
        if (!blank && end > 0 && is_digit(units_[end - 1]) && is_word_unit(links_.unit(end)))
            return true;
        for (const std::u16string_view scale :
             {u"thousand", u"million", u"billion", u"lakh", u"crore"})
            if (units_.substr(std::min(next, units_.size())).starts_with(scale)) return true;
        return false;
    }

    // A decimal number without commas and needless zeros.
    class Figure {
    public:
        bool add(char16_t c) {
            if (c == u',') return true;
            if (c == u'.') return point_ = size_, true;
            if (size_ == kMaxDigits) return false;
            digits_[size_++] = static_cast<char>(c);
            return true;
        }
        // Ten times as much.
        void shift() {
            if (point_ == kNone || point_ >= size_) {
                digits_[size_++] = '0';
                point_ = kNone;
            } else if (++point_ == size_) {
                point_ = kNone;
            }
        }
        std::string_view text() {
            std::size_t first = 0;
            const std::size_t whole = point_ == kNone ? size_ : point_;
            while (first + 1 < whole && digits_[first] == '0') ++first;
            std::size_t size = 0;
            for (std::size_t i = first; i < whole; ++i) text_[size++] = digits_[i];
            std::size_t last = size_;
            while (last > whole && digits_[last - 1] == '0') --last;
            if (last > whole) text_[size++] = '.';
            for (std::size_t i = whole; i < last; ++i) text_[size++] = digits_[i];
            return {text_.data(), size};
        }

    private:
        static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
        std::array<char, kMaxDigits + 12> digits_;  // up to twelve zeros more
        std::array<char, kMaxDigits + 13> text_;
        std::size_t size_ = 0;
        std::size_t point_ = kNone;
    };

    // The currency before `at`, perhaps with a blank or a colon between; moves `at` to its beginning.
    std::string_view before(std::size_t& at) const {
        std::size_t end = at;
        for (unsigned i = 0; i < 2 && end > 0; ++i) {
            const char16_t c = units_[end - 1];
            if (c != u' ' && c != u':') break;
            --end;
        }
        for (const Currency& one : kBefore) {
            const std::size_t size = one.sign.size();
            if (end < size || units_.substr(end - size, size) != one.sign) continue;
            // "$" behind a letter is another country's.
            const bool spelled = is_lower(one.sign[0]) || one.sign == u"$";
            if (spelled && end > size && is_word_unit(units_[end - size - 1])) continue;
            at = end - size;
            return one.code;
        }
        return {};
    }

    std::string_view behind(std::size_t& at) const {
        std::size_t begin = at;
        if (links_.unit(begin) == u' ') ++begin;
        for (const Currency& one : kBehind) {
            const std::size_t end = begin + one.sign.size();
            if (units_.substr(std::min(begin, units_.size()), one.sign.size()) != one.sign)
                continue;
            // A sign right before a figure belongs to that one.
            if (is_word_unit(links_.unit(end)) && one.sign[0] < 0x2E80) continue;
            at = end;
            return one.code;
        }
        return {};
    }

    bool inside_word(std::size_t at, std::u16string_view name) const {
        return is_lower(name[0]) && ((at > 0 && is_word_unit(units_[at - 1])) ||
                                     is_word_unit(links_.unit(at + name.size())));
    }

    // A code behind its name: where it ends, or 0.
    std::size_t code_from(std::size_t at) {
        const std::size_t limit = std::min(units_.size(), at + kMaxGap);
        for (; at < limit && !ends_sentence(units_[at]); ++at) {
            if (!is_word_unit(units_[at])) continue;
            const std::size_t end = word_end(at);
            if (is_code(at, end)) return tell_code(at, end);
            at = end - 1;
        }
        return 0;
    }

    // The nearest one before its name.
    void code_before(std::size_t at) {
        const std::size_t limit = at > kMaxGap ? at - kMaxGap : 0;
        while (at > std::max(limit, told_) && !ends_sentence(units_[at - 1])) {
            if (!is_word_unit(units_[--at])) continue;
            const std::size_t end = at + 1;
            while (at > 0 && is_word_unit(units_[at - 1])) --at;
            if (at >= told_ && is_code(at, end)) {
                tell_code(at, end);
                return;
            }
        }
    }

    static bool ends_sentence(char16_t c) { return c == 0x3002 || c == u'!' || c == u'?'; }
    std::size_t word_end(std::size_t at) const {
        while (is_word_unit(links_.unit(at))) ++at;
        return at;
    }

    // Four to eight letters and digits of which most are digits; no figure of an amount, and no piece of a longer number.
    bool is_code(std::size_t begin, std::size_t end) const {
        const std::u16string_view word = units_.substr(begin, end - begin);
        const auto digits = static_cast<std::size_t>(std::ranges::count_if(word, is_digit));
        if (word.size() < 4 || word.size() > 8 || 2 * digits <= word.size()) return false;
        if (links_.taken(begin) || word.find(u'_') != word.npos) return false;
        std::size_t first = begin;
        std::size_t last = end;
        if (!before(first).empty() || !behind(last).empty()) return false;
        const auto joined = [&](std::size_t sign, std::size_t next) {
            const char16_t c = links_.unit(sign);
            return (c == u'-' || c == u'.' || c == u'/') && is_digit(links_.unit(next));
        };
        return !joined(end, end + 1) && !(begin > 1 && joined(begin - 1, begin - 2));
    }

    std::size_t tell_code(std::size_t begin, std::size_t end) {
        std::array<char, 8> key;
        for (std::size_t i = begin; i < end; ++i) key[i - begin] = static_cast<char>(units_[i]);
        tell(FoundKind::kCode, {key.data(), end - begin}, begin, end);
        return told_ = end;
    }

    void tell(FoundKind kind, std::string_view key, std::size_t begin, std::size_t end) const {
        Found found;
        found.kind = kind;
        found.key = key;
        found.place = links_.place(begin, end);
        sink_.take(sink_.context, found);
    }

    const Extraction& links_;
    std::u16string_view units_;
    FoundSink sink_;
    std::size_t told_ = 0;  // where the last code ended
};

}  // namespace

void extract_values(const FoldedText& folded, FoundSink sink) {
    Extraction links(folded, nullptr, {[](void*, const Found&) {}, nullptr});
    find_domains(links);
    ValueFinder finder(links, sink);
    finder.find_amounts();
    finder.find_codes();
}

}  // namespace ringfence
