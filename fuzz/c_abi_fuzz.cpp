// The C interface driven by a byte stream: each opcode is one call of include/ringfence.h, with arguments that
// are good, odd or wrong.
//
// Byte 0 says which screen; then every byte is an opcode and takes its arguments from what follows. With the twin
// bit a second screen of the same seed and policy gets the same calls, but single events where the first gets a
// batch or a chunk in stages: all that both answer must be equal.
//
// Opening a screen costs a hundred times what a call does, so most inputs share a warm pair. An input that
// changed its lists is the last to see it, and each begins three days after the one before: longer than anything
// that a screen remembers of its traffic. So an input runs the same alone as among others. Life and death, reloads,
// housekeeping and outlandish times belong to the cold inputs, which open screens of their own.
//
// It aborts on: a status that is none; an output that is not its safe value after a failure; an error text that
// is empty, unterminated or more than a line; a verdict without names; an emergency call that does not pass; a
// batch or chunk that is not what single events give; a stage out of turn that is not refused; an explanation
// that is no JSON; an entry that was added and is not found.
#include <cstdint>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/c_abi_input.hpp"
#include "fuzz/c_abi_policies.hpp"
#include "fuzz/c_abi_promises.hpp"
#include "fuzz/c_abi_screens.hpp"
#include "fuzz/c_abi_stages.hpp"

namespace {

using namespace c_abi;

// Opcodes from here on are a chunk in stages: beside the others, whose numbers the corpus holds.
constexpr std::uint8_t kFirstStaged = 0xF8;

class Machine {
public:
    explicit Machine(Screens& screens) : screens_(screens) {}

    // Runs one input; gives whether these screens are as they were, but for traffic.
    bool run(Input& in, bool warm) {
        constexpr unsigned kMostSteps = 64;
        in_ = &in;
        warm_ = warm;
        costly_ = warm ? 1 : 3;
        for (unsigned i = 0; i < kMostSteps && !in.done(); ++i) step();
        if (warm) undo();
        return !changed_;
    }

private:
    void step() {
        const std::uint8_t opcode = in_->byte();
        if (opcode >= kFirstStaged) return screen_stages(*in_, screens_);
        const unsigned code = opcode % 20;
        if (code <= 3) return code < 2 ? screen_calls(code == 1) : screen_messages(code == 3);
        switch (code) {
            case 4: return resume();
            case 5: return observe();
            case 8: return change(ringfence_screen_add);
            case 9: return change(ringfence_screen_remove);
            case 14: return note_emergency();
            case 15: return ask_handles();
            case 16: return ask_words();
            case 17:
                return check_null_refused(in_->byte(), screens_.first().screen,
                                          screens_.first().sessions[0]);
            case 19: return emergency();
            default: break;
        }
        if (costly_ == 0) return;
        --costly_;
        switch (code) {
            case 6: return explain(read_call(*in_), ringfence_screen_explain_call);
            case 7: return explain_message();
            case 18: return hold();
            default: break;
        }
        if (warm_) return;
        if (code == 10) return advance();
        if (code == 12) return screens_.open_sessions(in_->byte() % 3);
        if (code == 13) return screens_.close_sessions(in_->byte() % 3);
        if (code != 11) return;
        const std::uint8_t what = in_->byte();
        if (what >= 0xE0) {
            if (!screens_.restart()) held_.clear();
        } else {
            screens_.reload(what % kPolicies);
        }
        look_for_held();
    }

