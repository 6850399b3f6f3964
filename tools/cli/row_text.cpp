#include "tools/cli/row_text.hpp"

#include "ringfence/policy/sms_content.hpp"

namespace ringfence::cli {

std::string_view name_of(RowStatus status) {
    switch (status) {
        case RowStatus::kOk: return "ok";
        case RowStatus::kPartial: return "partial";
        case RowStatus::kBinary: return "binary";
        case RowStatus::kError: break;
    }
    return "error";
}

RowText::Answer RowText::read(const Sms& sms) {
    const DecodeStatus status = decode(content_of(sms), decoded_);
    if (status != DecodeStatus::kText)
        return {status == DecodeStatus::kBinary ? RowStatus::kBinary : RowStatus::kError, nullptr};
    if (decoded_.concatenation.total < 2) return {RowStatus::kOk, &decoded_};
    const MessagePart part{.sender = sms.sender.text,
                           .recipient = sms.recipient.text,
                           .place = decoded_.concatenation,
                           .text = decoded_.text(),
                           .oddities = decoded_.oddities,
                           .time = sms.time};
    switch (parts_.add(part, whole_)) {
        case PartOutcome::kComplete:
            // Each other part of it was counted when it came, this one was not.
            parts_left_ -= part.place.total - 1u;
            return {RowStatus::kOk, &whole_};
        case PartOutcome::kIncomplete:
        case PartOutcome::kRefused: ++parts_left_; break;
        case PartOutcome::kDuplicate: break;
    }
    return {RowStatus::kPartial, &decoded_};
}

}  // namespace ringfence::cli
