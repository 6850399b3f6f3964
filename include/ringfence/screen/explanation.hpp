// explanation.hpp - every finding about one event, in order, with the one that won and why.
//
// Made cold by Screen::explain: it may allocate, and it counts nothing. It holds numbers and, for an
// SMS, text: personal data that the caller asked to see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ringfence/base/export.hpp"
#include "ringfence/policy/verdict.hpp"

namespace ringfence {

// How one party was read.
struct ExplainedParty {
    std::string role;     // "calling", "called", "redirecting", "sender", "recipient"
    std::string arrived;  // as it came, digits or text
    std::string number;   // "+8613800138000", or empty
    std::string form;
    std::string kind;
    std::string country;
    std::vector<std::string> oddities;
};

struct ExplainedFinding {
    std::string stage, party, reason, action, rule, category;
    std::string place;  // "exact", "prefix of 7", "pattern"
    std::uint16_t risk = 0;
    std::uint16_t match_offset = 0;
    std::uint16_t match_length = 0;
    bool shadow = false;
    bool won = false;
    std::string why;  // why it won, or what kept it from winning
    std::string
        like;  // of a sender that looks like a registered one: that one; of a near-copy: the known message
    std::string language;  // of a pattern rule that tells its own
    std::string about;     // of a near-copy, how near; of a campaign, how large: for people
};

// What a score model made of the text.
struct ExplainedScore {
    struct Gram {
        std::string gram;   // UTF-8, as folded; digits all 0
        double weight = 0;  // what it moved the score's logit by
    };
    unsigned score = 0;       // 0 to 1000
    unsigned from = 0;        // the policy's: a lower score is no finding
    std::vector<Gram> grams;  // those that weighed most, the heaviest first
};

struct RINGFENCE_API Explanation {
    Verdict verdict;
    std::string rule, category;
    std::vector<ExplainedParty> parties;
    std::vector<ExplainedFinding> findings;  // in the order of precedence
    std::string text;                        // of an SMS, as decoded
    std::string decode_status;
    std::vector<std::string> decode_oddities;  // what was odd about its octets; decode.hpp
    std::optional<ExplainedScore> score;       // of an SMS with text, where the policy has a model
    std::uint32_t sip_code = 0;
    std::uint32_t q850_cause = 0;
    std::uint32_t smpp_status = 0;
    std::uint32_t smpp_deliver_status = 0;

    // One JSON object on one line. Threads: any thread.
    std::string to_json() const;
    // A few lines for a person. Threads: any thread.
    std::string to_text() const;
};

}  // namespace ringfence