    // ---- events ----
    template <class Struct, class Single, class Many>
    void screen_events(std::span<const Struct> events, Single single, Many many) {
        const unsigned place = in_->byte() % 3;
        const Struct* laid = lay_out(*in_, events);
        const std::size_t stride = std::max(laid->struct_size, sizeof(std::size_t));
        const auto at = [&](std::size_t i) {
            return reinterpret_cast<const Struct*>(reinterpret_cast<const char*>(laid) +
                                                   i * stride);
        };
        std::vector<ringfence_verdict> verdicts(events.size(), garbage());
        const ringfence_session* session = screens_.first().sessions[place];
        const auto status =
            many(screens_.first().sessions[place], laid, events.size(), verdicts.data());
        require(known(status) && (session != nullptr || status == RINGFENCE_INVALID_ARGUMENT));
        for (const ringfence_verdict& one : verdicts) require(one.layout == 1);
        if (events.size() > 1 && stride % alignof(Struct) != 0)
            return require(status == RINGFENCE_INVALID_ARGUMENT);
        if (!screens_.twins()) return;
        ringfence_status first_refused = RINGFENCE_OK;
        for (std::size_t i = 0; i < events.size(); ++i) {
            ringfence_verdict verdict = garbage();
            const auto alone = single(screens_.sides()[1].sessions[place], at(i), &verdict);
            check_verdict(alone, verdict);
            require(equal(verdict, verdicts[i]));
            if (first_refused == RINGFENCE_OK) first_refused = alone;
        }
        require(status == first_refused);
    }
    void screen_calls(bool many) {
        const std::size_t count = many ? 1 + in_->byte() % 8 : 1;
        std::vector<ringfence_call> calls;
        for (std::size_t i = 0; i < count; ++i) calls.push_back(read_call(*in_));
        if (many) {
            return screen_events<ringfence_call>(calls, ringfence_session_screen_call,
                                                 ringfence_session_screen_calls);
        }
        single(calls[0], ringfence_session_screen_call);
    }
    void screen_messages(bool many) {
        const std::size_t count = many ? 1 + in_->byte() % 8 : 1;
        std::vector<ringfence_sms> messages;
        for (std::size_t i = 0; i < count; ++i) messages.push_back(read_sms(*in_));
        if (many) {
            return screen_events<ringfence_sms>(messages, ringfence_session_screen_sms,
                                                ringfence_session_screen_messages);
        }
        single(messages[0], ringfence_session_screen_sms);
    }
    // One event on every side; what each side answered is equal.
    template <class Struct, class Screen>
    ringfence_verdict single(const Struct& event, Screen screen) {
        const unsigned place = in_->byte() % 3;
        const Struct* laid = lay_out(*in_, std::span(&event, 1));
        ringfence_verdict first = garbage();
        for (Side& side : screens_.sides()) {
            ringfence_verdict verdict = garbage();
            const auto status = screen(side.sessions[place], laid, &verdict);
            check_verdict(status, verdict);
            if (status == RINGFENCE_OK)
                require(verdict.generation == ringfence_screen_generation(side.screen));
            if (&side == &screens_.first()) first = verdict;
            require(equal(verdict, first));
        }
        return first;
    }
    void resume() {
        const ringfence_call call = read_call(*in_);
        const std::uint8_t roaming = in_->enumerator(3);
        single(call, [&](ringfence_session* session, const ringfence_call* laid,
                         ringfence_verdict* verdict) {
            return ringfence_session_resume(session, laid, roaming, verdict);
        });
    }
    void observe() {
        const ringfence_call call = read_call(*in_);
        const unsigned place = in_->byte() % 3;
        const ringfence_call* laid = lay_out(*in_, std::span(&call, 1));
        for (Side& side : screens_.sides())
            require(known(ringfence_session_observe(side.sessions[place], laid)));
    }
    // A call to an emergency number passes, and for 90 minutes so does whatever goes to its caller.
    void emergency() {
        const std::uint8_t which = in_->byte();
        const char* called =
            screens_.live_policy() == 3 ? "112" : kEmergency[which % std::size(kEmergency)];
        ringfence_call call = read_call(*in_);
        call.called = address_of(in_->copy(called));
        call.phase = RINGFENCE_PHASE_SETUP;
        const ringfence_verdict verdict = single(call, ringfence_session_screen_call);
        if (verdict.flags & RINGFENCE_FLAG_BAD_INPUT && verdict.generation == 0) return;
        require(verdict.generation == 0 || verdict.action == RINGFENCE_ALLOW);
        require(verdict.generation == 0 || named_stage(verdict, "emergency"));

        ringfence_call back = ringfence_call_init();
        back.calling = address_of(in_->copy("17000001234"));
        back.called = address_of(in_->copy("+8617000001234"));
        back.time_ms = in_->time();
        for (Side& side : screens_.sides()) {
            const ringfence_address caller = back.called;
            const auto status = ringfence_screen_note_emergency(side.screen, &caller, back.time_ms);
            require((status == RINGFENCE_OK) == (side.screen != nullptr));
        }
        require(single(back, ringfence_session_screen_call).action <= RINGFENCE_TAG);
    }

