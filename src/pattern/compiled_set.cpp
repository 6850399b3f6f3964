#include "src/pattern/compiled_set.hpp"

#include <algorithm>

#include "src/pattern/utf8.hpp"

namespace ringfence::pattern {
namespace {

using Seen = ScanSpace::Seen;

// Of two matches the one that ends first, of two that end there the longer.
bool before(const Extent& a, const Extent& b) {
    return a.end != b.end ? a.end < b.end : a.begin < b.begin;
}

template <class T>
std::size_t held(const std::vector<T>& values) {
    return values.capacity() * sizeof(T);
}

}  // namespace

Lists::Lists(const std::vector<std::vector<std::uint32_t>>& lists) {
    first.reserve(lists.size() + 1);
    for (const auto& list : lists) {
        values.insert(values.end(), list.begin(), list.end());
        first.push_back(static_cast<std::uint32_t>(values.size()));
    }
    values.shrink_to_fit();
}

std::size_t Lists::bytes() const { return held(first) + held(values); }

Result<ScanSpace> CompiledSet::make_space() const {
    ScanSpace space;
    auto engine = prototype_.clone();
    if (!engine) return engine.error();
    space.engine = *std::move(engine);
    space.utf8.resize(3 * kMaxTextUnits + kSpareBytes);
    space.padded.resize(kMaxTextUnits + 2 * kTextMargin);
    space.anchors = std::make_unique<AnchorSpace>();
    space.match = std::make_unique<MatchSpace>();
    if (!own_hosts_.empty()) space.hosts = std::make_unique<ForeignHosts>();
    space.seen.resize(targets_.size());
    space.rule_stamp.resize(by_engine_.size());
    space.regex_extent.resize(by_engine_.size());
    const std::size_t groups = std::max(views_[0].groups.size(), views_[1].groups.size());
    space.group_stamp.resize(groups);
    space.groups.reserve(groups);
    space.pending.reserve(targets_.size());
    space.candidates.reserve(by_engine_.size());
    space.matches.reserve(by_engine_.size());
    return space;
}

// One scan under way.
struct CompiledSet::Scan {
    const CompiledSet& set;
    const FoldedUnits& text;
    ScanSpace& space;
    ProgramView programs = set.programs_.view();
    const kernel::WindowKernel& window = kernel::window_kernel();
    PaddedText padded = {};        // of the view under way
    const Group* group = nullptr;  // under way
    std::size_t failures = 0;      // of the engine

    std::span<const char16_t> units_of(TextView which) const {
        const auto all = which == TextView::kLight ? text.light : text.dense;
        return all.first(std::min(all.size(), kMaxTextUnits));
    }

    void propose(std::uint32_t rule) {
        if (space.rule_stamp[rule] == space.scan) return;
        space.rule_stamp[rule] = space.scan;
        space.candidates.push_back({rule, kNotOne});
    }

    Seen& seen_of(std::uint32_t target) {
        Seen& seen = space.seen[target];
        if (seen.scan != space.scan) seen = {.scan = space.scan};
        return seen;
    }

    void propose_rules_of(std::uint32_t target) {
        const std::uint32_t rule = set.targets_[target].rule;
        if (rule != kNotOne) return space.candidates.push_back({rule, target});
        for (const std::uint32_t each : set.target_rules_.of(target)) propose(each);
    }

    // `target` matches at `extent`.
    void note(std::uint32_t target, Seen& seen, const Extent& extent) {
        if (seen.state != Seen::kPresent) {
            seen.state = Seen::kPresent;
            if (!seen.proposed) propose_rules_of(target);
            seen.proposed = true;
        } else if (!before(extent, {seen.begin, seen.end})) {
            return;
        }
        seen.begin = static_cast<std::uint16_t>(extent.begin);
        seen.end = static_cast<std::uint16_t>(extent.end);
    }

    void look_later(std::uint32_t target, Seen& seen) {
        seen.state = Seen::kPending;
        if (set.targets_[target].deciding) space.pending.push_back(target);
    }

    void check(const Action& action, const AnchorHit& hit) {
        const kernel::WindowPlace place{padded.units, padded.size, hit.begin, hit.end};
        if (!window.probe(action.check.probe, place)) return;
        Seen& seen = seen_of(action.subject);
        if (seen.state == Seen::kPending) return;
        // A match through this anchor cannot end before the anchor does.
        if (seen.state == Seen::kPresent &&
            (hit.end > seen.end || !set.targets_[action.subject].deciding))
            return;
        if (seen.checks == kMaxChecks) return look_later(action.subject, seen);
        ++seen.checks;
        kernel::WindowMatch match;
        if (window.match(programs, action.check, place, match))
            note(action.subject, seen, {match.begin, match.end});
    }

