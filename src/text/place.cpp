#include <algorithm>

#include "ringfence/text/decode.hpp"
#include "src/text/readers.hpp"

namespace ringfence {
namespace {

struct Walked {
    ContentPlace place;
    std::size_t units = 0;  // of the whole text
};

Walked walk(const SmsContent& content, std::size_t begin, std::size_t length) {
    const MessageLayout layout = layout_of(content);
    Walked walked;
    ContentPlace& place = walked.place;
    const std::size_t base = layout.packed ? 0 : layout.header;
    if (layout.packed) place.unit = ContentPlace::Unit::kSeptet;
    if (layout.status != DecodeStatus::kText) return walked;

    // Text beyond kMaxUnits is dropped.
    begin = std::min(begin, DecodedText::kMaxUnits);
    const std::size_t end = begin + std::min(length, DecodedText::kMaxUnits - begin);
    std::size_t unit = 0;
    std::size_t from = 0;
    std::size_t to = 0;
    bool inside = false;
    read_text(
        content, layout,
        [&](char32_t c, std::size_t first, std::size_t count) {
            const std::size_t next = unit + (c >= 0x10000 ? 2 : 1);
            if (unit < end && next > begin) {
                if (!inside) from = first;
                inside = true;
                to = first + count;
            }
            unit = next;
            if (!inside && unit <= begin) from = to = first + count;
        },
        [](DecodeOddity) {});
    walked.units = std::min(unit, DecodedText::kMaxUnits);
    place.begin = static_cast<std::uint32_t>(base + from);
    place.length = static_cast<std::uint32_t>(to - from);
    if (!layout.packed) {
        place.first_octet = place.begin;
        place.octets = place.length;
        return walked;
    }
    const std::size_t first_bit = layout.first_bit + 7 * from;
    const std::size_t end_bit = layout.first_bit + 7 * to;
    place.first_octet = static_cast<std::uint32_t>(first_bit / 8);
    if (to > from) place.octets = static_cast<std::uint32_t>((end_bit + 7) / 8 - first_bit / 8);
    return walked;
}

}  // namespace

ContentPlace place_in_content(const SmsContent& content, std::size_t begin, std::size_t length) {
    return walk(content, begin, length).place;
}

PartPlace place_in_parts(std::span<const SmsContent> parts, std::size_t begin, std::size_t length) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Walked walked = walk(parts[i], begin, length);
        if (length > 0 && begin < walked.units)
            return {i, walked.place, std::min(length, walked.units - begin)};
        begin -= walked.units;
    }
    return {parts.size(), {}, 0};
}

}  // namespace ringfence
