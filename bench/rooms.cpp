// rooms - what the hot function of each room costs, by itself: a Google Benchmark program.
//
//     rooms --policy P --rules R... [--benchmark_filter=RE] [--benchmark_min_time=S]
//
// Input is made here: 65,536 addresses or numbers by turns, or a few messages, so that neither the branch
// predictor nor the nearest cache knows the answer; the tables hold a million numbers. items_per_second counts
// calls, messages, look-ups. Every benchmark checks an answer before it measures.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/activity/activity.hpp"
#include "ringfence/caller_id/caller_id.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "ringfence/policy/evaluate.hpp"
#include "ringfence/score/model.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/table/key_table.hpp"
#include "ringfence/table/number_table.hpp"
#include "ringfence/table/prefix_table.hpp"
#include "ringfence/text/decode.hpp"
#include "ringfence/text/extract.hpp"
#include "ringfence/text/fold.hpp"

namespace {

using namespace ringfence;

constexpr std::size_t kInputs = 65'536;
constexpr std::size_t kBatch = Session::kBatch;
constexpr std::uint64_t kListed = 1'000'000;
constexpr std::uint64_t kSeed = 2026;

std::string policy_path;
std::vector<std::string> rule_paths;

[[noreturn]] void give_up(const std::string& what) {
    std::fprintf(stderr, "rooms: %s\n", what.c_str());
    std::exit(2);
}

void require(bool holds, const char* what) {
    if (!holds) give_up(std::string("a wrong answer: ") + what);
}

template <class T>
T value_of(Result<T> result) {
    if (!result) give_up(result.error().text);
    return std::move(*result);
}

const DialPlan& plan() { return *DialPlan::find(CountryCode("CN")); }

std::string digits_of(std::uint64_t value, unsigned width) {
    std::string text(width, '0');
    for (unsigned i = width; i-- > 0; value /= 10) text[i] = static_cast<char>('0' + value % 10);
    return text;
}

// The mobile numbers of one block, in the forms in which a trunk shows them.
const std::vector<std::string>& addresses() {
    static const std::vector<std::string> made = [] {
        std::mt19937_64 random(kSeed);
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < kInputs; ++i) {
            static constexpr std::string_view kForms[] = {"", "+86", "0086", "0", "sip:+86"};
            const std::string_view form = kForms[random() % std::size(kForms)];
            texts.push_back(std::string(form) + "138" + digits_of(random(), 8) +
                            (form.starts_with("sip:") ? "@gw.example" : ""));
        }
        return texts;
    }();
    return made;
}

// Half of them are listed.
const std::vector<Number>& numbers() {
    static const std::vector<Number> made = [] {
        std::mt19937_64 random(kSeed);
        std::vector<Number> out;
        for (std::size_t i = 0; i < kInputs; ++i)
            out.push_back(Number::from_digits("86138" + digits_of(random() % (2 * kListed), 8)));
        return out;
    }();
    return made;
}

const NumberTable& number_table() {
    static const NumberTable made = [] {
        NumberTableOptions options;
        options.numbers = kListed;
        options.seed = kSeed;
        NumberTable table = value_of(NumberTable::create(options));
        for (std::uint64_t i = 0; i < kListed; ++i)
            value_of(table.insert(Number::from_digits("86138" + digits_of(2 * i, 8)), 1));
        return table;
    }();
    return made;
}

// A message as UTF-16: a fraud, a parcel, a chat; each with something to find.
const std::vector<std::u16string>& messages() {
    static const std::vector<std::u16string> made = {
        to_utf16(
            "【客服】您的贷款额度已通过，加微信 abc12345 或点击 http://pay.example.com/x 领取，"
            "详询 170 0000 1234"),
        to_utf16("您的快递已到菜鸟驿站，请凭取件码 3-2-1024 领取，如有疑问请拨打 13800001234"),
        to_utf16("今晚七点老地方见，记得带上昨天说的那本书，我在门口等你"),
        to_utf16("Your parcel is held at the depot. Pay the fee at https://post.example.org/fee to "
                 "release "
                 "it today")};
    return made;
}

std::vector<std::uint8_t> ucs2_of(std::u16string_view text) {
    std::vector<std::uint8_t> octets;
    for (const char16_t unit : text) {
        octets.push_back(static_cast<std::uint8_t>(unit >> 8));
        octets.push_back(static_cast<std::uint8_t>(unit & 0xFF));
    }
    return octets;
}