    // All that an anchor's first action needs at once is asked for.
    void ask_ahead(const Action& action) const {
        if (action.kind != Action::Kind::kMatch) return;
        __builtin_prefetch(space.seen.data() + action.subject);
        __builtin_prefetch(set.targets_.data() + action.subject);
    }

    void act(const Action& action, const AnchorHit& hit) {
        switch (action.kind) {
            case Action::Kind::kMatch: return note_anchor(action.subject, hit);
            case Action::Kind::kWindow: return check(action, hit);
            case Action::Kind::kWhole: {
                Seen& seen = seen_of(action.subject);
                if (seen.state == Seen::kUnknown) look_later(action.subject, seen);
                return;
            }
            case Action::Kind::kRegex: return ask_engine(action.subject);
        }
    }

    void act_all(const AnchorTable& anchors, const AnchorHit& hit) {
        for (std::uint32_t i = hit.action;; ++i) {
            const Action& action = anchors.action(i);
            act(action, hit);
            if (action.last) return;
        }
    }

    void note_anchor(std::uint32_t target, const AnchorHit& hit) {
        note(target, seen_of(target), {hit.begin, hit.end});
    }

    void ask_engine(std::uint32_t which) {
        if (space.group_stamp[which] == space.scan) return;
        space.group_stamp[which] = space.scan;
        space.groups.push_back(which);
    }

    void run(std::size_t index, TextView which) {
        const View& view = set.views_[index];
        const std::span<const char16_t> units = units_of(which);
        if (!view.anchors.empty() && !units.empty()) {
            pad(units);
            view.anchors.find(padded, *space.anchors, [&](std::span<const AnchorHit> hits) {
                for (const AnchorHit& hit : hits) ask_ahead(view.anchors.action(hit.action));
                for (const AnchorHit& hit : hits) act_all(view.anchors, hit);
            });
        }
        if (view.groups.empty()) return;
        for (const std::uint32_t each : view.always) ask_engine(each);
        run_groups(view, units);
    }

    void pad(std::span<const char16_t> units) {
        char16_t* const begin = space.padded.data() + kTextMargin;
        std::copy(units.begin(), units.end(), begin);
        std::fill_n(begin + units.size(), kTextMargin, u'\0');
        padded = {begin, static_cast<std::uint32_t>(units.size())};
    }

    void run_groups(const View& view, std::span<const char16_t> units) {
        if (space.groups.empty()) return;
        const std::size_t size = encode_utf8(units, space.utf8.data());
        const std::size_t first = space.candidates.size();
        for (const std::uint32_t which : space.groups) {
            group = &view.groups[which];
            failures += !group->engine.scan(space.utf8.data(), size, space.engine, on_regex, this);
            space.group_stamp[which] = 0;  // the other view counts its own groups
        }
        space.groups.clear();
        for (std::size_t i = first; i < space.candidates.size(); ++i) {
            Extent& extent = space.regex_extent[space.candidates[i].rule];
            extent = {count_units(space.utf8.data(), extent.begin),
                      count_units(space.utf8.data(), extent.end)};
        }
    }

    // Bytes for now; turned into units once the text is known to be worth it.
    static void on_regex(void* context, const EngineMatch& match) {
        Scan& scan = *static_cast<Scan*>(context);
        const std::uint32_t rule = scan.group->rules[match.id];
        Extent& best = scan.space.regex_extent[rule];
        const bool first = scan.space.rule_stamp[rule] != scan.space.scan;
        scan.propose(rule);
        if (first || before({match.begin, match.end}, best)) best = {match.begin, match.end};
    }

    void look_through(std::uint32_t target, Seen& seen) {
        const Target& wanted = set.targets_[target];
        const auto found =
            find_first(programs, wanted.program, units_of(wanted.view), *space.match);
        if (found) {
            note(target, seen, *found);
        } else {
            seen.state = Seen::kAbsent;
        }
    }

    // Whether `target` matches anywhere; worked out once a scan.
    bool present(std::uint32_t target) {
        Seen& seen = seen_of(target);
        if (seen.state == Seen::kPending ||
            (seen.state == Seen::kUnknown && !set.targets_[target].anchored))
            look_through(target, seen);
        return seen.state == Seen::kPresent;
    }

