// written - numbers as text: read into an address against from_chars, and understood under China's plan against
// libphonenumber, where that was built in.
#include <charconv>
#include <cstdio>

#include "bench/numbers/key_set.hpp"
#include "bench/numbers/phone_library.hpp"
#include "bench/numbers/subjects.hpp"
#include "bench/rounds.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/number/parse_digits.hpp"

namespace ringfence::bench {
namespace {

// As networks write them: with '+' or without, China's at home in their national form.
std::vector<std::string> written(std::size_t count) {
    std::vector<std::string> texts;
    Random random(11);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string digits = real_shaped(random).digits();
        const bool chinese_mobile = digits.size() == 13 && digits.starts_with("861");
        texts.push_back(chinese_mobile && random.below(2) == 0 ? digits.substr(2) : "+" + digits);
    }
    return texts;
}

// The plain way: skip '+', from_chars, rank.
Number by_from_chars(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() ||
        text.size() > Number::kMaxDigits)
        return {};
    return Number::from_rank(Number::first_rank(static_cast<unsigned>(text.size())) + value);
}

}  // namespace

void measure_written(const Options& options, Figures& figures) {
    constexpr std::size_t kTexts = 1u << 16u;
    const std::vector<std::string> texts = written(kTexts);
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    std::vector<Number> ours(kTexts);
    std::vector<Number> theirs(kTexts);
    Rounds rounds;
    // What text of digits alone costs: the same answer from both.
    const auto parsed = [&] { parse_digits(views, ours); };
    const auto plain = [&] {
        for (std::size_t i = 0; i < kTexts; ++i) theirs[i] = by_from_chars(views[i]);
    };
    const auto our_parse = rounds.add("ours, digits", kTexts, parsed);
    const auto chars = rounds.add("from_chars", kTexts, plain);
    parsed();
    plain();
    if (ours != theirs) give_up("written: the numbers differ");

    const DialPlan& plan = *DialPlan::find(CountryCode("CN"));
    const auto understood = [&] {
        for (std::size_t i = 0; i < kTexts; ++i)
            ours[i] = normalize(parse(std::string_view(texts[i])), plan).number;
    };
    const auto our_normal = rounds.add("ours, parse and normalize", kTexts, understood);
    // So slow that a share of the texts must do.
    const std::size_t share = kTexts / 16;
    const auto library = make_phone_library();
    std::size_t their_normal = 0;
    if (library != nullptr) {
        std::vector<std::uint64_t> ranks(share);
        std::size_t differ = 0;
        understood();
        for (std::size_t i = 0; i < share; ++i) {
            const std::string digits = library->e164_digits(texts[i]);
            // "+1" and ten digits that make a mobile of China's is read here as one with a '+' too many, and an
            // IP-call prefix is no country code; there a mobile may be "179..00" and hold no number.
            if (Number::from_digits(digits) == ours[i] || texts[i].starts_with("+1") ||
                digits.empty())
                continue;
            if (differ++ < 5)
                std::fprintf(stderr, "  %s: %s here, %s there\n", texts[i].c_str(),
                             ours[i].digits().c_str(), digits.c_str());
        }
        if (differ != 0) give_up("written: the answers differ");
        their_normal = rounds.add("libphonenumber, parse", static_cast<double>(share), [&] {
            for (std::size_t i = 0; i < share; ++i) library->parse(texts[i]);
        });
    }
    rounds.run(options.rounds);
    rounds.log();
    figures.add("parse_over_from_chars", rounds.speed(our_parse, chars));
    if (library != nullptr)
        figures.add("normalize_cn_over_libphonenumber", rounds.speed(our_normal, their_normal));
}

}  // namespace ringfence::bench