// 160 letters, packed as TS 23.038 packs them.
std::vector<std::uint8_t> packed_letters() {
    std::vector<std::uint8_t> octets(140, 0);
    for (std::size_t i = 0; i < 160; ++i) {
        const unsigned septet = 'a' + static_cast<unsigned>(i % 26);
        const std::size_t bit = 7 * i;
        octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] | septet << bit % 8);
        if (bit % 8 > 1)
            octets[bit / 8 + 1] =
                static_cast<std::uint8_t>(octets[bit / 8 + 1] | septet >> (8 - bit % 8));
    }
    return octets;
}

// Counts one item a turn; `run(i)` is handed the number of the turn.
template <class Run>
void each(benchmark::State& state, Run&& run) {
    std::size_t i = 0;
    for (auto _ : state) run(i++);
    state.SetItemsProcessed(static_cast<std::int64_t>(i));
}

void number_parse(benchmark::State& state) {
    require(parse("sip:+8613800001234@gw.example").text() == "8613800001234", "parse");
    each(state, [](std::size_t i) {
        benchmark::DoNotOptimize(parse(std::string_view(addresses()[i % kInputs])));
    });
}
BENCHMARK(number_parse);

void number_normalize(benchmark::State& state) {
    std::vector<Address> parsed;
    for (const std::string& text : addresses()) parsed.push_back(parse(std::string_view(text)));
    require(normalize(parsed[0], plan()).valid, "normalize");
    each(state,
         [&](std::size_t i) { benchmark::DoNotOptimize(normalize(parsed[i % kInputs], plan())); });
}
BENCHMARK(number_normalize);

void table_number_find(benchmark::State& state) {
    const NumberTable& table = number_table();
    require(table.find(Number::from_digits("8613800000002")) != kNoList, "find");
    each(state,
         [&](std::size_t i) { benchmark::DoNotOptimize(table.find(numbers()[i % kInputs])); });
}
BENCHMARK(table_number_find);

void table_number_find_batch(benchmark::State& state) {
    const NumberTable& table = number_table();
    std::vector<Payload> payloads(kBatch);
    std::size_t at = 0;
    for (auto _ : state) {
        table.find(std::span(numbers()).subspan(at, kBatch), payloads);
        benchmark::DoNotOptimize(payloads.data());
        at = (at + kBatch) % kInputs;
    }
    require(payloads[0] == table.find(numbers()[(at + kInputs - kBatch) % kInputs]),
            "find of a batch");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(table_number_find_batch);

void table_prefix_longest_match(benchmark::State& state) {
    PrefixRules rules;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        const std::string prefix = "86138" + digits_of(i, 4);
        value_of(rules.add({.prefix = prefix, .list = 1}));
        if (i % 2 == 0) value_of(rules.add({.prefix = prefix.substr(0, 7), .list = 2}));
    }
    const PrefixTable table = value_of(rules.build());
    require(!table.longest_match(numbers()[0]).empty(), "longest match");
    each(state, [&](std::size_t i) {
        benchmark::DoNotOptimize(table.longest_match(numbers()[i % kInputs]));
    });
}
BENCHMARK(table_prefix_longest_match);

void table_key_find(benchmark::State& state) {
    KeyRules rules;
    std::vector<std::string> keys;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
        keys.push_back("sender" + digits_of(i, 5));
        if (i % 2 == 0) value_of(rules.add(KeyKind::kSender, keys.back(), 1));
    }
    const KeyTable table = value_of(rules.build());
    require(table.find(KeyKind::kSender, keys[0]).size() == 1, "find of a key");
    each(state, [&](std::size_t i) {
        benchmark::DoNotOptimize(table.find(KeyKind::kSender, keys[i * 31 % keys.size()]));
    });
}
BENCHMARK(table_key_find);

void activity_record_call(benchmark::State& state) {
    ActivityTable table = value_of(ActivityTable::create({}));
    Time time = {};
    each(state, [&](std::size_t i) {
        time += std::chrono::milliseconds(1);
        benchmark::DoNotOptimize(
            table.record_call(numbers()[i % kInputs], numbers()[(i * 7 + 1) % kInputs], time));
    });
    require(table.stats().claimed > 0, "record");
}
BENCHMARK(activity_record_call);