    // Whether `also`, `unless` and `foreign_to` let a rule match.
    bool holds(ScanSpace::Candidate candidate) {
        if (candidate.target != kNotOne) return true;
        const std::uint32_t rule = candidate.rule;
        const auto also = set.also_.of(rule), unless = set.unless_.of(rule);
        const auto is_present = [this](std::uint32_t target) { return present(target); };
        if (!also.empty() && std::none_of(also.begin(), also.end(), is_present)) return false;
        if (std::any_of(unless.begin(), unless.end(), is_present)) return false;
        const OwnHosts* own = set.own_hosts_of(rule);
        return own == nullptr || space.hosts->names_foreign(own->hosts);
    }
};

// Null: of a rule that does not ask.
const CompiledSet::OwnHosts* CompiledSet::own_hosts_of(std::uint32_t rule) const {
    const auto found = std::ranges::lower_bound(own_hosts_, rule, {}, &OwnHosts::rule);
    return found != own_hosts_.end() && found->rule == rule ? &*found : nullptr;
}

// Where a rule matches whose `text` or `regex` was found.
std::optional<Extent> CompiledSet::primary(ScanSpace::Candidate candidate,
                                           const ScanSpace& space) const {
    if (candidate.target != kNotOne) {
        const Seen& seen = space.seen[candidate.target];
        if (seen.state != Seen::kPresent) return std::nullopt;
        return Extent{seen.begin, seen.end};
    }
    const std::uint32_t rule = candidate.rule;
    if (by_engine_[rule]) return space.regex_extent[rule];
    std::optional<Extent> best;
    for (const std::uint32_t target : text_.of(rule)) {
        const Seen& seen = space.seen[target];
        if (seen.scan != space.scan || seen.state != Seen::kPresent) continue;
        const Extent extent{seen.begin, seen.end};
        if (!best || before(extent, *best)) best = extent;
    }
    return best;
}

ScanResult CompiledSet::scan(const FoldedUnits& text, const FoldedText* folded,
                             ScanSpace& space) const {
    if (++space.scan == 0) {  // after 2^32 scans old stamps would look fresh
        std::fill(space.seen.begin(), space.seen.end(), Seen{});
        std::fill(space.rule_stamp.begin(), space.rule_stamp.end(), 0);
        std::fill(space.group_stamp.begin(), space.group_stamp.end(), 0);
        space.scan = 1;
    }
    space.pending.clear();
    space.candidates.clear();
    space.matches.clear();
    if (space.hosts != nullptr) space.hosts->begin(text, folded);

    Scan scan{*this, text, space};
    scan.run(0, TextView::kLight);
    scan.run(1, TextView::kDense);
    for (const std::uint32_t target : unanchored_) {
        Seen& seen = scan.seen_of(target);
        if (seen.state == Seen::kUnknown) scan.look_through(target, seen);
    }
    for (const std::uint32_t target : space.pending) scan.present(target);

    std::sort(space.candidates.begin(), space.candidates.end(),
              [](const auto& a, const auto& b) { return a.rule < b.rule; });
    for (const ScanSpace::Candidate candidate : space.candidates) {
        const auto extent = primary(candidate, space);
        if (!extent || !scan.holds(candidate)) continue;
        space.matches.push_back({candidate.rule, static_cast<std::uint16_t>(extent->begin),
                                 static_cast<std::uint16_t>(extent->end)});
    }
    ScanResult result{space.matches, ScanStatus::kOk};
    if (std::max(text.light.size(), text.dense.size()) > kMaxTextUnits)
        result.status = ScanStatus::kTruncated;
    if (scan.failures != 0) result.status = ScanStatus::kEngineFailed;
    return result;
}

std::size_t CompiledSet::bytes() const {
    std::size_t sum = sizeof *this + programs_.bytes() + held(targets_) + held(unanchored_) +
                      target_rules_.bytes() + text_.bytes() + also_.bytes() + unless_.bytes() +
                      by_engine_.capacity() / 8 + held(own_hosts_);
    for (const OwnHosts& own : own_hosts_) sum += held(own.hosts);
    for (const View& view : views_) {
        sum += view.anchors.bytes() + held(view.groups) + held(view.always);
        for (const Group& group : view.groups) sum += held(group.rules) + group.engine.bytes();
    }
    return sum;
}

}  // namespace ringfence::pattern
