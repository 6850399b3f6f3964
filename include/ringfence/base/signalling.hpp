// signalling.hpp - what the network says about a call beside its numbers.
//
// Rooms below the request (caller_id, activity) judge by these words too, so they stand here and not in
// request.hpp. The numbers are persisted (evidence, the C ABI): none is reused.
#pragma once

#include <cstdint>

namespace ringfence {

// Where a call comes in. 0 = not known: no trunk rule applies.
enum class TrunkKind : std::uint8_t {
    kNone = 0,
    kSubscriber = 1,
    kNational = 2,
    kInternational = 3,
    kRoaming = 4,
};

// Is the home mobile that shows up on an international trunk really abroad?
enum class Roaming : std::uint8_t { kUnknown = 0, kYes = 1, kNo = 2 };

enum class Phase : std::uint8_t { kSetup = 0, kAnswer = 1, kEnd = 2 };

// STIR/SHAKEN (RFC 8224, ATIS-1000074): the verification's outcome, and the signer's claim.
enum class Verstat : std::uint8_t { kNone = 0, kPassed = 1, kFailed = 2, kNoValidation = 3 };
enum class Attestation : std::uint8_t { kNone = 0, kA = 1, kB = 2, kC = 3 };

}  // namespace ringfence
