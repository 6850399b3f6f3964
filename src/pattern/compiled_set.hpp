// compiled_set.hpp - what a PatternSet compiles to: anchors for the engine, expressions for the matcher.
//
//     text -> [engine: anchors] -> parts seen -> expressions that may match -> rules that may match
//          -> [engine: regexes] -------------------------------> rules that do match
//     rules that may match -> [matcher: text, also, unless] -> matches
//
// Equal expressions and equal anchors are stored once; `also` and `unless` are looked at only for a rule
// whose `text` or `regex` matched, and each expression at most once a text.
//
// Lists of numbers are kept flat: those of item i are values[first[i]] up to values[first[i + 1]].
//
// Readers: immutable, any number of threads, each with its own ScanSpace.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/engine.hpp"
#include "src/pattern/matcher.hpp"

namespace ringfence::pattern {

inline constexpr std::size_t kViews = 2;

// Lists of numbers, one an item.
struct Lists {
    std::vector<std::uint32_t> first = {0};
    std::vector<std::uint32_t> values;

    explicit Lists(const std::vector<std::vector<std::uint32_t>>& lists = {});
    std::span<const std::uint32_t> of(std::size_t item) const {
        return std::span(values).subspan(first[item], first[item + 1] - first[item]);
    }
};

// What one thread needs to scan. All of it is sized when it is made.
struct ScanSpace {
    enum : std::uint8_t { kUnknown = 0, kAbsent = 1, kPresent = 2 };

    EngineScratch engine;
    std::vector<char> utf8;
    MatchSpace match;

    // Of the scan numbered `scan` where the stamp equals it, else of an earlier one.
    std::uint32_t scan = 0;
    std::vector<std::uint32_t> part_stamp;        // an anchor of it was seen
    std::vector<std::uint32_t> expression_stamp;  // a part of it was seen
    std::vector<std::uint16_t> expression_parts;  // how many
    std::vector<std::uint8_t> expression_state;   // of one whose parts were all seen
    std::vector<std::uint32_t> rule_stamp;        // it may match
    std::vector<Extent> regex_extent;             // by rule; of rules with a regex

    std::vector<std::uint32_t> candidates;  // rules
    std::vector<PatternMatch> matches;
};

class CompiledSet {
public:
    CompiledSet() = default;

    static Result<CompiledSet> compile(const RuleSet& rules);

    Result<ScanSpace> make_space() const;
    ScanResult scan(const FoldedUnits& text, ScanSpace& space) const;
    std::size_t bytes() const;

private:
    friend class SetBuilder;

    struct View {
        std::optional<Engine> anchors;
        Lists anchor_parts;
        std::optional<Engine> regexes;
        std::vector<std::uint32_t> regex_rule;
    };
    struct Scan;

    std::optional<Extent> primary(std::uint32_t rule, Scan& scan) const;
    bool present(std::uint32_t expression, Scan& scan) const;
    bool possible(std::uint32_t expression, const ScanSpace& space) const;

    std::array<View, kViews> views_;
    Lists part_expressions_;
    std::vector<Program> programs_;          // of expressions
    std::vector<std::uint16_t> part_count_;  // of expressions
    Lists expression_rules_;                 // rules that have it in `text`
    Lists text_, also_, unless_;
    std::vector<bool> is_regex_;
    EngineScratch prototype_;
};

// Runs the samples of every rule. Fails at the first that is broken, by place, rule and sample.
// Threads: any thread.
Status check_samples(const PatternSet& set);

}  // namespace ringfence::pattern
