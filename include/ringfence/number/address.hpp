// address.hpp - a number as signalling carries it, before anybody says what it means.
//
// AddressView borrows what arrived: text ("+86 138-0013-8000", "tel:+86...", "ICBC") or octets (TBCD,
// Q.763 digits) with what the signalling said beside them. `parse` (parse.hpp) reads it into an
// Address: the bare digits, or the text of an alphanumeric sender, and the form they came in.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace ringfence {

// Type of number / nature of address, in the product's own codes (TS 24.008 10.5.4.7, Q.763 3.10).
enum class TypeOfNumber : std::uint8_t {
    kUnknown = 0,
    kInternational = 1,
    kNational = 2,
    kNetworkSpecific = 3,
    kSubscriber = 4,
    kAlphanumeric = 5,
    kAbbreviated = 6,
};

enum class Presentation : std::uint8_t { kAllowed = 0, kRestricted = 1, kUnavailable = 2 };

// Screening indicator (Q.763 3.11): who vouches for the calling number.
enum class Screening : std::uint8_t {
    kUserNotVerified = 0,
    kUserVerifiedPassed = 1,
    kUserVerifiedFailed = 2,
    kNetworkProvided = 3,
};

enum class AddressCoding : std::uint8_t { kText = 0, kTbcd = 1, kQ763 = 2 };

struct AddressView {
    std::string_view text;                 // for kText
    std::span<const std::uint8_t> octets;  // for kTbcd and kQ763
    AddressCoding coding = AddressCoding::kText;
    TypeOfNumber ton = TypeOfNumber::kUnknown;
    Presentation presentation = Presentation::kAllowed;
    Screening screening = Screening::kUserNotVerified;

    constexpr AddressView() = default;
    constexpr AddressView(std::string_view plain) : text(plain) {}
    constexpr AddressView(const char* plain) : text(plain) {}
    constexpr AddressView(std::string_view digits, TypeOfNumber type) : text(digits), ton(type) {}

    // Octets of TBCD (TS 29.002 17.7.8): no leading type octet.
    static constexpr AddressView tbcd(std::span<const std::uint8_t> octets, TypeOfNumber type) {
        AddressView view;
        view.octets = octets;
        view.coding = AddressCoding::kTbcd;
        view.ton = type;
        return view;
    }
    // A whole Q.763 called or calling party number parameter (3.9, 3.10), its two header octets included.
    static constexpr AddressView q763(std::span<const std::uint8_t> octets) {
        AddressView view;
        view.octets = octets;
        view.coding = AddressCoding::kQ763;
        return view;
    }

    constexpr bool empty() const { return text.empty() && octets.empty(); }
};

// What kind of thing arrived.
enum class AddressKind : std::uint8_t {
    kAbsent = 0,        // nothing
    kDigits = 1,        // digits, perhaps with a leading '+'
    kAlphanumeric = 2,  // a name: an SMS sender, a SIP user
    kService = 3,       // digits with '*' or '#' or TBCD a-c
    kWithheld = 4,      // present, and not to be shown; digits may be there for the network
};

struct Address {
    // The longest digit string kept: an SMS port number of 20, and room for a prefix.
    static constexpr unsigned kMaxText = 24;

    AddressKind kind = AddressKind::kAbsent;
    TypeOfNumber ton = TypeOfNumber::kUnknown;
    Presentation presentation = Presentation::kAllowed;
    Screening screening = Screening::kUserNotVerified;
    bool plus = false;        // a '+' stood before the digits
    bool separators = false;  // blanks, hyphens, dots, slashes or parentheses stood between them
    bool truncated = false;   // more than kMaxText arrived: of a number only its beginning is here
    std::uint8_t size = 0;
    std::uint8_t local =
        0;  // so many of the digits stood in a local `tel:`; the others are its context
    std::array<char, kMaxText> chars{};  // digits, or UTF-8 of a name cut at kMaxText octets

    constexpr std::string_view text() const { return {chars.data(), size}; }
};

}  // namespace ringfence
