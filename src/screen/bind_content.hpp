// bind_content.hpp - the content of a message as `decode` takes it, with what its bind says.
#pragma once

#include "ringfence/policy/policy.hpp"
#include "ringfence/policy/sms_content.hpp"

namespace ringfence {

inline Alphabet alphabet_of(BindAlphabet alphabet) {
    switch (alphabet) {
        case BindAlphabet::kGsm7: return Alphabet::kGsm7;
        case BindAlphabet::kAscii: return Alphabet::kAscii;
        case BindAlphabet::kLatin1: return Alphabet::kLatin1;
        case BindAlphabet::kUcs2: return Alphabet::kUtf16;
        case BindAlphabet::kUtf8: return Alphabet::kUtf8;
        case BindAlphabet::kCyrillic: return Alphabet::kCyrillic;
        case BindAlphabet::kHebrew: return Alphabet::kHebrew;
        case BindAlphabet::kShiftJis: return Alphabet::kShiftJis;
        case BindAlphabet::kKsC5601: return Alphabet::kKsC5601;
        case BindAlphabet::kGb18030: return Alphabet::kGb18030;
    }
    return Alphabet::kGsm7;
}

// `bind` may be null. Threads: any thread.
inline SmsContent content_by(const Sms& sms, const PolicyBind* bind) {
    SmsContent content = content_of(sms);
    if (bind == nullptr) return content;
    content.default_alphabet = alphabet_of(bind->default_alphabet);
    content.packed = bind->packed;
    return content;
}

}  // namespace ringfence
