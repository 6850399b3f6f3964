#include "src/pattern/compiled_set.hpp"

#include <algorithm>
#include <bit>

#include "ringfence/text/fold.hpp"
#include "src/pattern/utf8.hpp"

namespace ringfence::pattern {

static_assert(FoldedText::kMargin >= kTextMargin);  // a folded text is looked at where it lies

namespace {

using kernel::WindowHit;
using kernel::WindowSurvivor;
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
    space.survivors.resize(ScanSpace::kSurvivors);
    space.sightings.reserve(by_engine_.size());
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
    const bool is_padded;  // as a FoldedText is
    ScanSpace& space;
    ProgramView programs = set.programs_.view();
    const kernel::WindowKernel& window = kernel::window_kernel();
    PaddedText padded = {};        // of the view under way
    const Group* group = nullptr;  // under way
    std::size_t failures = 0;      // of the engine
    std::uint32_t windows = 0;     // looked at

    // Of an aggregate GCC clears all of it first, with an instruction that takes longer to begin than a short text.
    Scan(const CompiledSet& compiled, const FoldedUnits& of, bool padded_there, ScanSpace& with)
        : set(compiled), text(of), is_padded(padded_there), space(with) {}

    std::span<const char16_t> units_of(TextView which) const {
        const auto all = which == TextView::kLight ? text.light : text.dense;
        return all.first(std::min(all.size(), kMaxTextUnits));
    }

    void propose(std::uint32_t rule) {
        if (space.rule_stamp[rule] == space.scan) return;
        space.rule_stamp[rule] = space.scan;
        space.candidates.push_back(rule);
    }

    Seen& seen_of(std::uint32_t target) {
        Seen& seen = space.seen[target];
        if (seen.scan != space.scan) seen = {.scan = space.scan};
        return seen;
    }

    // `target`, which is not all of a rule, matches at `extent`.
    void note(std::uint32_t target, Seen& seen, const Extent& extent) {
        if (seen.state != Seen::kPresent) {
            seen.state = Seen::kPresent;
            for (const std::uint32_t rule : set.target_rules_.of(target)) propose(rule);
        } else if (!before(extent, {seen.begin, seen.end})) {
            return;
        }
        seen.begin = static_cast<std::uint16_t>(extent.begin);
        seen.end = static_cast<std::uint16_t>(extent.end);
    }

    void tell(const Body& body, const Extent& extent) {
        if (body.rule != kNotOne) {
            space.sightings.add(sighting_of(body.rule, extent.begin, extent.end));
        } else {
            note(body.subject, seen_of(body.subject), extent);
        }
    }

    void look_later(std::uint32_t target, Seen& seen) {
        seen.state = Seen::kPending;
        if (set.targets_[target].deciding) space.pending.push_back(target);
    }

    kernel::WindowPlace place_of(const WindowHit& hit) const {
        return {padded.units, padded.size, hit.begin, hit.end};
    }

    // What the probe asks for stands somewhere; all of it has to, and inside the text.
    void find_probed(const Body& body, const kernel::WindowProbe& probe, const WindowHit& hit) {
        const bool left = probe.offset < 0;
        const std::int64_t first = std::int64_t{left ? hit.begin : hit.end} + probe.offset;
        const std::size_t rest = probe.run == 0 ? body.size - 2u : 0;
        for (auto bits = window.places(probe, place_of(hit)); bits != 0; bits &= bits - 1) {
            const std::int64_t begin = first + std::countr_zero(bits), end = begin + body.size;
            if (begin < 0) continue;
            if (end > padded.size) return;
            if (!body.rest.stand(padded.units + begin + 2, rest)) continue;
            return tell(body, left ? Extent{static_cast<std::uint32_t>(begin), hit.end}
                                   : Extent{hit.begin, static_cast<std::uint32_t>(end)});
        }
    }