void caller_id_judge(benchmark::State& state) {
    std::vector<Address> parsed;
    std::vector<Normalized> read;
    for (const std::string& text : addresses()) {
        parsed.push_back(parse(std::string_view(text)));
        read.push_back(normalize(parsed.back(), plan()));
    }
    TrunkRules trunk;
    trunk.kind = TrunkKind::kInternational;
    const auto judged = [&](std::size_t i) {
        return judge(
            {.calling = parsed[i], .number = read[i], .home = plan().country(), .trunk = &trunk});
    };
    require(judged(0).needs_roaming(), "judge");
    each(state, [&](std::size_t i) { benchmark::DoNotOptimize(judged(i % kInputs)); });
}
BENCHMARK(caller_id_judge);

void decode_one(benchmark::State& state, const SmsContent& content, std::size_t units) {
    DecodedText text;
    require(decode(content, text) == DecodeStatus::kText && text.text().size() == units, "decode");
    each(state, [&](std::size_t) {
        decode(content, text);
        benchmark::DoNotOptimize(text.text().data());
    });
}
SmsContent user_data(const std::vector<std::uint8_t>& octets, std::uint8_t scheme) {
    SmsContent content;
    content.octets = octets;
    content.form = ContentForm::kUserData;
    content.scheme = scheme;
    return content;
}
void text_decode_gsm7_160(benchmark::State& state) {
    const auto octets = packed_letters();
    decode_one(state, user_data(octets, 0), 160);
}
void text_decode_ucs2_70(benchmark::State& state) {
    const auto octets = ucs2_of(std::u16string(70, u'\x4FE1'));
    decode_one(state, user_data(octets, 8), 70);
}
void text_decode_gsm7_unpacked_100(benchmark::State& state) {
    const std::u16string_view words = u"Your parcel waits at the depot 0123456789 ";
    std::vector<std::uint8_t> octets;
    for (std::size_t i = 0; i < 100; ++i)
        octets.push_back(static_cast<std::uint8_t>(words[i % words.size()]));
    SmsContent content;
    content.form = ContentForm::kShortMessage;
    content.octets = octets;
    decode_one(state, content, 100);
}
void text_decode_gb18030_70(benchmark::State& state) {
    std::vector<std::uint8_t> octets;
    for (std::size_t i = 0; i < 70; ++i) octets.insert(octets.end(), {0xCE, 0xA2});
    SmsContent content;
    content.form = ContentForm::kShortMessage;
    content.scheme = 15;
    content.octets = octets;
    decode_one(state, content, 70);
}
BENCHMARK(text_decode_gsm7_160);
BENCHMARK(text_decode_gsm7_unpacked_100);
BENCHMARK(text_decode_gb18030_70);
BENCHMARK(text_decode_ucs2_70);

