#include "ringfence/text/decode.hpp"
#include "src/text/readers.hpp"

namespace ringfence {

ContentPlace place_in_content(const SmsContent& content, std::size_t begin, std::size_t length) {
    const MessageLayout layout = layout_of(content);
    ContentPlace place;
    const std::size_t base = layout.packed ? 0 : layout.header;
    if (layout.packed) place.unit = ContentPlace::Unit::kSeptet;
    if (layout.status != DecodeStatus::kText) return place;

    const std::size_t end =
        length < DecodedText::kMaxUnits ? begin + length : begin + DecodedText::kMaxUnits;
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
            if (!inside) from = to = first + count;
        },
        [](DecodeOddity) {});
    place.begin = static_cast<std::uint32_t>(base + from);
    place.length = static_cast<std::uint32_t>(to - from);
    return place;
}

}  // namespace ringfence