    // Whether to look at the window around one more of its anchors.
    bool is_worth(const Body& body, const WindowHit& hit) {
        if (++windows <= kFreeWindows && body.rule != kNotOne) return true;
        Seen& seen = seen_of(body.subject);
        if (seen.state == Seen::kPending) return false;
        // A match through this anchor cannot end before the anchor does.
        if (seen.state == Seen::kPresent &&
            (hit.end > seen.end || !set.targets_[body.subject].deciding))
            return false;
        if (windows <= kFreeWindows) return true;
        if (seen.checks == kMaxChecks) {
            look_later(body.subject, seen);
            return false;
        }
        ++seen.checks;
        return true;
    }

    void look_beside(const Body& body, const WindowHit& hit) {
        kernel::WindowMatch match;
        if (is_worth(body, hit) && window.match(programs, body.steps(), place_of(hit), match))
            tell(body, {match.begin, match.end});
    }

    // False: its window has to be looked at.
    bool act(const Body& body, const kernel::WindowProbe& probe, const WindowHit& hit) {
        switch (body.kind) {
            case Body::Kind::kMatch: tell(body, {hit.begin, hit.end}); break;
            case Body::Kind::kProbe: find_probed(body, probe, hit); break;
            case Body::Kind::kWindow: return false;
            case Body::Kind::kRegex: ask_engine(body.subject); break;
            case Body::Kind::kWhole: {
                Seen& seen = seen_of(body.subject);
                if (seen.state == Seen::kUnknown) look_later(body.subject, seen);
                break;
            }
        }
        return true;
    }

    void act_all(std::span<const WindowHit> hits, std::span<WindowSurvivor> survivors) {
        for (const WindowSurvivor& survivor : survivors)
            __builtin_prefetch(set.bodies_.data() + survivor.check->body);
        std::size_t left = 0;
        for (const WindowSurvivor survivor : survivors) {
            const Body& body = set.bodies_[survivor.check->body];
            if (act(body, survivor.check->probe, hits[survivor.hit])) continue;
            __builtin_prefetch(programs.steps + body.first);
            survivors[left++] = survivor;
        }
        for (const WindowSurvivor& survivor : survivors.first(left))
            look_beside(set.bodies_[survivor.check->body], hits[survivor.hit]);
    }

    void take(std::span<const WindowHit> hits) {
        for (std::size_t at = 0; at < hits.size();) {
            const std::size_t count = window.sift(padded.units, hits.data(), hits.size(), at,
                                                  space.survivors.data(), space.survivors.size());
            act_all(hits, std::span(space.survivors).first(count));
        }
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
            padded = pad(units);
            view.anchors.find(padded, *space.anchors, space.sightings,
                              [this](std::span<const WindowHit> hits) { take(hits); });
        }
        if (view.groups.empty()) return;
        for (const std::uint32_t each : view.always) ask_engine(each);
        run_groups(view, units);
    }

