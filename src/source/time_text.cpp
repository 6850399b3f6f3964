#include "ringfence/source/time_text.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>

namespace ringfence {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kFirstMs = -62'135'596'800'000;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kLastMs = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes text apart from the front; the first mismatch makes it `bad` for good.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    bool done() const { return text_.empty(); }
    bool bad() const { return bad_; }
    bool at(std::string_view set) const {
        return !text_.empty() && set.find(text_.front()) != std::string_view::npos;
    }
    bool skip(std::string_view set) {
        const bool found = at(set);
        if (found) text_.remove_prefix(1);
        return found;
    }
    void expect(std::string_view set) { bad_ |= !skip(set); }

    // Exactly `digits` of them.
    int number(unsigned digits) {
        int value = 0;
        for (unsigned i = 0; i < digits; ++i) {
            if (text_.empty() || !is_digit(text_.front())) {
                bad_ = true;
                return 0;
            }
            value = value * 10 + (text_.front() - '0');
            text_.remove_prefix(1);
        }
        return value;
    }

    // One digit or more, as thousandths; further ones are cut off.
    std::int64_t fraction_ms() {
        if (text_.empty() || !is_digit(text_.front())) bad_ = true;
        std::int64_t ms = 0;
        for (std::int64_t unit = 100; !text_.empty() && is_digit(text_.front()); unit /= 10) {
            ms += unit * (text_.front() - '0');
            text_.remove_prefix(1);
        }
        return ms;
    }

    // One to twelve digits.
    std::int64_t whole() {
        std::int64_t value = 0;
        unsigned digits = 0;
        for (; !text_.empty() && is_digit(text_.front()) && digits < 13; ++digits) {
            value = value * 10 + (text_.front() - '0');
            text_.remove_prefix(1);
        }
        bad_ |= digits == 0 || digits > 12;
        return value;
    }

private:
    std::string_view text_;
    bool bad_ = false;
};

std::optional<Time> in_range(std::int64_t ms) {
    if (ms < kFirstMs || ms > kLastMs) return std::nullopt;
    return time_from_ms(ms);
}

std::optional<Time> parse_epoch(std::string_view text) {
    Cursor cursor(text);
    const bool negative = cursor.skip("-");
    std::int64_t ms = cursor.whole() * kMsPerSecond;
    if (cursor.skip(".")) ms += cursor.fraction_ms();
    if (cursor.bad() || !cursor.done()) return std::nullopt;
    return in_range(negative ? -ms : ms);
}

}  // namespace

std::optional<Time> parse_time(std::string_view text) {
    // A date has its first hyphen behind the year; seconds have one in front or none.
    if (text.size() < 5 || text[4] != '-') return parse_epoch(text);

    Cursor cursor(text);
    const int year = cursor.number(4);
    cursor.expect("-");
    const int month = cursor.number(2);
    cursor.expect("-");
    const int day = cursor.number(2);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (cursor.bad() || !date.ok()) return std::nullopt;
    std::int64_t ms = to_ms(Time(std::chrono::sys_days(date)));
    if (cursor.done()) return in_range(ms);

    cursor.expect("Tt ");
    const int hour = cursor.number(2);
    cursor.expect(":");
    const int minute = cursor.number(2);
    cursor.expect(":");
    const int second = cursor.number(2);
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
    ms += ((hour * 60 + minute) * 60 + second) * kMsPerSecond;
    if (cursor.skip(".")) ms += cursor.fraction_ms();

    if (!cursor.skip("Zz")) {
        const bool west = cursor.at("-");
        cursor.expect("+-");
        const int offset_hour = cursor.number(2);
        cursor.expect(":");
        const int offset_minute = cursor.number(2);
        if (offset_hour > 23 || offset_minute > 59) return std::nullopt;
        const std::int64_t offset = (offset_hour * 60 + offset_minute) * 60 * kMsPerSecond;
        ms += west ? offset : -offset;
    }
    if (cursor.bad() || !cursor.done()) return std::nullopt;
    return in_range(ms);
}

std::string format_time(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const auto of_day = static_cast<int>((time - day).count());
    std::array<char, 40> text{};
    int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                             static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                             static_cast<unsigned>(date.day()), of_day / 3'600'000,
                             of_day / 60'000 % 60, of_day / 1000 % 60);
    std::string out(text.data(), static_cast<std::size_t>(size));
    if (of_day % 1000 != 0) {
        size = std::snprintf(text.data(), text.size(), ".%03d", of_day % 1000);
        out.append(text.data(), static_cast<std::size_t>(size));
    }
    return out.append("Z");
}

}  // namespace ringfence
