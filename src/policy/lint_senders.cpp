#include "src/policy/lint_senders.hpp"

#include <array>
#include <string>

#include "ringfence/number/normalize.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"

namespace ringfence {
namespace {

using Grant = SenderRegister::Grant;
using Sender = SenderRegister::Sender;

bool meet(const Grant& a, const Grant& b) {
    return (!a.until || !b.since || *b.since < *a.until) &&
           (!b.until || !a.since || *a.since < *b.until);
}

class SenderLint {
public:
    SenderLint(const Policy& policy, std::optional<Time> now, std::vector<LintFinding>& findings)
        : policy_(policy), rule_(*policy.senders), now_(now), findings_(findings) {}

    void run() {
        if (rule_.unregistered.stage == Stage::kNone && rule_.look_alike.stage == Stage::kNone &&
            rule_.wrong_way.stage == Stage::kNone)
            add(LintKind::kNoEffect, policy_.path, rule_.line,
                "the register of senders allows whatever it finds; give one of 'unregistered', "
                "'look_alike' and 'wrong_bind' another action");
        for (const Error& error : rule_.report.errors) add(LintKind::kBadRow, error.text);
        if (rule_.report.bad_rows > rule_.report.errors.size())
            add(LintKind::kBadRow,
                rule_.path + ": " +
                    std::to_string(rule_.report.bad_rows - rule_.report.errors.size()) +
                    " more bad rows");
        if (rule_.senders->senders().empty())
            add(LintKind::kEmpty,
                rule_.path + ": holds no sender, so that every name is unregistered");
        for (const Sender& sender : rule_.senders->senders()) {
            rows(sender);
            expired(sender);
            emergency(sender);
        }
        for (const auto& [first, second] : rule_.senders->alike())
            add(LintKind::kLookAlike, rule_.path, second->grants.front().line,
                quoted(*second) + " looks like " + quoted(*first) + " of line " +
                    std::to_string(first->grants.front().line) +
                    "; each passes as itself, and people cannot tell them apart");
    }

private:
    static std::string quoted(const Sender& sender) {
        return "'" + printable(sender.written) + "'";
    }

    void add(LintKind kind, std::string text) {
        if (++counts_[static_cast<std::size_t>(kind)] <= LintFinding::kMostOfAKind)
            findings_.push_back({kind, std::move(text)});
    }
    void add(LintKind kind, const std::string& file, std::uint64_t line, const std::string& what) {
        add(kind, Error::at(ErrorCode::kRefused, file, line, what).text);
    }

    // Rows that are in force together: the same twice, or one that lets the sender come by any way.
    void rows(const Sender& sender) {
        constexpr std::size_t kMostCompared = 64;  // rows of one sender
        const std::size_t size = std::min(sender.grants.size(), kMostCompared);
        for (std::size_t i = 0; i < size; ++i) {
            for (std::size_t k = i + 1; k < size; ++k) {
                const Grant& first = sender.grants[i];
                const Grant& second = sender.grants[k];
                if (!meet(first, second)) continue;
                if (first.any_way() != second.any_way()) {
                    add(LintKind::kContradiction, rule_.path, second.line,
                        quoted(sender) +
                            (second.any_way()
                                 ? " may come by any bind here, and by some on line "
                                 : " may come by some binds here, and by any on line ") +
                            std::to_string(first.line) +
                            ": by any; end one before the other begins, or remove one");
                } else if (first.binds == second.binds && first.trunks == second.trunks) {
                    add(LintKind::kDuplicateEntry, rule_.path, second.line,
                        quoted(sender) + " is registered the same way on line " +
                            std::to_string(first.line) +
                            (first.since == second.since && first.until == second.until
                                 ? "; remove one"
                                 : " for some of the time; which end is meant? Keep one row"));
                } else {
                    continue;
                }
                return;
            }
        }
    }

    void expired(const Sender& sender) {
        if (!now_) return;
        for (const Grant& grant : sender.grants)
            if (grant.until && *grant.until <= *now_)
                add(LintKind::kDue, rule_.path, grant.line,
                    "the registration of " + quoted(sender) + " ended at " +
                        format_time(*grant.until) + "; renew it or take the row out");
    }

    void emergency(const Sender& sender) {
        if (!sender.code || !normalize(parse(AddressView(sender.written)), *policy_.plan).emergency)
            return;
        for (const Grant& grant : sender.grants) {
            if (grant.any_way()) continue;
            add(LintKind::kEmergency, rule_.path, grant.line,
                quoted(sender) +
                    " is an emergency number: what it sends is never blocked for the bind it comes "
                    "by, and only tagged");
            return;
        }
    }

    const Policy& policy_;
    const SenderRule& rule_;
    std::optional<Time> now_;
    std::vector<LintFinding>& findings_;
    std::array<std::size_t, 32> counts_{};
};

}  // namespace

void lint_senders(const Policy& policy, std::optional<Time> now,
                  std::vector<LintFinding>& findings) {
    if (policy.senders) SenderLint(policy, now, findings).run();
}

}  // namespace ringfence
