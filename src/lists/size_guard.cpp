#include "ringfence/lists/size_guard.hpp"

#include <string>

#include "ringfence/lists/shared_host.hpp"

namespace ringfence {
namespace {

// "21 %", rounded to the nearest.
std::string percent(std::uint64_t part, std::uint64_t whole) {
    return std::to_string((part * 100 + whole / 2) / whole) + " %";
}

}  // namespace

Status check_size(const std::string& path, std::optional<std::uint64_t> last, std::uint64_t rows) {
    if (!last || (*last <= kGuardedRows && rows <= kGuardedRows)) return ok();
    const std::string change =
        std::to_string(rows) + " rows, where the last load had " + std::to_string(*last);
    const auto refused = [&](const std::string& what) {
        return Error::at(ErrorCode::kRefused, path, 0,
                         what + ": " + change + "; force it if that is right");
    };
    // Products of counts below 2^50 fit: no list has more rows than there are numbers.
    if (rows == 0) return refused("came empty");
    if (rows * 5 < *last * 4) return refused("shrank by " + percent(*last - rows, *last));
    // From no rows any number is "half as large again"; that is a feed coming back.
    if (*last != 0 && rows * 2 > *last * 3)
        return refused("grew by " + percent(rows - *last, *last));
    return ok();
}

Status check_width(const ListEntry& entry) {
    if (entry.kind == EntryKind::kDomain) {
        const SharedHost kind = shared_host(entry.text);
        // An address as one number is a host too.
        const bool is_name = entry.text[0] < '0' || entry.text[0] > '9';
        const bool is_last_label = is_name && entry.text.find('.') == entry.text.npos;
        if (kind == SharedHost::kNone && !is_last_label) return ok();
        return Error{
            ErrorCode::kRefused,
            entry.text +
                (kind == SharedHost::kNone ? " has no dot" : " is " + std::string(words_of(kind))) +
                ", and an entry on it covers everybody there; if that is right set wide = "
                "true on its [[list]], or force it"};
    }
    if (entry.kind != EntryKind::kPrefix && entry.kind != EntryKind::kRange) return ok();
    const std::uint64_t numbers = assigned_numbers(entry);
    if (numbers <= kMaxPrefixNumbers) return ok();
    std::string text = "+" + entry.text;
    if (entry.kind == EntryKind::kRange) text += " to +" + entry.last;
    return Error{ErrorCode::kRefused,
                 text + " covers about " + std::to_string(numbers) +
                     " assigned numbers; if that is right set wide = true on its "
                     "[[list]], or force it"};
}

}  // namespace ringfence
