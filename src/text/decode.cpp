#include "ringfence/text/decode.hpp"

#include <algorithm>

#include "src/kernel/units_kernel.hpp"
#include "src/text/readers.hpp"

namespace ringfence {
namespace {

// Each writer gives what the reader of the same alphabet gives, in runs of what is one unit a code; the reader is asked
// for the rest. What the buffer cannot hold is dropped.

// Codes that end a run seldom come alone: behind a short run so many characters are left to the reader.
constexpr std::size_t kShortRun = 4;
constexpr std::size_t kByReader = 8;

// Of codes `i` to `count`: `run` writes as many as are one unit each and gives their number, `read` reads at least one and
// gives the next. False when the buffer is full.
template <class Run, class Read>
bool write_runs(std::size_t i, std::size_t count, DecodedText& out, const Run& run,
                const Read& read) {
    while (i < count) {
        const std::span<char16_t> room = out.room();
        const std::size_t most = std::min(count - i, room.size());
        const std::size_t done = run(i, most, room.data());
        out.grow(done);
        i += done;
        if (room.empty()) {
            out.oddities |= DecodeOddity::kTooLong;
            return false;
        }
        if (done == most) continue;
        const std::size_t until = std::min(count, i + (done < kShortRun ? kByReader : 1));
        while (i < until) i = read(i);
    }
    return true;
}

// Septets of a text: `count` of them, packed from `first_bit` on or one an octet.
struct Septets {
    Octets octets;
    std::size_t count = 0;
    std::size_t first_bit = 0;
    bool packed = false;
};

void write_gsm7(const Septets& text, const Shifts& shifts, DecodedText& out) {
    const kernel::UnitsKernel& kernel = kernel::units_kernel();
    const auto septet = [&](std::size_t i) {
        return text.packed ? septet_at(text.octets, text.first_bit + 7 * i) : text.octets[i];
    };
    const auto emit = [&](char32_t c, std::size_t, std::size_t) {
        out.append(static_cast<char16_t>(c));
    };
    const auto odd = [&](DecodeOddity oddity) { out.oddities |= oddity; };
    write_runs(
        0, text.count, out,
        [&](std::size_t i, std::size_t most, char16_t* to) {
            return text.packed ? kernel.packed(text.octets, text.first_bit + 7 * i, most,
                                               shifts.locking, to)
                               : kernel.septets(text.octets.subspan(i, most), shifts.locking, to);
        },
        [&](std::size_t i) { return read_gsm7_at(i, text.count, shifts, septet, emit, odd); });
}

void write_utf16(Octets octets, bool part, DecodedText& out) {
    const auto emit = [&](char32_t c, std::size_t, std::size_t) {
        utf::write_utf16(c, [&](char16_t unit) { out.append(unit); });
    };
    const auto odd = [&](DecodeOddity oddity) { out.oddities |= oddity; };
    Utf16Units units{octets};
    const std::size_t begin = skip_byte_order_mark(units, odd);  // which says whose end comes first
    const kernel::UnitsKernel& kernel = kernel::units_kernel();
    const bool whole = write_runs(
        begin, units.count(), out,
        [&](std::size_t i, std::size_t most, char16_t* to) {
            return units.little ? 0 : kernel.big_endian(octets.data() + 2 * i, most, to);
        },
        [&](std::size_t i) { return read_utf16_at(i, units, part, emit, odd); });
    if (!whole) return;
    if (octets.size() % 2 != 0) out.oddities |= DecodeOddity::kTruncated;
}

// As much at a time as iconv takes.
void write_charset(Octets octets, Charset& charset, DecodedText& out) {
    charset.restart();
    while (!octets.empty()) {
        const Charset::Step step = charset.convert(octets, out.room());
        out.grow(step.units);
        octets = octets.subspan(step.octets);
        switch (step.stop) {
            case Charset::Stop::kEnd: return;
            case Charset::Stop::kFull: out.oddities |= DecodeOddity::kTooLong; return;
            case Charset::Stop::kCut:
                out.oddities |= DecodeOddity::kTruncated;
                out.append(u'\xFFFD');
                return;
            case Charset::Stop::kInvalid:
                out.oddities |= DecodeOddity::kInvalidOctet;
                out.append(u'\xFFFD');
                octets = octets.subspan(charset.invalid_size(octets));
                break;
        }
    }
}

}  // namespace

DecodedText::DecodedText(std::size_t capacity, Use use)
    : units_(std::make_unique_for_overwrite<char16_t[]>(std::min(capacity, kMaxUnits) +
                                                        kernel::kUnitsSlack)),
      charsets_(use == Use::kDecode ? std::make_unique<Charsets>() : nullptr),
      capacity_(std::min(capacity, kMaxUnits)) {}

DecodedText::~DecodedText() = default;
DecodedText::DecodedText(DecodedText&& other) noexcept = default;
DecodedText& DecodedText::operator=(DecodedText&& other) noexcept = default;

void DecodedText::clear() {
    size_ = 0;
    status = DecodeStatus::kText;
    alphabet = Alphabet::kUnknown;
    oddities = DecodeOddity::kNone;
    concatenation = {};
    marks = {};
}

void DecodedText::append(std::u16string_view units) {
    const std::size_t fits = std::min(units.size(), capacity_ - size_);
    std::copy_n(units.data(), fits, units_.get() + size_);
    size_ += fits;
    if (fits < units.size()) oddities |= DecodeOddity::kTooLong;
}

namespace {

DecodeStatus finished(DecodedText& out) {
    // There was data, and none of it is text: half a unit and nothing before it, or nothing but what stands for octets that
    // the alphabet does not have. Half a pair of UTF-16 is a character that someone cut.
    constexpr char16_t kNone = 0xFFFD;
    const std::u16string_view text = out.text();
    const bool dropped = has(out.oddities, DecodeOddity::kTooLong);
    const bool half = text.empty() && has(out.oddities, DecodeOddity::kTruncated) && !dropped;
    if (half || (text.starts_with(kNone) && out.alphabet != Alphabet::kUtf16 &&
                 text.find_first_not_of(kNone) == text.npos))
        out.status = DecodeStatus::kError;
    return out.status;
}

// As `decode`, without a layout: writing one and reading it again takes as long as the text.
DecodeStatus decode_plain(const SmsContent& content, DecodedText& out) {
    if (content.scheme == kPlainUcs2) {
        out.alphabet = Alphabet::kUtf16;
        write_utf16(content.octets, false, out);
    } else {
        out.alphabet = Alphabet::kGsm7;
        write_gsm7({content.octets, packed_septets(content.octets, 0), 0, true}, shifts_of({}),
                   out);
    }
    return finished(out);
}

}  // namespace

DecodeStatus decode(const SmsContent& content, DecodedText& out) {
    out.clear();
    if (is_plain(content)) return decode_plain(content, out);
    const MessageLayout layout = layout_of(content);
    out.status = layout.status;
    out.alphabet = layout.alphabet;
    out.oddities = layout.oddities;
    out.concatenation = layout.concatenation;
    out.marks = layout.marks;
    if (layout.status != DecodeStatus::kText) return out.status;
    const Octets octets = content.octets.subspan(layout.header);
    if (Charsets::has(layout.alphabet)) {
        if (out.charsets() == nullptr || !out.charsets()->of(layout.alphabet).open()) {
            out.oddities |= DecodeOddity::kUnsupportedCoding;
            return out.status = DecodeStatus::kError;
        }
        write_charset(octets, out.charsets()->of(layout.alphabet), out);
        return finished(out);
    }
    if (layout.alphabet == Alphabet::kGsm7) {
        const Shifts shifts = shifts_of(layout.marks);
        if (layout.packed)
            write_gsm7({content.octets, layout.septets, layout.first_bit, true}, shifts, out);
        else
            write_gsm7({octets, octets.size(), 0, false}, shifts, out);
    } else if (layout.alphabet == Alphabet::kUtf16) {
        write_utf16(octets, layout.concatenation.total > 1, out);
    } else {
        read_text(
            content, layout,
            [&](char32_t c, std::size_t, std::size_t) {
                utf::write_utf16(c, [&](char16_t unit) { out.append(unit); });
            },
            [&](DecodeOddity oddity) { out.oddities |= oddity; });
    }
    return finished(out);
}

}  // namespace ringfence
