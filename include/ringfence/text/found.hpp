// found.hpp - what a text names: numbers, domains, chat accounts and e-mail addresses, as keys of the tables; amounts and
// one-time codes, for reports.
//
// Found lends: its key is valid only while the sink runs. FoundList keeps a bounded number of them in
// memory of its own, for callers that look keys up in batches.
//
// Cost: FoundList is one block of about 24 KB, no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "ringfence/number/number.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence {

enum class FoundKind : std::uint8_t {
    kNumber = 0,
    kDomain = 1,
    kAccount = 2,
    kEmail = 3,   // in lists of accounts; its host is told as a domain too
    kAmount = 4,  // of extract_values alone, as is
    kCode = 5,    // a one-time code
};

enum class AccountService : std::uint8_t {
    kNone = 0,
    kWeChat = 1,
    kQq = 2,
    kTelegram = 3,
    kWhatsApp = 4,
};

// One thing found. `key` is what list rows of its kind hold after fold_key (extract.hpp):
// number: digits with country code, up to 24; domain: the host as DNS is asked for it ("xn--..."); account: the id; e-mail:
// the address. An amount is its value and currency ("35000 CNY", "863.35 USD"), a code its letters and digits.
// ASCII, but for mailboxes and for labels that DNS has no room for, in UTF-8.
struct Found {
    FoundKind kind = FoundKind::kNumber;
    AccountService service = AccountService::kNone;  // kAccount: whose id it is
    Number number = {};                              // kNumber of up to 15 digits, otherwise empty
    std::string_view key = {};
    TextPlace place = {};  // in the original text: the whole URL for kDomain
    TextPlace path = {};  // kDomain: what follows the host, from its '/' or '?'; length 0 = nothing
};

class FoundList {
public:
    static constexpr std::size_t kMaxItems = 256;
    static constexpr std::size_t kMaxKeyOctets = 8192;

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    // More was found than there is room for.
    bool truncated() const { return truncated_; }

    // Item `i`; its key lies in this list.
    const Found& operator[](std::size_t i) const { return items_[i]; }
    const Found* begin() const { return items_.data(); }
    const Found* end() const { return items_.data() + size_; }

    void clear() {
        size_ = 0;
        used_ = 0;
        truncated_ = false;
    }
    // Copies `found` and its key; sets `truncated` when either does not fit.
    void add(const Found& found);

    FoundList() = default;
    FoundList(const FoundList&) = delete;  // keys point into the list
    FoundList& operator=(const FoundList&) = delete;

private:
    std::array<Found, kMaxItems> items_{};
    std::array<char, kMaxKeyOctets> keys_{};
    std::size_t size_ = 0;
    std::size_t used_ = 0;
    bool truncated_ = false;
};

// "number", "domain", "account", "email", "amount", "code"; "wechat", "qq", "telegram", "whatsapp".
// Threads: any thread.
std::string_view name_of(FoundKind kind);
std::string_view name_of(AccountService service);

}  // namespace ringfence
