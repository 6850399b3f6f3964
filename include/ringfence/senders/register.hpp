// register.hpp - which senders of messages are registered, by which binds and trunks each may come, and since when.
//
//     sender,binds,trunks,since,until
//     ICBC,aggregator-3 aggregator-4,,2026-01-01,2027-01-01
//     95588,,sz-bank,,
//
// A sender is an alphanumeric name or a number, most often a short code. A name is the same in capitals and small
// letters. Rows of one sender add up: it may come by whatever one of the rows in force at the time allows, and by any
// way where one names neither bind nor trunk.
//
// A name that is not registered and looks like a registered name or code that is in force (skeleton.hpp, in any script,
// the registered one in capitals, in small letters or as written) is told as its look-alike.
//
// Readers: immutable. Cost: a look-up is a few comparisons for a registered sender, 120 ns among 100,000 senders, and 0.2 to 0.3 us for another name.
// Memory: about 400 octets a sender.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/number/address.hpp"
#include "ringfence/number/normalize.hpp"
#include "ringfence/source/csv.hpp"
#include "ringfence/source/row_report.hpp"

namespace ringfence {

class DialPlan;

// Where the register lies, and what its rows may name.
struct SenderSource {
    std::string path;                // plain or zstd
    const DialPlan* plan = nullptr;  // numbers are read under it; not null
    // Ids: a row's places in `binds` and `trunks` are what SenderOrigin has.
    std::vector<std::string_view> binds;
    std::vector<std::string_view> trunks;
    bool strict = false;  // one bad row refuses the file
};

// By which of them a message came, as far as the gateway said.
struct SenderOrigin {
    std::optional<std::uint32_t> bind = {};
    std::optional<std::uint32_t> trunk = {};
    // A bind or trunk was said that is none of the policy's: a kind of trunk, or one that a reload took out.
    bool other_way = false;
};

enum class SenderStanding : std::uint8_t {
    kNotJudged = 0,     // a number that is not registered; nobody
    kRegistered = 1,    // and may come this way
    kUnregistered = 2,  // a name that no row in force has
    kLookAlike = 3,     // and that looks like a registered one
    kWrongWay = 4,      // registered, and may not come by that bind and trunk
};

class SenderRegister {
public:
    static constexpr std::size_t kMaxRows = 2'000'000;
    static constexpr std::size_t kMaxName = Address::kMaxText;  // octets

    // One row. Binds and trunks are sorted.
    struct Grant {
        std::vector<std::uint32_t> binds;
        std::vector<std::uint32_t> trunks;
        std::optional<Time> since;  // in force from then on
        std::optional<Time> until;  // and no longer at that moment
        std::uint64_t line = 0;

        bool in_force(Time time) const {
            return (!since || *since <= time) && (!until || time < *until);
        }
        bool any_way() const { return binds.empty() && trunks.empty(); }
        bool allows(const SenderOrigin& origin) const;
    };
    struct Sender {
        std::string written;  // as in its first row
        bool code = false;    // a number
        std::vector<Grant> grants;
    };

    using Report = RowReport;  // what reading it came to

    struct Loaded;
    // Reads the file. Fails as CsvReader does, with kMissing or kUnknownKey at a header that is wrong, with kTooLarge
    // past kMaxRows, as its first row does when all rows are bad, and, when strict, at the first bad row.
    // Threads: any thread.
    static Result<Loaded> load(const SenderSource& source);
    // The same over text in memory, called source.path in errors. Threads: any thread.
    static Result<Loaded> from_text(std::string_view text, const SenderSource& source);

    struct Judgement {
        SenderStanding standing = SenderStanding::kNotJudged;
        const Sender* like = nullptr;  // of a look-alike: whom it looks like
    };
    // A message from `sender` (normalize(sender, plan)) at that time. `name` is its text in full where the address is a
    // name that was cut. No allocation. Threads: any thread.
    Judgement judge(const Address& sender, const Normalized& number, std::string_view name,
                    const SenderOrigin& origin, Time time) const;

    // In the order of their first rows. Threads: any thread.
    std::span<const Sender> senders() const { return senders_; }

    // Pairs of registered senders, the earlier first, of which one may be taken for the other. Cold: allocates.
    // Threads: any thread.
    std::vector<std::pair<const Sender*, const Sender*>> alike() const;

private:
    friend class SenderReader;
    static Result<Loaded> read(Result<CsvReader> csv, const SenderSource& source);

    // Sorted by key; a look-alike key may stand there several times.
    template <class Key>
    using Index = std::vector<std::pair<Key, std::uint32_t>>;

    const Sender* in_force_like(std::u32string_view key, const Sender* except, Time time) const;

    std::vector<Sender> senders_;
    Index<std::u32string> names_;
    Index<std::string> codes_;
    Index<std::u32string> look_alikes_;
};

struct SenderRegister::Loaded {
    SenderRegister senders;
    Report report;
};

}  // namespace ringfence
