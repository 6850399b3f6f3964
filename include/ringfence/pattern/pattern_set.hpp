// pattern_set.hpp - compiled content rules: one folded text in, the rules that match it out.
//
// Compile aside, then share: a PatternSet is immutable and every thread may scan with it at once, each
// with its own PatternScratch. What a match is, and so what every engine behind this header must give:
//
//   - Rules are defined over folded units, in the rule's view; `.` and a gap count units, never bytes.
//   - A rule that matches is reported once a text, whatever the number of its matches: at the match that
//     ends first, and of those that end there at the longest. `also`, `unless` and `foreign_to` look at the whole text.
//   - Matches come in the order of the rules.
//
// A rule is looked for in the cheapest of three ways that can hold it; all of them mean the same:
//
//     phrase   phrases alone. All phrases of all rules are looked for at once, and found where they stand
//     gap      one of its phrases is; then the 63 units on both sides of it are enough to tell
//     whole    the text is looked through from end to end: by a matcher of ours, or by Hyperscan
//
// Readers: PatternSet and everything it points at outlives its scratches and its results.
// Cost: docs/performance.md. A scratch is about 500 KB and 30 bytes a rule, twice that where a rule has `foreign_to`. A set costs some 150 bytes for a phrase, 400 for
// a gap rule, and 13 KB for eight regular expressions that only Hyperscan reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/pattern/regex_limits.hpp"
#include "ringfence/pattern/rules.hpp"

namespace ringfence {

struct PatternMatch {
    std::uint32_t rule = 0;   // PatternSet::rules()[rule]
    std::uint16_t begin = 0;  // in folded units of the rule's view
    std::uint16_t end = 0;    // one past the last

    friend constexpr bool operator==(const PatternMatch&, const PatternMatch&) = default;
};

// The two views of one text, for callers that hold no FoldedText. A unit that is a surrogate reads as
// U+FFFD to regular expressions; where a sentence ends and no host is meant, capitals tell `foreign_to` nothing.
struct FoldedUnits {
    std::span<const char16_t> light;
    std::span<const char16_t> dense;
};

enum class ScanStatus : std::uint8_t {
    kOk = 0,
    kTruncated = 1,  // the text is not whole: longer than a FoldedText or than kMaxTextUnits
    kEngineFailed =
        2,  // an engine returned an error: matches may be missing. Count it; fail by policy
};

struct ScanResult {
    std::span<const PatternMatch> matches;  // lies in the scratch, until its next scan
    ScanStatus status = ScanStatus::kOk;
};

enum class PatternTier : std::uint8_t { kPhrase = 1, kGap = 2, kWhole = 3 };

// "phrase", "gap", "whole". Threads: any thread.
std::string_view name_of(PatternTier tier);

struct RuleTier {
    PatternTier tier = PatternTier::kPhrase;  // the dearest that an expression of it needs
    std::string why;                          // for people
};

struct CompileOptions {
    bool check_samples = true;  // off only where the caller checks them itself
    RegexLimits limits = {};    // of compiling regular expressions
};

// What one thread needs to scan with one PatternSet. Movable; worthless with any other set.
class PatternScratch {
public:
    PatternScratch();
    ~PatternScratch();
    PatternScratch(PatternScratch&&) noexcept;
    PatternScratch& operator=(PatternScratch&&) noexcept;

private:
    friend class PatternSet;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

class PatternSet {
public:
    // Units of a view that are looked at: all that a FoldedText can hold.
    static constexpr std::size_t kMaxTextUnits = FoldedText::kMaxUnits;

    // Compiles `rules` and runs every sample. Fails with the place and the id of the rule that does not
    // compile, is beyond a limit, or breaks one of its samples; kUnsupported where a rule needs Hyperscan and
    // the processor is one that it does not run on; kMissing, kUnreadable or kUnsupported where the program of
    // `limits` is not there, cannot be run, or is of another build.
    // Threads: any thread; takes 0.1 s for packs of ten thousand rules, and more where Hyperscan is needed.
    static Result<PatternSet> compile(RuleSet rules, const CompileOptions& options = {});

    PatternSet(PatternSet&&) noexcept;
    PatternSet& operator=(PatternSet&&) noexcept;
    ~PatternSet();

    // A scratch for this set. Allocates. Threads: any thread.
    Result<PatternScratch> make_scratch() const;

    // The rules that match `text`. Never allocates, locks or fails silently: an engine's error shows in
    // the status, with the matches found before it. Of units alone the first scan of a scratch that has to
    // look for hosts (`foreign_to`) allocates, and throws std::bad_alloc where it cannot.
    // Threads: any thread, one scratch each.
    ScanResult scan(const FoldedText& text, PatternScratch& scratch) const;
    ScanResult scan(const FoldedUnits& text, PatternScratch& scratch) const;

    // By index of the match; the order is that of the RuleSet. Threads: any thread.
    const std::vector<PatternRule>& rules() const;
    const RuleSet& rule_set() const;

    // How rule `i` is looked for, its `also` and `unless` aside. Allocates. Threads: any thread.
    RuleTier tier_of(std::size_t i) const;

    // Bytes that the compiled set holds, its rules' own text aside. Threads: any thread.
    std::size_t bytes() const;

private:
    struct Impl;
    explicit PatternSet(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

}  // namespace ringfence
