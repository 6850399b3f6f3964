// A register is read or refused, whatever the octets, each row once; and what is in it stands: a registered sender is
// registered in every case it may be written in, and never unregistered.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/senders/register.hpp"
#include "ringfence/text/skeleton.hpp"

namespace {

using namespace ringfence;

void require(bool holds) {
    if (!holds) std::abort();
}

SenderRegister::Judgement judged(const SenderRegister& senders, const DialPlan& plan,
                                 std::string_view sender, Time time,
                                 const SenderOrigin& origin = {}) {
    const Address address = parse(AddressView(sender));
    return senders.judge(address, normalize(address, plan), sender, origin, time);
}

// Some moment at which the grant is in force.
Time within(const SenderRegister::Grant& grant) {
    if (grant.since) return *grant.since;
    return grant.until ? *grant.until - Milliseconds(1) : Time{};
}

void check(const SenderRegister& senders, const DialPlan& plan) {
    for (const SenderRegister::Sender& sender : senders.senders()) {
        require(!sender.written.empty() && !sender.grants.empty());
        for (const SenderRegister::Grant& grant : sender.grants) {
            require(grant.in_force(within(grant)));
            const auto stands = judged(senders, plan, sender.written, within(grant)).standing;
            require(stands == SenderStanding::kRegistered);
            SenderOrigin other;
            other.other_way = true;
            const auto elsewhere =
                judged(senders, plan, sender.written, within(grant), other).standing;
            require(elsewhere == SenderStanding::kRegistered ||
                    elsewhere == SenderStanding::kWrongWay);
            if (sender.code) continue;
            // A name with something unseen in it is no registered name, and looks like this one.
            const std::string unseen = sender.written + "\u200b";
            NameKey key;
            if (parse(AddressView(unseen)).kind == AddressKind::kAlphanumeric &&
                look_alike_key(unseen, key)) {
                const auto like = judged(senders, plan, unseen, within(grant));
                require(like.standing != SenderStanding::kUnregistered);
            }
        }
    }
    for (const auto& [first, second] : senders.alike()) require(first != second);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const auto plans = DialPlan::all();
    SenderSource source;
    source.path = "senders.csv";
    source.plan = &plans[data[0] % plans.size()];
    source.binds = {"a", "agg-1"};
    source.trunks = {"t"};
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto loaded = SenderRegister::from_text(text, source);
    if (!loaded) {
        require(loaded.error().text.starts_with("senders.csv"));
        require(loaded.error().text.find('\n') == std::string::npos);
        return 0;
    }
    require(loaded->report.errors.size() <= loaded->report.bad_rows);
    std::uint64_t grants = 0;
    for (const auto& sender : loaded->senders.senders()) grants += sender.grants.size();
    require(grants == loaded->report.rows);
    check(loaded->senders, *source.plan);
    // And whatever asks: the octets themselves, as a name.
    judged(loaded->senders, *source.plan, text.substr(0, 2'000), Time{});
    return 0;
}
