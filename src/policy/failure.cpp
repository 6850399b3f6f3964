#include "ringfence/policy/failure.hpp"

namespace ringfence {

std::string_view name_of(FailureCause cause) { return name_of(reason_of(cause)); }

Reason reason_of(FailureCause cause) {
    switch (cause) {
        case FailureCause::kFeedMissing: return Reason::kFeedMissing;
        case FailureCause::kFeedStale: return Reason::kFeedStale;
        case FailureCause::kDecodeError: return Reason::kDecodeError;
        case FailureCause::kPartMissing: return Reason::kPartMissing;
        case FailureCause::kBadRow: return Reason::kBadRow;
        case FailureCause::kPartTimeout: return Reason::kPartTimeout;
    }
    return Reason::kNone;
}

}  // namespace ringfence
