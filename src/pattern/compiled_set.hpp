// compiled_set.hpp - what a PatternSet compiles to: anchors, the expressions around them, and the engine for the rest.
//
//     text -> [anchors] -> phrase that is all of a rule    sighting
//                       -> checks -> [probes] -> bodies
//
//     body    phrase            it matches, here
//             probe             it matches, here: nothing but the probe is beside the anchor
//             window            [steps around the anchor] -> it matches, here
//             whole             [matcher, once the anchors are done]
//             group of regexes  [engine, over UTF-8 of the text]
//
//     expressions that are all of a rule -> sightings -> matches
//     other expressions, regexes -> their rules -> also, unless, foreign_to -> sightings -> matches
//
// Equal expressions and equal anchors are stored once. `also` and `unless` are expressions like any other; those that
// would have to be looked for in the whole text are so only for a rule whose `text` or `regex` matched. Nothing is noted of
// an expression that is all of a rule, whatever the number of its matches: sightings.hpp picks the best.
//
// What lies apart in memory is gone through in loops of its own, each asking ahead for what the next one reads: probes,
// bodies, steps.
//
// Bounds: a text has kFreeWindows windows. Then an expression that was checked around kMaxChecks more of its anchors is
// looked for in the whole text instead, so that no text can make it cost more than that; nothing is ever left out.
//
// Lists of numbers are kept flat: those of item i are values[first[i]] up to values[first[i + 1]].
//
// Readers: immutable, any number of threads, each with its own ScanSpace.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/anchor_table.hpp"
#include "src/pattern/engine.hpp"
#include "src/pattern/foreign_hosts.hpp"
#include "src/pattern/matcher.hpp"
#include "src/pattern/plan.hpp"
#include "src/pattern/program.hpp"

namespace ringfence::pattern {

inline constexpr std::size_t kViews = 2;
inline constexpr std::uint8_t kMaxChecks = 64;
inline constexpr std::uint32_t kFreeWindows = 256;

// Lists of numbers, one an item.
struct Lists {
    std::vector<std::uint32_t> first = {0};
    std::vector<std::uint32_t> values;

    explicit Lists(const std::vector<std::vector<std::uint32_t>>& lists = {});
    std::span<const std::uint32_t> of(std::size_t item) const {
        return std::span(values).subspan(first[item], first[item + 1] - first[item]);
    }
    std::size_t bytes() const;
};

// What one thread needs to scan. All of it is sized when it is made.
struct ScanSpace {
    // What is known of an expression in the scan numbered `scan`.
    struct Seen {
        enum : std::uint8_t { kUnknown = 0, kAbsent, kPending, kPresent };

        std::uint32_t scan = 0;
        std::uint16_t begin = 0;  // kPresent: where it matches
        std::uint16_t end = 0;
        std::uint8_t state = kUnknown;  // kPending: to be looked for in the whole text
        std::uint8_t checks = 0;        // anchors that it was checked around
    };

    static constexpr std::size_t kSurvivors = 1024;

    EngineScratch engine;
    std::vector<char> utf8;
    std::vector<char16_t> padded;
    std::unique_ptr<AnchorSpace> anchors;
    std::unique_ptr<MatchSpace> match;
    std::array<std::optional<TextHeads>, kViews> heads;  // of each view, once it is looked through
    std::unique_ptr<ForeignHosts> hosts;                 // null where no rule asks
    std::vector<kernel::WindowSurvivor> survivors;
    Sightings sightings;

    // Stamps are those of the scan numbered `scan`, or of an earlier one.
    std::uint32_t scan = 0;
    std::vector<Seen> seen;                  // by expression
    std::vector<std::uint32_t> rule_stamp;   // it may match
    std::vector<Extent> regex_extent;        // by rule; of rules that the engine decides
    std::vector<std::uint32_t> group_stamp;  // it is to be scanned, or was

    std::vector<std::uint32_t> pending;  // expressions
    std::vector<std::uint32_t> groups;
    std::vector<std::uint32_t>
        candidates;  // rules that may match; without those that are one expression
    std::vector<PatternMatch> matches;
};

class CompiledSet {
public:
    CompiledSet() = default;

    static Result<CompiledSet> compile(const RuleSet& rules, const RegexLimits& limits);

    Result<ScanSpace> make_space() const;
    // `folded`: what the views are of, where the caller has it.
    ScanResult scan(const FoldedUnits& text, const FoldedText* folded, ScanSpace& space) const;
    std::size_t bytes() const;

private:
    friend class SetBuilder;
    struct Scan;

    // One that can be asked for by itself: those of the phrase tier have no program, and need none.
    struct Target {
        Program program;
        std::uint32_t rule = kNotOne;  // all of which it is, and in no other
        TextView view = TextView::kLight;
        bool deciding = false;  // in the `text` of some rule
        bool anchored = false;  // absent from a text that holds none of its anchors
    };
    // What a rule's `foreign_to` says.
    struct OwnHosts {
        std::uint32_t rule = 0;
        std::vector<std::string> hosts;
    };
    // What is done where an anchor stands and the probe holds.
    struct Body {
        enum class Kind : std::uint8_t {
            kMatch,   // the anchor is all of the expression: it matches here
            kProbe,   // so are the anchor and what the probe asks for
            kWindow,  // what stands beside it decides
            kWhole,   // it may match somewhere; it has to be looked for in the whole text
            kRegex,   // a group of regular expressions may match
        };

        std::uint32_t rule = kNotOne;      // all of which the expression is
        std::uint32_t subject = 0;         // an expression; kRegex: a group
        std::uint32_t first = 0;           // kWindow: its steps,
        std::uint8_t left = 0, right = 0;  // and how many lie beside the anchor
        std::uint8_t size = 0;             // kProbe: units of what the probe asks for,
        Kind kind = Kind::kMatch;
        HeadUnits<GapCheck::kMostRest> rest;  // of which those behind the first two, of a phrase

        kernel::WindowSteps steps() const { return {first, left, right}; }
    };
    static_assert(sizeof(Body) == 32);
    // Regular expressions that one database holds.
    struct Group {
        Engine engine;
        std::vector<std::uint32_t> rules;  // by pattern
    };
    struct View {
        AnchorTable anchors;
        std::vector<Group> groups;
        std::vector<std::uint32_t> always;  // groups of expressions in which no phrase must be
    };

    const OwnHosts* own_hosts_of(std::uint32_t rule) const;
    std::optional<Extent> primary(std::uint32_t rule, const ScanSpace& space) const;

    std::array<View, kViews> views_;
    std::vector<Body> bodies_;
    Programs programs_;
    std::vector<Target> targets_;  // expressions
    std::vector<std::uint32_t>
        unanchored_;      // deciding ones that every text has to be looked through for
    Lists target_rules_;  // rules that have it in `text`
    Lists text_, also_, unless_;
    std::vector<bool> by_engine_;      // rules
    std::vector<OwnHosts> own_hosts_;  // by rule, ascending; of those with `foreign_to`
    EngineScratch prototype_;
};

// Runs the samples of every rule. Fails at the first that is broken, by place, rule and sample.
// Threads: any thread.
Status check_samples(const PatternSet& set);

// Which tier `rule` is in, and why. Threads: any thread.
RuleTier tier_of(const PatternRule& rule);

}  // namespace ringfence::pattern