    // Of a text that is none yet, until the next one.
    PaddedText pad(std::span<const char16_t> units) {
        if (is_padded) return {units.data(), static_cast<std::uint32_t>(units.size())};
        char16_t* const begin = space.padded.data() + kTextMargin;
        std::copy(units.begin(), units.end(), begin);
        std::fill_n(begin + units.size(), kTextMargin, u'\0');
        return {begin, static_cast<std::uint32_t>(units.size())};
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
            Extent& extent = space.regex_extent[space.candidates[i]];
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
        const PaddedText whole = pad(units_of(wanted.view));
        auto& heads = space.heads[wanted.view == TextView::kDense];
        if (!heads) heads.emplace(whole);
        const auto found =
            find_first(programs, wanted.program, whole, *heads, *space.match, window);
        if (!found) {
            seen.state = Seen::kAbsent;
        } else if (wanted.rule != kNotOne) {
            seen.state = Seen::kPresent;
            space.sightings.add(sighting_of(wanted.rule, found->begin, found->end));
        } else {
            note(target, seen, *found);
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

    // Whether it is known, without looking through the text, that `target` matches.
    bool seen_present(std::uint32_t target) const {
        const Seen& seen = space.seen[target];
        return seen.scan == space.scan && seen.state == Seen::kPresent;
    }

    bool any_present(std::span<const std::uint32_t> targets) {
        return std::ranges::any_of(targets, [this](auto one) { return seen_present(one); }) ||
               std::ranges::any_of(targets, [this](auto one) { return present(one); });
    }

    // Looking through a text takes microseconds: what can be told of a rule without it is asked first. False: neither
    // `unless` nor `foreign_to` lets the rule match.
    bool may_hold(std::uint32_t rule) {
        const auto unless = set.unless_.of(rule);
        if (std::ranges::any_of(unless, [this](auto one) { return seen_present(one); }))
            return false;
        const OwnHosts* own = set.own_hosts_of(rule);
        return own == nullptr || space.hosts->names_foreign(own->hosts);
    }

    // An expression that some rule may match by.
    void decide(std::uint32_t target) {
        const auto rules = set.target_rules_.of(target);
        if (std::ranges::any_of(rules, [this](auto rule) { return may_hold(rule); }))
            present(target);
    }

    // Whether `also`, `unless` and `foreign_to` let a rule match.
    bool holds(std::uint32_t rule) {
        const auto also = set.also_.of(rule), unless = set.unless_.of(rule);
        return may_hold(rule) && (also.empty() || any_present(also)) && !any_present(unless);
    }
};

// Null: of a rule that does not ask.
const CompiledSet::OwnHosts* CompiledSet::own_hosts_of(std::uint32_t rule) const {
    const auto found = std::ranges::lower_bound(own_hosts_, rule, {}, &OwnHosts::rule);
    return found != own_hosts_.end() && found->rule == rule ? &*found : nullptr;
}

// Where a rule matches of which more than one expression is known, or that the engine decides.
std::optional<Extent> CompiledSet::primary(std::uint32_t rule, const ScanSpace& space) const {
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
    space.sightings.clear();
    space.matches.clear();
    space.heads.fill(std::nullopt);
    if (space.hosts != nullptr) space.hosts->begin(text, folded);

    Scan scan(*this, text, folded != nullptr, space);
    scan.run(0, TextView::kLight);
    scan.run(1, TextView::kDense);
    for (const std::uint32_t target : unanchored_) scan.decide(target);
    for (const std::uint32_t target : space.pending) scan.decide(target);
    for (std::size_t i = 0; i < space.candidates.size(); ++i) {
        const std::uint32_t rule = space.candidates[i];
        const auto extent = primary(rule, space);
        if (extent && scan.holds(rule))
            space.sightings.add(sighting_of(rule, extent->begin, extent->end));
    }
    for (const Sighting sighting : space.sightings.best())
        space.matches.push_back(match_of(sighting));
    ScanResult result{space.matches, ScanStatus::kOk};
    if (std::max(text.light.size(), text.dense.size()) > kMaxTextUnits)
        result.status = ScanStatus::kTruncated;
    if (scan.failures != 0) result.status = ScanStatus::kEngineFailed;
    return result;
}

std::size_t CompiledSet::bytes() const {
    std::size_t sum = sizeof *this + programs_.bytes() + held(bodies_) + held(targets_) +
                      held(unanchored_) + target_rules_.bytes() + text_.bytes() + also_.bytes() +
                      unless_.bytes() + by_engine_.capacity() / 8 + held(own_hosts_);
    for (const OwnHosts& own : own_hosts_) sum += held(own.hosts);
    for (const View& view : views_) {
        sum += view.anchors.bytes() + held(view.groups) + held(view.always);
        for (const Group& group : view.groups) sum += held(group.rules) + group.engine.bytes();
    }
    return sum;
}

}  // namespace ringfence::pattern