// A model of 2^16 weights over the same messages.
void score_text(benchmark::State& state) {
    ScoreParts parts;
    parts.bits = 16;
    parts.weights.resize(std::size_t{1} << parts.bits);
    for (std::size_t i = 0; i < parts.weights.size(); ++i)
        parts.weights[i] = static_cast<std::int16_t>(i * 40'503u % 65'535u - 32'767);
    const auto model = ScoreModel::of(parts);
    std::vector<FoldedText> folded;
    for (const std::u16string& message : messages()) fold(message, folded.emplace_back());
    require(model->score(folded[0]) <= 1'000, "score");
    each(state,
         [&](std::size_t i) { benchmark::DoNotOptimize(model->score(folded[i % folded.size()])); });
}
BENCHMARK(score_text);

void text_fold(benchmark::State& state) {
    FoldedText folded;
    fold(messages()[3], folded);
    require(folded.light().text().starts_with(u"your parcel"), "fold");
    each(state, [&](std::size_t i) {
        fold(messages()[i % messages().size()], folded);
        benchmark::DoNotOptimize(folded.dense().units);
    });
}
BENCHMARK(text_fold);

void text_extract(benchmark::State& state) {
    std::vector<FoldedText> folded;
    for (const std::u16string& message : messages()) fold(message, folded.emplace_back());
    std::size_t found = 0;
    const auto take = [&](const Found&) { ++found; };
    extract(folded[0], &plan(), take);
    require(found >= 2, "extract");
    each(state, [&](std::size_t i) { extract(folded[i % folded.size()], &plan(), take); });
    benchmark::DoNotOptimize(found);
}
BENCHMARK(text_extract);

void pattern_scan_starter_rules(benchmark::State& state) {
    RuleSet rules;
    for (const std::string& path : rule_paths)
        if (const Status added = rules.add(value_of(RuleSet::load(path))); !added)
            give_up(added.error().text);
    const PatternSet set = value_of(PatternSet::compile(std::move(rules)));
    PatternScratch scratch = value_of(set.make_scratch());
    std::vector<FoldedText> folded;
    for (const std::u16string& message : messages()) fold(message, folded.emplace_back());
    require(set.scan(folded[0], scratch).status == ScanStatus::kOk, "scan");
    each(state, [&](std::size_t i) {
        benchmark::DoNotOptimize(set.scan(folded[i % folded.size()], scratch).matches.data());
    });
    state.SetLabel(std::to_string(set.rules().size()) + " rules");
}

void policy_evaluate_four_findings(benchmark::State& state) {
    std::vector<Finding> findings(4);
    for (std::uint32_t i = 0; i < findings.size(); ++i) {
        findings[i].rule = i + 1;
        findings[i].reason = Reason::kCliMalformed;
        findings[i].stage = Stage::kCallerId;
        findings[i].action = i == 2 ? Action::kReject : Action::kTag;
        findings[i].risk = static_cast<std::uint16_t>(100 * i);
    }
    require(evaluate(findings, {}).action == Action::kReject, "evaluate");
    each(state, [&](std::size_t) {
        benchmark::DoNotOptimize(findings.data());
        benchmark::DoNotOptimize(evaluate(findings, {}));
    });
}
BENCHMARK(policy_evaluate_four_findings);

// The screen of --policy; its lists are small.
Screen& screen() {
    static Screen made = value_of(Screen::open(policy_path, {.read_only = true}));
    return made;
}

template <class Event>
void screen_batches(benchmark::State& state, std::vector<Event>& events) {
    Session session = screen().session();
    require(session.open(), "a session");
    std::vector<Verdict> verdicts(kBatch);
    std::size_t at = 0;
    for (auto _ : state) {
        const auto batch = std::span(events).subspan(at, kBatch);
        for (Event& event : batch) event.time += std::chrono::hours(1);
        session.screen(std::span<const Event>(batch), verdicts);
        benchmark::DoNotOptimize(verdicts.data());
        at = (at + kBatch) % kInputs;
    }
    require(verdicts[0].generation != 0, "a verdict");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
}

void screen_call(benchmark::State& state) {
    const TrunkId trunk = screen().trunk_of_kind(TrunkKind::kNational);
    std::vector<Call> calls(kInputs);
    for (std::size_t i = 0; i < kInputs; ++i) {
        calls[i].calling = std::string_view(addresses()[i]);
        calls[i].called = std::string_view(addresses()[(i * 7 + 1) % kInputs]);
        calls[i].trunk = trunk;
        calls[i].time = time_from_ms(static_cast<std::int64_t>(i));
    }
    screen_batches(state, calls);
}

void screen_sms(benchmark::State& state) {
    std::vector<std::vector<std::uint8_t>> contents;
    for (const std::u16string& message : messages()) contents.push_back(ucs2_of(message));
    std::vector<Sms> all(kInputs);
    for (std::size_t i = 0; i < kInputs; ++i) {
        all[i].sender = std::string_view(addresses()[i]);
        all[i].recipient = std::string_view(addresses()[(i * 7 + 1) % kInputs]);
        all[i].content = contents[i % contents.size()];
        all[i].coding = SmsCoding::kPdu;
        all[i].coding_scheme = 8;
        all[i].time = time_from_ms(static_cast<std::int64_t>(i));
    }
    screen_batches(state, all);
}

// Takes our options out of the arguments; what is left is the library's.
void read_options(int& count, char** arguments) {
    int kept = 1;
    for (int i = 1; i < count; ++i) {
        const std::string_view option = arguments[i];
        if (option == "--policy" && i + 1 < count) {
            policy_path = arguments[++i];
        } else if (option == "--rules") {
            while (i + 1 < count && arguments[i + 1][0] != '-')
                rule_paths.emplace_back(arguments[++i]);
        } else {
            arguments[kept++] = arguments[i];
        }
    }
    count = kept;
}

}  // namespace

int main(int count, char** arguments) {
    read_options(count, arguments);
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    if (!rule_paths.empty())
        benchmark::RegisterBenchmark("pattern_scan_starter_rules", pattern_scan_starter_rules);
    if (!policy_path.empty()) {
        benchmark::RegisterBenchmark("screen_call_batch", screen_call);
        benchmark::RegisterBenchmark("screen_sms_batch", screen_sms);
    }
    benchmark::RunSpecifiedBenchmarks();
}
