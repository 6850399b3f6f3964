// fold - our fold of a decoded message, against ICU's NFKC_Casefold that records where each piece came from.
//
// ICU is given the text as UTF-8, for which alone it records edits; converting to it is not timed.
#include <unicode/bytestream.h>
#include <unicode/edits.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "bench/rounds.hpp"
#include "bench/text/stream.hpp"
#include "bench/text/subjects.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence::bench {

void measure_fold(const Options& options, Figures& figures) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(error);
    if (U_FAILURE(error)) give_up("ICU has no NFKC_Casefold");
    std::vector<double> lowest;
    for (const char* name : {"zh", "en", "mix"}) {
        const Stream stream = load_stream(options.packs, name);
        std::vector<std::u16string> texts;
        std::vector<std::string> utf8;
        DecodedText decoded;
        for (const SmsContent& message : stream.messages) {
            decode(message, decoded);
            texts.emplace_back(decoded.text());
            utf8.push_back(to_utf8(decoded.text()));
        }
        FoldedText folded;
        std::string out;
        icu::Edits edits;
        Rounds rounds;
        const double count = static_cast<double>(texts.size());
        const std::size_t ours = rounds.add(std::string("ours, ") + name, count, [&] {
            for (const std::u16string& text : texts) fold(text, folded);
        });
        const std::size_t icu = rounds.add("ICU", count, [&] {
            for (const std::string& text : utf8) {
                out.clear();
                edits.reset();
                icu::StringByteSink<std::string> sink(&out);
                UErrorCode failed = U_ZERO_ERROR;
                folder->normalizeUTF8(
                    0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink,
                    &edits, failed);
                if (U_FAILURE(failed)) give_up("ICU failed");
            }
        });
        rounds.run(options.rounds);
        rounds.log();
        auto speed = rounds.speed(ours, icu);
        if (lowest.empty() || median(speed) < median(lowest)) lowest = std::move(speed);
    }
    figures.add("fold_over_icu", lowest);
}

}  // namespace ringfence::bench