    // ---- questions ----
    template <class Struct, class Explain>
    void explain(const Struct& event, Explain ask) {
        const Struct* laid = lay_out(*in_, std::span(&event, 1));
        explained(laid, ask, in_->byte() < 0x40 ? in_->byte() : std::size_t{16} << 10u);
    }
    template <class Struct, class Explain>
    std::string explained(const Struct* event, Explain ask, std::size_t capacity) {
        std::string first;
        for (Side& side : screens_.sides()) {
            CheckedError error;
            std::unique_ptr<char[]> buffer(new char[capacity]);
            std::memset(buffer.get(), 'x', capacity);
            std::size_t size = 1;
            const auto status =
                error.check(ask(side.screen, event, &error.error, buffer.get(), capacity, &size));
            std::string text = check_text(status, buffer.get(), capacity, size);
            if (status == RINGFENCE_OK) require(nlohmann::json::accept(text));
            if (&side == &screens_.first()) first = text;
            require(text == first);
        }
        return first;
    }
    void explain_message() {
        const ringfence_sms sms = read_sms(*in_);
        explain(sms, ringfence_screen_explain_sms);
        for (Side& side : screens_.sides()) read_content(side.screen, sms);
    }
    // What it says lies in its octets, and one place behind the other.
    static void read_content(const ringfence_screen* screen, const ringfence_sms& sms) {
        CheckedError error;
        ringfence_decoded decoded = ringfence_decoded_init();
        decoded.units = 1;
        std::vector<char> text(std::size_t{1} << 17u, 'x');
        std::size_t size = 1;
        const auto status = error.check(ringfence_screen_decode(
            screen, &sms, &error.error, &decoded, text.data(), text.size(), &size));
        require(known(status) && size < text.size() && text[size] == '\0');  // and zeros inside
        if (status != RINGFENCE_OK) return require(decoded.units == 0 && decoded.oddities == 0);
        require(size >= decoded.units);
        const ringfence_sms twice[2] = {sms, sms};
        std::size_t last = 0;
        for (std::uint32_t unit = 0; unit < 2 * decoded.units; unit += 1 + decoded.units / 8) {
            ringfence_place place = ringfence_place_init();
            require(error.check(ringfence_screen_place(screen, twice, 2, unit, 1, &error.error,
                                                       &place)) == RINGFENCE_OK);
            require(place.units == 1 && place.part == unit / decoded.units && place.octets > 0);
            const std::size_t at = place.part * sms.content_size + place.octet;
            require(at >= last && place.octet + std::size_t{place.octets} <= sms.content_size);
            last = at;
        }
    }
    void ask_words() {
        ringfence_verdict verdict = {};
        verdict.generation = static_cast<std::uint32_t>(in_->word(4));
        if (in_->byte() < 0x80)
            verdict.generation = ringfence_screen_generation(screens_.first().screen);
        verdict.rule = static_cast<std::uint32_t>(in_->word(in_->byte() < 0x80 ? 1 : 4));
        verdict.category = static_cast<std::uint16_t>(in_->word(in_->byte() < 0x80 ? 1 : 2));
        verdict.reason = static_cast<std::uint16_t>(in_->word(in_->byte() < 0x80 ? 1 : 2));
        verdict.action = in_->byte();
        verdict.stage = in_->byte();
        verdict.shadow_action = in_->byte();
        const std::size_t capacity = in_->byte() % 64;
        require(ringfence_action_name(verdict.action) && ringfence_stage_name(verdict.stage) &&
                ringfence_reason_name(verdict.reason));
        for (Side& side : screens_.sides()) {
            for (const auto ask :
                 {ringfence_screen_rule_id, ringfence_screen_category, ringfence_screen_param}) {
                std::unique_ptr<char[]> buffer(new char[capacity]);
                std::size_t size = 1;
                const auto status = ask(side.screen, &verdict, buffer.get(), capacity, &size);
                check_text(status, buffer.get(), capacity, size);
            }
            std::unique_ptr<char[]> redress(new char[capacity]);
            std::size_t length = 1;
            check_text(
                ringfence_screen_redress_address(side.screen, redress.get(), capacity, &length),
                redress.get(), capacity, length);
            ringfence_verdict bad = garbage();
            check_verdict(ringfence_screen_bad_row(side.screen, &bad), bad);
            for (const auto ask :
                 {ringfence_screen_sip_code, ringfence_screen_q850_cause,
                  ringfence_screen_smpp_status, ringfence_screen_smpp_deliver_status})
                require(ask(side.screen, &verdict) == 0 || verdict.action > RINGFENCE_TAG);
        }
    }
    void ask_handles() {
        const ringfence_string id = in_->id();
        const std::uint8_t kind = in_->byte();
        for (Side& side : screens_.sides()) {
            std::uint8_t yes = 7;
            const auto told = ringfence_screen_is_number(side.screen, id, &yes);
            require(yes <= (told == RINGFENCE_OK));
            const auto trunk = ringfence_screen_trunk(side.screen, id);
            require(trunk == ringfence_screen_trunk(screens_.first().screen, id) &&
                    (trunk == 0 || trunk > 4));
            require(ringfence_screen_bind(side.screen, id) ==
                    ringfence_screen_bind(screens_.first().screen, id));
            // No memory was named to publish to.
            CheckedError error;
            std::uint64_t generation = 7;
            require(error.check(ringfence_screen_publish(side.screen, &error.error, &generation)) ==
                        RINGFENCE_INVALID_ARGUMENT &&
                    generation == 0);
            const auto bare = ringfence_screen_trunk_of_kind(side.screen, kind);
            require(bare == (side.screen != nullptr && kind <= 4 ? kind : 0));
        }
    }
    // ---- lists ----
    template <class Apply>
    void change(Apply apply) {
        ringfence_list_change entry = ringfence_list_change_init();
        entry.list = in_->id();
        entry.entry = in_->string(in_->number());
        const std::uint8_t more = in_->byte();
        if (more & 1u) entry.source = in_->string(in_->octets());
        if (more & 2u) entry.expires_ms = in_->time();
        const ringfence_list_change* laid = lay_out(*in_, std::span(&std::as_const(entry), 1));
        std::uint64_t first = 0;
        for (Side& side : screens_.sides()) {
            CheckedError error;
            std::uint64_t number = 99;
            const auto status = error.check(apply(side.screen, laid, &error.error, &number));
            require((status == RINGFENCE_OK) == (number != 0));
            if (&side == &screens_.first()) first = number;
            require(number == first);
        }
        if (first == 0) return;
        held_.clear();  // it may have been one of those
        const std::string_view list(entry.list.data, entry.list.size);
        changed_ |= list == "fraud";
        note(list, {entry.entry.data, entry.entry.size});
    }
    // Takes off what this input put on lists whose files are empty.
    void undo() {
        for (const auto& [list, written] : added_) {
            ringfence_list_change entry = ringfence_list_change_init();
            entry.list = {list.data(), list.size()};
            entry.entry = {written.data(), written.size()};
            for (Side& side : screens_.sides()) {
                const auto status = ringfence_screen_remove(side.screen, &entry, nullptr, nullptr);
                require(status == RINGFENCE_OK || status == RINGFENCE_MISSING);
            }
        }
        added_.clear();
        held_.clear();
    }
    void note(std::string_view list, std::string_view entry) {
        if (warm_) added_.emplace_back(list, entry);
    }
    // An entry that stays is found from the moment that add returned: after reloads, and after a restart with a journal.
    void hold() {
        if (screens_.live_policy() == 4) return;
        held_ = "+861380000900" + std::to_string(in_->byte() % 10);
        ringfence_list_change entry = ringfence_list_change_init();
        entry.list = in_->string(in_->copy("live"));
        if (entry.list.data == nullptr) return held_.clear();
        entry.entry.data = held_.data();
        entry.entry.size = held_.size();
        for (Side& side : screens_.sides()) {
            CheckedError error;
            const auto status =
                error.check(ringfence_screen_add(side.screen, &entry, &error.error, nullptr));
            require((status == RINGFENCE_OK) == (side.screen != nullptr));
        }
        note("live", held_);
        look_for_held();
    }
    void look_for_held() {
        if (held_.empty() || screens_.first().screen == nullptr || screens_.live_policy() == 4)
            return;
        ringfence_call call = ringfence_call_init();
        call.calling = address_of(in_->copy(held_));
        call.called = address_of(in_->copy("+8613800001111"));
        call.time_ms = Input::kNoon;
        const std::string json =
            explained(&call, ringfence_screen_explain_call, std::size_t{16} << 10u);
        require(json.find("\"rule\":\"live\"") != std::string::npos);
    }
    void advance() {
        const std::int64_t now = in_->time();
        for (Side& side : screens_.sides()) {
            CheckedError error;
            const auto status =
                error.check(ringfence_screen_advance(side.screen, now, &error.error));
            require((status == RINGFENCE_OK) == (side.screen != nullptr));
        }
    }
    void note_emergency() {
        const ringfence_address caller = read_address(*in_);
        const std::int64_t time = in_->time();
        for (Side& side : screens_.sides())
            require(known(ringfence_screen_note_emergency(side.screen, &caller, time)));
    }

