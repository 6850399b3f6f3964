// The byte stream that drives the fuzz target of the C interface, read as arguments: numbers, times, structs of
// any size. Texts are copied to heap blocks of just their own size, so that a read past the end is seen.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "ringfence.h"

namespace c_abi {

inline const char* const kNumbers[] = {"",
                                       "17000001234",
                                       "+8617000001234",
                                       "008617000002222",
                                       "13800001111",
                                       "01062345678",
                                       "95588",
                                       "+95588",
                                       "96110",
                                       "10086",
                                       "110",
                                       "+86110",
                                       "0000",
                                       "+12025550111",
                                       "sip:17000001234@example.com;user=phone",
                                       "tel:+8613800001111",
                                       "ICBC",
                                       "phish.example",
                                       "+8617*",
                                       "1700000####",
                                       "13800001100..13800001199",
                                       "10691234567890123456",
                                       "*21#",
                                       "1380000111122223333444455556666"};
inline const char* const kEmergency[] = {"110",    "119",     "120",   "122",   "112",
                                         "+86110", "0086120", "12110", "010110"};
inline const char* const kIds[] = {"fraud", "live",   "police", "tenant", "senders",
                                   "hosts", "absent", "igw",    "gov",    "aggregator",
                                   "ucs2",  "none",   ""};

class Input {
public:
    Input(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

    bool done() const { return at_ == bytes_.size(); }
    std::uint8_t byte() { return done() ? std::uint8_t{0} : bytes_[at_++]; }
    // Below `bound`, now and then above.
    std::uint8_t enumerator(unsigned bound) {
        const std::uint8_t value = byte();
        return value >= 0xF0 ? value : static_cast<std::uint8_t>(value % bound);
    }
    std::uint64_t word(unsigned octets) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < octets; ++i) value = value << 8u | byte();
        return value;
    }
    // The times of a warm input lie within some hours, three days behind those of the last one.
    void start_warm(unsigned number) {
        noon_ = kNoon + number * std::int64_t{3 * 86'400'000};
        warm_ = true;
    }
    std::int64_t time() {
        const std::uint8_t kind = byte();
        if (warm_) return noon_ + kind * std::int64_t{61'000};
        if (kind < 0xE0) return kNoon + kind * std::int64_t{61'000};
        if (kind < 0xF0) return static_cast<std::int64_t>(word(8));
        return kind == 0xFF ? INT64_MAX : kind == 0xFE ? INT64_MIN : -kNoon * (kind - 0xF0);
    }
    // A copy of just its own size on the heap, so that reading past its end is seen; lives as long as the input.
    std::span<const std::uint8_t> copy(std::string_view text) {
        kept_.push_back(std::make_unique<std::uint8_t[]>(text.size()));
        std::memcpy(kept_.back().get(), text.data(), text.size());
        return {kept_.back().get(), text.size()};
    }
    std::span<const std::uint8_t> octets() {
        const std::size_t wanted = byte();
        const std::size_t size = std::min(wanted, bytes_.size() - at_);
        const auto* from = reinterpret_cast<const char*>(bytes_.data() + at_);
        at_ += size;
        return copy({from, size});
    }
    std::span<const std::uint8_t> number() {
        const std::uint8_t which = byte();
        return which < 0xC0 ? copy(kNumbers[which % std::size(kNumbers)]) : octets();
    }
    ringfence_string string(std::span<const std::uint8_t> from) {
        ringfence_string out = {reinterpret_cast<const char*>(from.data()), from.size()};
        if (byte() == 0xFF) out.data = nullptr;
        return out;
    }
    ringfence_string id() {
        const std::uint8_t which = byte();
        return string(which < 0xF0 ? copy(kIds[which % std::size(kIds)]) : octets());
    }
    void* keep(std::size_t size) {
        kept_.push_back(std::make_unique<std::uint8_t[]>(size));
        return kept_.back().get();
    }

    static constexpr std::int64_t kNoon = 1'772'366'400'000;

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
    std::int64_t noon_ = kNoon;
    bool warm_ = false;
    std::vector<std::unique_ptr<std::uint8_t[]>> kept_;
};

inline ringfence_address address_of(std::span<const std::uint8_t> text) {
    ringfence_address out = {};
    out.data = text.data();
    out.size = text.size();
    return out;
}

inline ringfence_address read_address(Input& in) {
    ringfence_address out = address_of(in.number());
    const std::uint8_t odd = in.byte();
    if (odd < 0x80) return out;
    out.coding = in.enumerator(3);
    out.ton = in.enumerator(7);
    out.presentation = in.enumerator(3);
    out.screening = in.enumerator(4);
    if (odd == 0xFF) out.reserved[3] = 1;
    if (odd == 0xFE) out.data = nullptr;
    return out;
}

inline ringfence_call read_call(Input& in) {
    ringfence_call call = ringfence_call_init();
    call.calling = read_address(in);
    call.called = read_address(in);
    call.time_ms = in.time();
    const std::uint8_t more = in.byte();
    call.trunk = more % 8;
    if (more < 0x80) return call;
    if (more & 0x08u) call.redirecting = read_address(in);
    if (more & 0x10u) call.call_id = in.string(in.octets());
    if (more & 0x20u) call.subscriber = in.string(in.number());
    call.phase = in.enumerator(3);
    call.roaming = in.enumerator(3);
    call.emergency = in.byte() == 1 ? 1 : in.enumerator(1);
    if ((more & 0x40u) == 0) return call;
    call.serving_country = in.string(in.octets());
    call.trunk = static_cast<std::uint16_t>(in.word(2));
    call.verstat = in.enumerator(4);
    call.attestation = in.enumerator(4);
    call.calling_category = in.byte();
    call.tenant = in.byte();
    call.duration_s = static_cast<std::uint32_t>(in.word(4));
    call.imei = in.word(8);
    call.reserved[0] = in.byte() == 0xFF;
    return call;
}

inline ringfence_sms read_sms(Input& in) {
    ringfence_sms sms = ringfence_sms_init();
    sms.sender = read_address(in);
    sms.recipient = read_address(in);
    sms.time_ms = in.time();
    const auto content = in.octets();
    sms.content = content.data();
    sms.content_size = content.size();
    sms.coding = in.enumerator(3);
    const std::uint8_t more = in.byte();
    sms.bind = more % 4;
    if (more & 0x10u) sms.coding_scheme = in.byte();
    if (more & 0x20u) sms.udhi = in.byte() == 0xFF ? 2 : 1;
    if (more & 0x40u) {
        sms.sar_ref = in.byte();
        sms.sar_total = in.byte();
        sms.sar_seq = in.byte();
    }
    if (more < 0x80) return sms;
    sms.smsc = in.string(in.octets());
    sms.subscriber = in.string(in.number());
    sms.tenant = in.byte();
    sms.trunk = static_cast<std::uint16_t>(in.word(2));
    sms.reserved[4] = in.byte() == 0xFF;
    return sms;
}

// `count` structs one behind the other, as a caller with a smaller or larger header would lay them out.
template <class Struct>
Struct* lay_out(Input& in, std::span<const Struct> from) {
    constexpr std::size_t kSizes[] = {sizeof(Struct),
                                      sizeof(Struct),
                                      sizeof(Struct) + 8,
                                      sizeof(Struct) + 64,
                                      sizeof(Struct) - 8,
                                      8,
                                      1,
                                      0,
                                      5'000,
                                      sizeof(Struct) + 3};
    const std::uint8_t kind = in.byte();
    const std::size_t stride = kind < 0x80 ? sizeof(Struct) : kSizes[kind % std::size(kSizes)];
    const std::size_t room = std::max(stride, sizeof(std::size_t));
    auto* bytes = static_cast<std::uint8_t*>(in.keep(room * from.size()));
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::uint8_t* at = bytes + i * room;
        std::memcpy(at, &from[i], std::min(room, sizeof(Struct)));
        std::memcpy(at, &stride, sizeof stride);
        if (kind >= 0xF0 && stride > sizeof(Struct) && in.byte() == 1) at[stride - 1] = 1;
    }
    return reinterpret_cast<Struct*>(bytes);
}

}  // namespace c_abi
