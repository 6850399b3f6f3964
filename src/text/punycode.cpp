#include "src/text/punycode.hpp"

#include <algorithm>
#include <cstdint>

namespace ringfence {
namespace {

// RFC 3492 clause 5.
constexpr std::uint32_t kBase = 36, kLeast = 1, kMost = 26, kSkew = 38, kDamp = 700;
constexpr std::uint32_t kFirstBias = 72, kFirstBeyond = 0x80;

constexpr char digit(std::uint32_t value) {
    return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

// Clause 6.1.
std::uint32_t adapted(std::uint32_t delta, std::uint32_t points, bool first) {
    delta = first ? delta / kDamp : delta / 2;
    delta += delta / points;
    std::uint32_t bias = 0;
    for (; delta > (kBase - kLeast) * kMost / 2; bias += kBase) delta /= kBase - kLeast;
    return bias + (kBase - kLeast + 1) * delta / (delta + kSkew);
}

class Writer {
public:
    explicit Writer(std::span<char> out) : out_(out) {}

    void push(char c) {
        if (size_ < out_.size()) out_[size_] = c;
        ++size_;
    }
    // A number of variable length (clause 3.3).
    void push_number(std::uint32_t value, std::uint32_t bias) {
        for (std::uint32_t k = kBase;; k += kBase) {
            const std::uint32_t least = k <= bias ? kLeast : std::clamp(k - bias, kLeast, kMost);
            if (value < least) break;
            push(digit(least + (value - least) % (kBase - least)));
            value = (value - least) / (kBase - least);
        }
        push(digit(value));
    }
    bool fits() const { return size_ <= out_.size(); }
    std::size_t size() const { return size_; }

private:
    std::span<char> out_;
    std::size_t size_ = 0;
};

}  // namespace

// Clause 6.3. A delta is below 0x110000 for each of 1,024 code points and one more, so 32 bits hold it.
std::size_t write_punycode(std::u32string_view label, std::span<char> out) {
    Writer writer(out);
    for (const char32_t c : label)
        if (c < kFirstBeyond) writer.push(static_cast<char>(c));
    const auto plain = static_cast<std::uint32_t>(writer.size());
    if (plain > 0) writer.push('-');
    std::uint32_t next = kFirstBeyond, delta = 0, bias = kFirstBias;
    for (std::uint32_t done = plain; done < label.size() && writer.fits();) {
        char32_t least = 0x110000;
        for (const char32_t c : label)
            if (c >= next) least = std::min(least, c);
        delta += (least - next) * (done + 1);
        for (const char32_t c : label) {
            if (c < least) ++delta;
            if (c != least) continue;
            writer.push_number(delta, bias);
            bias = adapted(delta, done + 1, done == plain);
            delta = 0;
            ++done;
        }
        ++delta;
        next = least + 1;
    }
    return writer.fits() ? writer.size() : 0;
}

}  // namespace ringfence
