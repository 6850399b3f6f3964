// The calls of the day: each kind of caller has a share, and makes calls until it is used up.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "src/study/city_callers.hpp"

namespace ringfence::study {
namespace {

constexpr std::int64_t kMinuteMs = 60 * kSecondMs;

class Day {
public:
    Day(City& city, const CityOptions& options)
        : city_(city), random_(options.seed ^ 0x63616C6C00000001u), total_(options.calls) {
        calls_.reserve(total_);
    }

    std::vector<CallEvent> run() {
        kind(kCourierShare, [this] { courier(); });
        kind(kCallCentreShare, [this] { call_centre(); });
        kind(kServiceShare, [this] { service(); });
        kind(kRoamerShare, [this] { roamer(); });
        kind(kForeignShare, [this] { foreign(); });
        kind(kEmergencyShare, [this] { emergency(); });
        kind(kForwardedShare, [this] { forwarded(); });
        kind(kWithheldShare, [this] { withheld(); });
        kind(kBurstShare, [this] { burst(); });
        kind(kSimboxShare, [this] { simbox(); });
        kind(kSpoofShare, [this] { spoof(); });
        kind(kIotShare, [this] { iot(); });
        kind(kWangiriShare, [this] { wangiri(); });
        kind(kBombingShare, [this] { bombing(); });
        kind(kFraudAbroadShare, [this] { fraud_abroad(); });
        until(total_, [this] { ordinary(); });
        std::sort(calls_.begin(), calls_.end(), [](const CallEvent& a, const CallEvent& b) {
            return std::pair(a.ms, a.order) < std::pair(b.ms, b.order);
        });
        return std::move(calls_);
    }

private:
    // Lets `actor` make calls until there are `end` of them. Each actor makes at least one.
    template <class Actor>
    void until(std::uint64_t end, Actor actor) {
        end_ = std::min(end, total_);
        while (calls_.size() < end_) actor();
    }
    template <class Actor>
    void kind(std::uint64_t share, Actor actor) {
        // Whole ten-thousandths of the total, so that every kind has its share of a small city too.
        due_ += total_ * share;
        until(due_ / 10'000, actor);
    }

    // A call at `ms` of the day, unless the share is used up or the day over.
    void add(CallEvent call, std::int64_t ms) {
        if (calls_.size() >= end_) return;
        call.ms = city_.start_ms() + std::min(ms, kDayMs - 1) / kSecondMs * kSecondMs;
        call.order = calls_.size();
        if (call.call_id == 0) call.call_id = random_.next();
        calls_.push_back(std::move(call));
    }

    static CallEvent from(const Subscriber& caller) {
        CallEvent call;
        call.calling = std::to_string(caller.number);
        call.imei = caller.imei;
        call.cell = caller.cell;
        return call;
    }

    // As people dial a mobile.
    std::string dialled(const Subscriber& callee) {
        std::string number = std::to_string(callee.number);
        constexpr std::array<std::uint16_t, 6> kForms = {860, 60, 50, 10, 10, 10};
        switch (random_.weighted(kForms)) {
            case 1: return "0" + number;
            case 2: return "+86" + number;
            case 3: return "0086" + number;
            case 4: return "12593" + number;
            case 5: return "17951" + number;
            default: return number;
        }
    }

    std::string abroad_form(const std::string& digits) {
        return (random_.per_mille(500) ? "+" : "00") + digits;
    }

    CallEvent from_abroad(const std::string& digits) {
        CallEvent call;
        call.calling = abroad_form(digits);
        call.trunk = CityTrunk::kInternational;
        return call;
    }

    // One of ten fraud callers in six is known from before.
    void maybe_list(const std::string& number, FraudType type) {
        if (random_.per_mille(600)) {
            city_.fraud_list.push_back({number, false, std::string(name_of(type))});
        }
    }

    void ordinary() {
        const std::size_t caller = random_.below(city_.subscribers().size());
        CallEvent call = from(city_.subscribers()[caller]);
        call.called = dialled(city_.friend_of(caller, random_));
        constexpr std::array<std::uint16_t, 5> kKinds = {780, 100, 60, 40, 20};
        switch (random_.weighted(kKinds)) {
            case 1: call.called = "0" + landline(random_); break;
            case 2: call.called = city_landline(random_).substr(3); break;
            case 3: call.called = std::string(random_.pick(kServices)); break;
            case 4:
                call.calling = "0" + landline(random_);
                call.imei = 0;
                call.cell = 0;
                call.trunk = CityTrunk::kNational;
                break;
            default: break;
        }
        if (call.trunk == CityTrunk::kSubscriber && random_.per_mille(350)) {
            call.trunk = CityTrunk::kNational;
            if (random_.per_mille(300)) call.calling = "+86" + call.calling;
        }
        const std::int64_t ms = waking_ms(random_);
        call.call_id = random_.next();
        add(call, ms);
        if (random_.per_mille(15)) add(call, ms + 2 * kSecondMs);  // the switch repeats the INVITE
        if (random_.per_mille(80)) {
            // Nobody answered: once more.
            call.call_id = 0;
            add(call, ms + 5 * kMinuteMs);
        }
    }

    // Many calls, most of them once or twice to each customer, and customers who call back.
    void courier() {
        Subscriber courier;
        courier.number = city_.new_mobile(random_);
        courier.imei = imei(random_);
        courier.cell = static_cast<std::uint32_t>(random_.between(1, 400));
        if (random_.per_mille(250)) {
            city_.allow_list.push_back({std::to_string(courier.number), false, "courier"});
        }
        const std::uint64_t customers = random_.between(50, 110);
        for (std::uint64_t i = 0; i < customers; ++i) {
            const Subscriber& customer = city_.anybody(random_);
            const std::int64_t ms = office_ms(random_);
            CallEvent call = from(courier);
            call.called = dialled(customer);
            add(call, ms);
            const std::uint64_t again = random_.below(3);
            for (std::uint64_t j = 0; j < again; ++j) {
                add(call, ms + static_cast<std::int64_t>(1 + j) * 7 * kMinuteMs);
            }
            if (random_.per_mille(400)) {
                CallEvent back = from(customer);
                back.called = std::to_string(courier.number);
                add(back, ms + 3 * kMinuteMs);
            }
        }
    }

    // Answers and calls back customers from a landline or a 950 number.
    void call_centre() {
        const std::string line = city_landline(random_);
        const std::string shown = random_.per_mille(850)
                                      ? "0" + line
                                      : "950" + std::to_string(random_.between(10000, 99999));
        if (random_.per_mille(500)) city_.allow_list.push_back({shown, false, "call_centre"});
        const std::uint64_t customers = random_.between(150, 600);
        for (std::uint64_t i = 0; i < customers; ++i) {
            const Subscriber& customer = city_.anybody(random_);
            const std::int64_t ms = office_ms(random_);
            CallEvent out;
            out.calling = shown;
            out.called = std::to_string(customer.number);
            out.trunk = CityTrunk::kNational;
            add(out, ms);
            if (random_.per_mille(350)) add(out, ms + 40 * kMinuteMs);
            if (random_.per_mille(450)) {
                CallEvent in = from(customer);
                in.called = shown;
                add(in, ms + 11 * kMinuteMs);
            }
        }
    }

    void service() {
        CallEvent call;
        call.calling = std::string(random_.pick(kServices));
        call.called = std::to_string(city_.anybody(random_).number);
        call.trunk = CityTrunk::kNational;
        add(call, office_ms(random_));
    }

    void roamer() {
        const std::size_t index = random_.below(city_.subscribers().size());
        const Subscriber& roamer = city_.subscribers()[index];
        CallEvent call = from_abroad("86" + std::to_string(roamer.number));
        call.imei = roamer.imei;
        call.called = std::to_string(city_.friend_of(index, random_).number);
        call.roaming = random_.per_mille(850) ? CityRoaming::kYes : CityRoaming::kUnknown;
        add(call, waking_ms(random_));
    }

    void foreign() {
        CallEvent call = from_abroad(digits_of(random_.pick(kHonestAbroad), random_));
        call.called = std::to_string(city_.anybody(random_).number);
        const std::int64_t ms = waking_ms(random_);
        add(call, ms);
        if (random_.per_mille(300)) add(call, ms + 20 * kMinuteMs);
    }

    // An emergency call, and those who call back: they must get through, whoever they are.
    void emergency() {
        const Subscriber& caller = city_.anybody(random_);
        const std::int64_t ms = waking_ms(random_);
        CallEvent call = from(caller);
        call.called = std::string(random_.pick(kEmergency));
        call.emergency = random_.per_mille(400);
        add(call, ms);
        const std::uint64_t backs = random_.below(3);
        for (std::uint64_t i = 0; i < backs; ++i) {
            CallEvent back;
            back.called = std::to_string(caller.number);
            back.trunk = CityTrunk::kNational;
            switch (random_.below(4)) {
                case 0: back.calling = "110"; break;
                case 1: back = from(city_.anybody(random_)); break;
                default: back.calling = "0" + city_landline(random_); break;
            }
            back.called = std::to_string(caller.number);
            add(back, ms + static_cast<std::int64_t>(random_.between(1, 80)) * kMinuteMs);
        }
    }

    // A call to somebody who is abroad and forwards it home: late forwarding from abroad.
    void forwarded() {
        CallEvent call = from_abroad("86" + landline(random_));
        call.redirecting = "+86" + std::to_string(city_.anybody(random_).number);
        call.called = std::to_string(city_.anybody(random_).number);
        add(call, waking_ms(random_));
    }

    void withheld() {
        CallEvent call;
        call.called = std::to_string(city_.anybody(random_).number);
        call.trunk = random_.per_mille(700) ? CityTrunk::kNational : CityTrunk::kInternational;
        add(call, waking_ms(random_));
    }

    // One card that calls a list of victims once each, as fast as one can talk them over.
    void burst() {
        const FraudType type = story(random_);
        Subscriber caller;
        caller.number =
            random_.per_mille(600) ? city_.new_virtual_mobile(random_) : city_.new_mobile(random_);
        caller.imei = imei(random_);
        caller.cell = static_cast<std::uint32_t>(random_.between(1, 400));
        maybe_list(std::to_string(caller.number), type);
        std::int64_t ms = office_ms(random_);
        const std::uint64_t victims = random_.between(60, 180);
        for (std::uint64_t i = 0; i < victims; ++i) {
            CallEvent call = from(caller);
            call.called = std::to_string(city_.anybody(random_).number);
            call.trunk = random_.per_mille(500) ? CityTrunk::kNational : CityTrunk::kSubscriber;
            call.fraud = type;
            add(call, ms);
            if (random_.per_mille(60)) add(call, ms + 30 * kSecondMs);
            ms += static_cast<std::int64_t>(random_.between(15, 75)) * kSecondMs;
        }
    }

    // A box of cards that take turns behind a few devices and one cell.
    void simbox() {
        const auto cell = static_cast<std::uint32_t>(random_.between(1, 400));
        std::array<std::uint64_t, 4> devices{};
        for (std::uint64_t& device : devices) device = imei(random_);
        std::vector<std::uint64_t> cards(random_.between(8, 24));
        for (std::uint64_t& card : cards) {
            card = city_.new_virtual_mobile(random_);
            maybe_list(std::to_string(card), FraudType::kSimbox);
        }
        std::int64_t ms = office_ms(random_);
        const std::uint64_t rounds = cards.size() * random_.between(10, 40);
        for (std::uint64_t i = 0; i < rounds; ++i) {
            CallEvent call;
            call.calling = std::to_string(cards[i % cards.size()]);
            call.imei = random_.pick(devices);
            call.cell = cell;
            call.called = std::to_string(city_.anybody(random_).number);
            call.fraud = FraudType::kSimbox;
            add(call, ms);
            ms += static_cast<std::int64_t>(random_.between(2, 20)) * kSecondMs;
        }
    }

    // From abroad under a number of home that inspires trust.
    void spoof() {
        CallEvent call;
        call.trunk = CityTrunk::kInternational;
        call.called = std::to_string(city_.anybody(random_).number);
        call.fraud = FraudType::kFakeAuthority;
        constexpr std::array<std::uint16_t, 9> kTricks = {18, 14, 14, 16, 12, 8, 8, 4, 6};
        switch (random_.weighted(kTricks)) {
            case 0: call.calling = "+95588"; break;
            case 1: call.calling = random_.per_mille(500) ? "+96110" : "+86110"; break;
            case 2: call.calling = "00" + std::string(random_.pick(kServices)); break;
            case 3: call.calling = "+86" + landline(random_); break;
            case 4:
                call.calling = "+86" + std::to_string(city_.anybody(random_).number);
                call.roaming = CityRoaming::kNo;
                call.fraud = FraudType::kFakeBossOrFriend;
                break;
            case 5:
                call.calling = "+400" + std::to_string(random_.between(1'000'000, 9'999'999));
                break;
            case 6: call.calling = "+10086"; break;
            case 7: call.calling = "000" + landline(random_); break;
            default: call.calling = "0" + landline(random_); break;
        }
        if (call.calling == "+95588" || call.calling.starts_with("+400")) {
            call.fraud = FraudType::kFakeCourierService;
        }
        std::int64_t ms = office_ms(random_);
        const std::uint64_t victims = random_.between(1, 6);
        for (std::uint64_t i = 0; i < victims; ++i) {
            add(call, ms);
            call.called = std::to_string(city_.anybody(random_).number);
            ms += static_cast<std::int64_t>(random_.between(20, 200)) * kSecondMs;
        }
    }

    void iot() {
        CallEvent call;
        call.calling = std::to_string(city_.new_iot(random_));
        call.imei = imei(random_);
        call.fraud = FraudType::kSimbox;
        std::int64_t ms = office_ms(random_);
        const std::uint64_t victims = random_.between(5, 40);
        for (std::uint64_t i = 0; i < victims; ++i) {
            call.called = std::to_string(city_.anybody(random_).number);
            add(call, ms);
            ms += static_cast<std::int64_t>(random_.between(20, 120)) * kSecondMs;
        }
    }

    // One ring from a range that pays for being called back.
    void wangiri() {
        const Abroad& range = random_.pick(kWangiri);
        CallEvent call = from_abroad(digits_of(range, random_));
        call.fraud = FraudType::kWangiri;
        maybe_list("+" + call.calling.substr(call.calling.front() == '+' ? 1 : 2), call.fraud);
        std::int64_t ms = waking_ms(random_);
        const std::uint64_t victims = random_.between(20, 120);
        for (std::uint64_t i = 0; i < victims; ++i) {
            call.called = std::to_string(city_.anybody(random_).number);
            add(call, ms);
            ms += static_cast<std::int64_t>(random_.between(1, 5)) * kSecondMs;
        }
    }

    // Many numbers that ring one victim without end.
    void bombing() {
        const Subscriber& victim = city_.anybody(random_);
        std::int64_t ms = waking_ms(random_);
        const std::uint64_t rings = random_.between(60, 200);
        for (std::uint64_t i = 0; i < rings; ++i) {
            CallEvent call;
            call.calling = std::to_string(city_.new_virtual_mobile(random_));
            call.called = std::to_string(victim.number);
            call.trunk = CityTrunk::kNational;
            call.fraud = FraudType::kCallBombing;
            add(call, ms);
            ms += static_cast<std::int64_t>(random_.between(3, 25)) * kSecondMs;
        }
    }

    void fraud_abroad() {
        const FraudType type =
            random_.per_mille(500) ? FraudType::kFakeInvestment : FraudType::kRomance;
        CallEvent call = from_abroad(digits_of(random_.pick(kFraudAbroad), random_));
        call.fraud = type;
        maybe_list("+" + call.calling.substr(call.calling.front() == '+' ? 1 : 2), type);
        std::int64_t ms = waking_ms(random_);
        const std::uint64_t victims = random_.between(5, 40);
        for (std::uint64_t i = 0; i < victims; ++i) {
            call.called = std::to_string(city_.anybody(random_).number);
            add(call, ms);
            ms += static_cast<std::int64_t>(random_.between(30, 300)) * kSecondMs;
        }
    }

    City& city_;
    Random random_;
    std::uint64_t total_;
    std::uint64_t due_ = 0;  // ten-thousandths of calls
    std::uint64_t end_ = 0;
    std::vector<CallEvent> calls_;
};

}  // namespace

std::vector<CallEvent> make_calls(City& city, const CityOptions& options) {
    // Known from other cities and from before: never seen today, or seen from a whole range.
    Random random(options.seed ^ 0x6C69737400000001u);
    for (int i = 0; i < 500; ++i) {
        city.fraud_list.push_back({std::to_string(city.new_virtual_mobile(random)), false,
                                   std::string(name_of(story(random)))});
    }
    city.fraud_list.push_back({"+8821355", true, "wangiri"});
    return Day(city, options).run();
}

}  // namespace ringfence::study
