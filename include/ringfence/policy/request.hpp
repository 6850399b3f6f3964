// request.hpp - one call or one SMS as a switch or gateway hands it over.
//
// Plain aggregates for designated initializers; every field but the parties and the time has a neutral
// default. Views borrow: what they point at must live until the screening call returns.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ringfence/base/signalling.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/number/address.hpp"

namespace ringfence {

// A trunk of the policy; Screen::trunk gives one by its id. 0 = no trunk rule applies. The four bare
// kinds (Screen::trunk_of_kind) stand for a trunk of that kind with format auto and no protected list.
struct TrunkId {
    std::uint16_t index = 0;
    friend constexpr bool operator==(TrunkId, TrunkId) = default;
};

// An SMPP or SS7 bind of the policy; Screen::bind gives one by its id. 0 = none.
struct BindId {
    std::uint16_t index = 0;
    friend constexpr bool operator==(BindId, BindId) = default;
};

struct Call {
    AddressView calling;
    AddressView called;
    TrunkId trunk = {};
    Time time = {};

    AddressView redirecting = {};
    std::string_view call_id = {};  // a repeated INVITE with the same id counts once
    bool emergency = false;         // flagged as emergency by the switch
    Phase phase = Phase::kSetup;
    std::uint32_t duration_s = 0;  // with Phase::kEnd
    Roaming roaming = Roaming::kUnknown;
    Verstat verstat = Verstat::kNone;
    Attestation attestation = Attestation::kNone;
    std::uint8_t calling_category = 0;  // Q.763 3.11 calling party's category; 0 = unknown
    std::uint64_t imei = 0;
    std::uint32_t cell = 0;
    std::string_view serving_country = {};  // ISO 3166 alpha-2 of the network that serves a roamer
    std::uint32_t tenant = 0;
    std::string_view subscriber = {};  // whose personal lists apply; default: the called number
};

// How `content` is coded.
enum class SmsCoding : std::uint8_t {
    kText = 0,          // UTF-8 text
    kPdu = 1,           // TP-UD octets, GSM 7-bit packed, `coding_scheme` is TP-DCS (TS 23.038)
    kShortMessage = 2,  // SMPP short_message, `coding_scheme` is data_coding (SMPP 3.4 5.2.19)
};

struct Sms {
    AddressView sender;
    AddressView recipient;
    std::span<const std::uint8_t> content = {};
    SmsCoding coding = SmsCoding::kText;
    std::uint8_t coding_scheme = 0;
    bool udhi = false;          // a user data header leads the content
    std::uint16_t sar_ref = 0;  // SMPP sar_msg_ref_num; used when sar_total > 0
    std::uint8_t sar_total = 0;
    std::uint8_t sar_seq = 0;
    BindId bind = {};
    TrunkId trunk = {};
    Time time = {};
    std::string_view smsc = {};
    std::uint32_t tenant = 0;
    std::string_view subscriber = {};
};

}  // namespace ringfence
