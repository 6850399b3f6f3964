// Octets of any coding decode as the slow plain decoder reads them, with its oddities and marks, and every stretch of the text has a
// place inside the octets. The first six octets choose form, scheme and the rest of the envelope.
#include <cstdlib>

#include "tests/text/decode_model.hpp"

using namespace ringfence;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 6) return 0;
    static DecodedText decoded;
    SmsContent content;
    content.form = (data[0] & 1u) != 0 ? ContentForm::kShortMessage : ContentForm::kUserData;
    content.udhi = (data[0] & 2u) != 0;
    content.packed = (data[0] & 4u) != 0;
    if ((data[0] & 8u) != 0) content.default_alphabet = Alphabet::kLatin1;
    if ((data[0] & 16u) != 0) content.default_alphabet = Alphabet::kGb18030;
    content.scheme = data[1];
    content.sar_ref = data[2];
    content.sar_total = data[3];
    content.sar_seq = data[4];
    content.octets = {data + 6, size - 6};
    if (decode(content, decoded) != decoded.status) std::abort();
    if (!model::difference(model::decode(content), decoded).empty()) std::abort();
    const std::size_t begin = decoded.text().empty() ? 0 : data[5] % decoded.text().size();
    const ContentPlace place = place_in_content(content, begin, 1);
    const std::size_t whole = place.unit == ContentPlace::Unit::kSeptet
                                  ? content.octets.size() * 8 / 7
                                  : content.octets.size();
    if (place.begin + place.length > whole) std::abort();
    if (!decoded.text().empty() && place.length == 0) std::abort();

    // The same octets as UTF-8 text: whatever they are, the text is well formed.
    content.form = ContentForm::kText;
    const DecodeStatus status = decode(content, decoded);
    if (status !=
        (model::is_unreadable(decoded.text()) ? DecodeStatus::kError : DecodeStatus::kText))
        std::abort();
    for (std::size_t i = 0; i < decoded.text().size(); ++i) {
        const unsigned unit = decoded.text()[i];
        if (model::low(unit)) std::abort();
        if (model::high(unit)) {
            if (i + 1 == decoded.text().size()) {
                if (!has(decoded.oddities, DecodeOddity::kTooLong)) std::abort();
            } else if (!model::low(decoded.text()[++i])) {
                std::abort();
            }
        }
    }
    return 0;
}