    Screens& screens_;
    Input* in_ = nullptr;
    unsigned costly_ = 0;  // steps of some milliseconds that are left
    bool warm_ = false;
    bool changed_ = false;
    std::string held_;
    std::vector<std::pair<std::string, std::string>> added_;
};

constexpr unsigned kWarmPolicy = 2;
constexpr unsigned kWarmInputs = 1'000;  // eight years of three days

// A cold input costs as much as a hundred others, so few values of byte 0 ask for one; 0xFF is not among them,
// because it is the byte that a fuzzer likes best.
constexpr std::uint8_t kFirstCold = 0xF0, kLastCold = 0xF9;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Folders folders;
    static std::unique_ptr<Screens> warm;
    static unsigned inputs = 0;
    Input input(data, size);
    const std::uint8_t how = input.byte();
    if (how >= kFirstCold && how <= kLastCold) {
        Screens cold(folders, 0, 1 + (how & 1u), (how >> 1u) % 3, how);
        Machine(cold).run(input, false);
        if (how == kLastCold) cold.compare_counters();
        return 0;
    }
    if (warm == nullptr || inputs == kWarmInputs) {
        warm = std::make_unique<Screens>(folders, 2, 2, kWarmPolicy, 1);
        inputs = 0;
    }
    input.start_warm(inputs++);
    if (!Machine(*warm).run(input, true)) warm.reset();
    return 0;
}
