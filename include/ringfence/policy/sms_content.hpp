// sms_content.hpp - the content of a request as `decode` takes it.
#pragma once

#include "ringfence/policy/request.hpp"
#include "ringfence/text/decode.hpp"

namespace ringfence {

// The two enumerations have the same numbers.
static_assert(static_cast<int>(SmsCoding::kText) == static_cast<int>(ContentForm::kText));
static_assert(static_cast<int>(SmsCoding::kPdu) == static_cast<int>(ContentForm::kUserData));
static_assert(static_cast<int>(SmsCoding::kShortMessage) ==
              static_cast<int>(ContentForm::kShortMessage));

// Octets, coding and parts of a message. What its bind says (alphabet, packing) is left at the default.
// Threads: any thread.
inline SmsContent content_of(const Sms& sms) {
    SmsContent content;
    content.octets = sms.content;
    content.form = static_cast<ContentForm>(sms.coding);
    content.scheme = sms.coding_scheme;
    content.udhi = sms.udhi;
    content.sar_ref = sms.sar_ref;
    content.sar_total = sms.sar_total;
    content.sar_seq = sms.sar_seq;
    return content;
}

}  // namespace ringfence
