#include <algorithm>

#include "ringfence/screen/screen.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/traffic/fields.hpp"
#include "ringfence/traffic/traffic_file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

Roaming roaming_of(const std::string& text) {
    return text == "yes" ? Roaming::kYes : text == "no" ? Roaming::kNo : Roaming::kUnknown;
}

TrunkKind kind_of(const std::string& text) {
    if (text == "subscriber") return TrunkKind::kSubscriber;
    if (text == "national") return TrunkKind::kNational;
    return text == "international" ? TrunkKind::kInternational : TrunkKind::kRoaming;
}

// What a word of a traffic column stands for; the options were checked to be such words, or are not given.
template <class Value, std::size_t kCount>
void take_word(const traffic::Names<Value, kCount>& names, const std::string& word, Value& out) {
    for (const auto& [name, value] : names)
        if (traffic::is_word(name, word)) out = value;
}

Error bad_option(const std::string& name, const std::string& value, const std::string& what) {
    return {ErrorCode::kInvalidArgument, name + " '" + value + "': " + what};
}

// Options that only calls or only messages have.
struct OneKind {
    const char* name;
    const char* what;
};
constexpr OneKind kOneKind[] = {{"--emergency", "call"},
                                {"--roaming", "call"},
                                {"--redirecting", "call"},
                                {"--verstat", "call"},
                                {"--presentation", "call"},
                                {"--called-ton", "call"},
                                {"--serving-country", "call"},
                                {"--text", "sms"},
                                {"--pdu", "sms"},
                                {"--short-message", "sms"},
                                {"--coding", "sms"},
                                {"--udhi", "sms"},
                                {"--bind", "sms"}};

// Whatever is given has an effect, or is refused here.
Status check_options(const ExplainCommand& command) {
    const auto given = [&](const char* name) {
        return std::find(command.given.begin(), command.given.end(), name) != command.given.end();
    };
    const auto refuse = [&](const std::string& text) -> Status {
        return Error{ErrorCode::kInvalidArgument, "explain " + command.what + ": " + text};
    };
    for (const OneKind& option : kOneKind) {
        if (given(option.name) && command.what != option.what) {
            return refuse(std::string(option.name) + " belongs to explain " + option.what +
                          "; leave it out");
        }
    }
    if (given("--trunk") && given("--trunk-id"))
        return refuse("give only one of --trunk and --trunk-id");
    if (command.what == "call") {
        if (given("--calling") && given("--called")) return ok();
        return refuse("give --calling and --called (--calling '' for a caller without a number)");
    }
    if (!given("--calling") || !given("--called"))
        return refuse("give --sender and --recipient (--sender '' for none)");
    const bool octets = given("--pdu") || given("--short-message");
    if (given("--text") + given("--pdu") + given("--short-message") != 1)
        return refuse("give one of --text, --pdu and --short-message");
    if (!octets && (given("--coding") || given("--udhi")))
        return refuse("--coding and --udhi tell about octets; give --pdu or --short-message");
    return ok();
}

Result<Time> time_of(const ExplainCommand& command) {
    if (command.time.empty())
        return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const auto parsed = parse_time(command.time);
    if (!parsed) return bad_option("--time", command.time, "give RFC 3339 or seconds since 1970");
    return *parsed;
}

Result<TrunkId> trunk_of(const ExplainCommand& command, const Screen& screen) {
    if (command.trunk_id.empty())
        return command.trunk.empty() ? TrunkId{} : screen.trunk_of_kind(kind_of(command.trunk));
    const TrunkId trunk = screen.trunk(command.trunk_id);
    if (trunk == TrunkId{})
        return bad_option("--trunk-id", command.trunk_id, "the policy has no such [[trunk]]");
    return trunk;
}

// As a row of traffic is taken: one with an option that cannot be read is no event, unless it still shows an emergency.
template <class Event>
Result<Explanation> explain_event(Event& event, Status read, const Screen& screen) {
    if (read && !event.subscriber.empty() && !screen.is_number(event.subscriber))
        read = bad_option("--subscriber", std::string(event.subscriber),
                          "is no number of the policy's plan; give one like +8613800001111");
    if (!read) {
        if (!is_saved(screen, event)) return read.error();
        say_warning(read.error().text + "; an emergency is explained without it");
    }
    return screen.explain(event);
}

Result<Explanation> explain_call(const ExplainCommand& command, const Screen& screen, Time time) {
    Call call;
    call.time = time;
    call.calling = AddressView(std::string_view(command.calling));
    call.called = AddressView(std::string_view(command.called));
    call.redirecting = AddressView(std::string_view(command.redirecting));
    take_word(traffic::kTonNames, command.calling_ton, call.calling.ton);
    take_word(traffic::kTonNames, command.called_ton, call.called.ton);
    take_word(traffic::kPresentationNames, command.presentation, call.calling.presentation);
    take_word(traffic::kVerstatNames, command.verstat, call.verstat);
    call.serving_country = command.serving_country;
    call.emergency = command.emergency;
    call.roaming = roaming_of(command.roaming);
    call.tenant = command.tenant;
    call.subscriber = command.subscriber;
    const auto trunk = trunk_of(command, screen);
    if (trunk) call.trunk = *trunk;
    return explain_event(call, trunk ? ok() : Status(trunk.error()), screen);
}

Result<Explanation> explain_sms(const ExplainCommand& command, const Screen& screen, Time time) {
    Sms sms;
    sms.time = time;
    TextArena arena;
    sms.sender = AddressView(std::string_view(command.calling));
    take_word(traffic::kTonNames, command.calling_ton, sms.sender.ton);
    sms.recipient = AddressView(std::string_view(command.called));
    sms.tenant = command.tenant;
    sms.subscriber = command.subscriber;
    sms.udhi = command.udhi;
    sms.coding_scheme = static_cast<std::uint8_t>(command.coding);
    Status read = ok();
    const auto trunk = trunk_of(command, screen);
    if (trunk)
        sms.trunk = *trunk;
    else
        read = trunk.error();
    if (!command.bind.empty()) {
        sms.bind = screen.bind(command.bind);
        if (sms.bind == BindId{})
            read = bad_option("--bind", command.bind, "the policy has no such [[bind]]");
    }
    const std::string& hex = command.pdu.empty() ? command.short_message : command.pdu;
    if (hex.empty()) {
        sms.content = {reinterpret_cast<const std::uint8_t*>(command.text.data()),
                       command.text.size()};
    } else {
        bool valid = false;
        sms.coding = command.pdu.empty() ? SmsCoding::kShortMessage : SmsCoding::kPdu;
        sms.content = arena.keep_hex(hex, valid);
        if (!valid) read = bad_option("octets", hex, "give pairs of hexadecimal digits");
    }
    return explain_event(sms, read, screen);
}

}  // namespace

int run(const ExplainCommand& command) {
    if (auto status = check_options(command); !status) return give_up(status.error());
    const auto time = time_of(command);
    if (!time) return give_up(time.error());
    ScreenOptions options;
    options.read_only = true;
    options.now = *time;
    auto screen = Screen::open(command.policy, options);
    if (!screen) return give_up(screen.error());
    const auto explanation = command.what == "call" ? explain_call(command, *screen, *time)
                                                    : explain_sms(command, *screen, *time);
    if (!explanation) return give_up(explanation.error());
    const bool written =
        write_out(command.json ? explanation->to_json() + "\n" : explanation->to_text());
    return written ? kExitOk : kExitUnwritable;
}

}  // namespace ringfence::cli
