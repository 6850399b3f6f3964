// normalize.hpp - what an address means under a dial plan.
//
// The same eleven digits are a mobile at home and half a foreign number elsewhere. `normalize` reads an
// Address as a switch of the plan's country would, and keeps what it noticed on the way: the form it
// came in, what kind of number it is, and every oddity (a '+' before a national number is itself a sign
// of spoofing). It refuses nothing: what to do about an oddity is caller_id's and the policy's affair.
//
// Cost: no allocation; a few table look-ups.
#pragma once

#include <cstdint>
#include <string_view>

#include "ringfence/number/address.hpp"
#include "ringfence/number/country.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

class DialPlan;

// The shape in which the number was written.
enum class Form : std::uint8_t {
    kNone = 0,         // no number
    kNational = 1,     // national significant number alone: 13800138000, 01012345678 without its 0
    kTrunk = 2,        // with the trunk prefix: 0 + area + subscriber, 0 + mobile
    kPlus = 3,         // + and a country code
    kPrefix = 4,       // the international prefix (00, 011) and a country code
    kCountryCode = 5,  // a country code with nothing before it: 86 138...
    kMalformed = 6,    // 086..., 000..., +0..., +86 or 0 alone: no plan writes this
    kShort = 7,        // a short code: 95588, 110
    kIpCall = 8,       // behind an IP-call prefix: 17951 + number
    // Of emergency numbers alone (docs/emergency-numbers.md):
    kServiceUrn = 9,    // the emergency services by name: urn:service:sos, sip:sos@...
    kRestriction = 10,  // behind a prefix that shows or withholds the caller: *31#110, *67911
    kEnded = 11,        // with a '#' or fillers behind, or in full-width digits: 112#, 110F
};

enum class NumberKind : std::uint8_t {
    kUnknown = 0,
    kMobile = 1,
    kLandline = 2,
    kShortCode = 3,  // bank, operator, public service codes
    kEmergency = 4,
    kTollFree = 5,    // 800
    kSharedCost = 6,  // 400
    kPremium = 7,
    kIot = 8,
    kSmsPort = 9,    // 106x, up to 20 digits
    kReserved = 10,  // a range that is not issued
    kSatellite = 11,
    kVoip = 12,
    kPersonal = 13,
    kOther = 14,          // valid, of a kind not named here
    kFixedOrMobile = 15,  // the plan does not tell them apart: North America
};

// What was odd about it. Bits; several may hold.
enum class Oddity : std::uint16_t {
    kNone = 0,
    kBadLength = 1 << 0,       // its range does not have this length
    kUnknownRange = 1 << 1,    // in no range that the plan knows
    kPlusOnNational = 1 << 2,  // '+' or the international prefix before a national or short number
    kLookAlike = 1 << 3,   // no valid number, and reads like a protected, short, 400/800 or 106 one
    kTripleZero = 1 << 4,  // begins 000
    kPlusZero = 1 << 5,    // begins +0
    kMalformedPrefix = 1 << 6,     // 086...
    kCountryBeforeShort = 1 << 7,  // the home country code before a short code
    kTrunkAfterCountry = 1 << 8,   // a trunk 0 after the country code: +86 010...
    kTooLong = 1 << 9,             // more digits than a number has
    kReservedRange = 1 << 10,
    kTonDisagrees = 1 << 11,  // type of number says one thing, the digits another
    kIpPrefix = 1 << 12,      // an IP-call prefix was taken off
};
constexpr Oddity operator|(Oddity a, Oddity b) {
    return static_cast<Oddity>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has(Oddity set, Oddity bit) {
    return (static_cast<unsigned>(set) & static_cast<unsigned>(bit)) != 0;
}

struct Normalized {
    Number number;  // empty for no number, and for one of over 15 digits
    Form form = Form::kNone;
    NumberKind kind = NumberKind::kUnknown;
    Oddity oddities = Oddity::kNone;
    CountryCode country = CountryCode{};  // where the number belongs; none when unknown
    bool domestic = false;                // belongs to the plan's own country
    // A complete number of its plan: range and length known. A foreign one of a possible length in a range
    // that is not known is valid too, with kUnknownRange.
    bool valid = false;
    // A member of the plan's emergency set, in whatever form it is called. In a form that is no number of
    // the plan (+110, *31#110, urn:service:sos) this, `kind` and `form` alone say so: `number` and `valid`
    // stay as they are without it, so that a caller gains nothing by it.
    bool emergency = false;
    bool is_protected = false;   // a member of the plan's protected set, area code or not
    bool long_national = false;  // a valid national number of 16-24 digits: see `digits`
    std::uint8_t size = 0;
    std::array<char, Address::kMaxText> chars{};  // country code and national digits, whole

    constexpr std::string_view digits() const { return {chars.data(), size}; }
};

// Reads `address` under `plan`. Never fails: what is no number gives an empty Number and its oddities.
// Threads: any thread.
constexpr Normalized normalize(const Address& address, const DialPlan& plan);

// "national", "mobile", "bad_length": as the command line writes them. name_of(Oddity) takes one bit.
// Threads: any thread.
constexpr std::string_view name_of(Form form);
constexpr std::string_view name_of(NumberKind kind);
constexpr std::string_view name_of(Oddity bit);

// Calls take(Oddity) for each bit of `set`, lowest first.
// Threads: any thread.
template <class Take>
constexpr void for_each_oddity(Oddity set, Take&& take);

}  // namespace ringfence

#include "ringfence/number/normalize.inl"
