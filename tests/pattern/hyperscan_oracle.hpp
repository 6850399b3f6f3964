// hyperscan_oracle.hpp - what rules find in a text by Hyperscan alone: each expression of each rule, in UTF-8.
//
// Hyperscan keeps the begin of a match for small expressions only. It is asked for that of regular expressions; where a match
// of a `text` begins is told by walking its elements back from the end. Many phrases on both sides of a wide gap take it
// minutes and gigabytes to compile, or are refused: for these the same walk tells where they end.
#pragma once

#include <gtest/gtest.h>
#include <hs/hs.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ringfence/pattern/pattern_set.hpp"
#include "src/pattern/engine.hpp"
#include "src/pattern/foreign_hosts.hpp"
#include "src/pattern/utf8.hpp"
#include "tests/pattern/backtrack_model.hpp"
#include "tests/pattern/random_rules.hpp"

namespace ringfence::testing {

// Places of a text, and the elements of expressions walked over them, on or back.
class Walk {
public:
    void begin(std::u16string_view text) {
        for (const char16_t unit : text_) stands_[unit] = false;
        text_ = text;
        for (const char16_t unit : text_) stands_[unit] = true;
    }

    // Where the match that ends first ends.
    std::optional<std::size_t> first_end(const Expression& expression) const {
        Places at(text_.size() + 1, true);
        for (const Element& element : expression.elements)
            if (!step(element, true, at)) return std::nullopt;
        return first(at);
    }

    // Where the longest match that ends at `end` begins.
    std::optional<std::size_t> leftmost_begin(const Expression& expression, std::size_t end) const {
        Places at(text_.size() + 1);
        at[end] = true;
        for (auto e = expression.elements.rbegin(); e != expression.elements.rend(); ++e)
            if (!step(*e, false, at)) return std::nullopt;
        return first(at);
    }

private:
    using Places = std::vector<bool>;

    static std::optional<std::size_t> first(const Places& at) {
        const auto found = std::find(at.begin(), at.end(), true);
        if (found == at.end()) return std::nullopt;
        return static_cast<std::size_t>(found - at.begin());
    }

    bool word(std::size_t place) const { return model::is_word(text_, place); }

    // From the places `at` to those on the other side of `e`. False where there are none.
    bool step(const Element& e, bool on, Places& at) const {
        Places to(at.size());
        for (const std::u16string& phrase : e.phrases) {
            const std::size_t size = phrase.size();
            if (size > text_.size() || (size > 0 && !stands_[phrase[0]])) continue;
            for (std::size_t begin = 0; begin + size <= text_.size(); ++begin)
                if (at[on ? begin : begin + size] && text_.compare(begin, size, phrase) == 0)
                    to[on ? begin + size : begin] = true;
        }
        for (std::size_t place = 0; place < at.size() && e.kind != Element::Kind::kPhrases;
             ++place) {
            if (!at[place]) continue;
            const bool before = place > 0 && word(place - 1);
            if (e.kind == Element::Kind::kWordStart) to[place] = !before && word(place);
            if (e.kind == Element::Kind::kWordEnd) to[place] = before && !word(place);
            if (e.kind != Element::Kind::kGap && e.kind != Element::Kind::kUnits) continue;
            const std::size_t room = on ? text_.size() - place : place;
            for (std::size_t n = 0; n <= e.max && n <= room; ++n) {
                if (n > 0 && e.kind == Element::Kind::kUnits &&
                    !holds(e, text_[on ? place + n - 1 : place - n]))
                    break;
                if (n >= e.min) to[on ? place + n : place - n] = true;
            }
        }
        at = std::move(to);
        return first(at).has_value();
    }

    std::u16string text_;
    std::vector<bool> stands_ = std::vector<bool>(0x10000);
};

// Threads: one thread per object.
class HyperscanOracle {
public:
    HyperscanOracle() = default;
    HyperscanOracle(const HyperscanOracle&) = delete;
    HyperscanOracle& operator=(const HyperscanOracle&) = delete;
    ~HyperscanOracle() {
        hs_free_scratch(scratch_);
        for (const View& view : views_)
            for (hs_database_t* database : view.databases) hs_free_database(database);
    }

    // Empty, or why Hyperscan does not hold these. Expressions of more than `most_work` are walked. `rules` outlive the oracle.
    std::string build(const std::vector<PatternRule>& rules, std::size_t most_work) {
        rules_ = &rules;
        most_work_ = most_work;
        for (const PatternRule& rule : rules) {
            Targets& of = targets_.emplace_back();
            for (const Expression& e : rule.text) of.text.push_back(target(e));
            for (const Expression& e : rule.also) of.also.push_back(target(e));
            for (const Expression& e : rule.unless) of.unless.push_back(target(e));
            if (!rule.regex.empty()) of.text.push_back(target(rule.view, rule.regex));
        }
        for (View& view : views_)
            if (!view.small.patterns.empty() && why_.empty()) compile(view, view.small);
        return why_;
    }

    // Expressions that Hyperscan holds, and that are walked.
    std::pair<std::size_t, std::size_t> counts() const {
        const std::size_t walked = views_[0].walked.size() + views_[1].walked.size();
        return {views_[0].ids.size() + views_[1].ids.size() - walked, walked};
    }

    // Whether hosts are foreign is no question to Hyperscan: it is asked of what answers it for the compiled set.
    std::vector<PatternMatch> scan(const FoldedText& text) {
        scan(views_[0], text.light().text());
        scan(views_[1], text.dense().text());
        hosts_.begin(
            {{text.light().units, text.light().size}, {text.dense().units, text.dense().size}},
            &text);
        std::vector<PatternMatch> matches;
        for (std::size_t i = 0; i < targets_.size(); ++i) {
            const Targets& of = targets_[i];
            const auto any = [&](const std::vector<Target>& some) {
                return std::any_of(some.begin(), some.end(),
                                   [&](const Target& t) { return first(t).has_value(); });
            };
            if (!any(of.text) || (!of.also.empty() && !any(of.also)) || any(of.unless)) continue;
            const auto& own = (*rules_)[i].foreign_to;
            if (own.empty() || hosts_.names_foreign(own)) matches.push_back(extent(i));
        }
        return matches;
    }

private:
    // Units of phrases times units of gaps; so much Hyperscan compiles together with others, in a moment.
    static constexpr std::size_t kSmallWork = 300;

    struct Span {
        std::size_t begin = 0;  // of a regular expression alone
        std::size_t end = 0;
    };
    struct Target {
        std::size_t view = 0;
        unsigned id = 0;
    };
    struct Targets {
        std::vector<Target> text, also, unless;
    };
    struct Patterns {
        std::vector<std::string> patterns;
        std::vector<unsigned> ids, flags;

        void add(unsigned id, std::string pattern, unsigned flag = 0) {
            patterns.push_back(std::move(pattern));
            ids.push_back(id);
            flags.push_back(HS_FLAG_UTF8 | HS_FLAG_DOTALL | flag);
        }
    };
    struct View {
        std::map<std::string, unsigned> ids;  // many rules share an expression
        Patterns small;
        std::vector<hs_database_t*> databases;
        std::vector<std::pair<unsigned, Expression>> walked;
        Walk walk;
        std::vector<std::optional<Span>> found;
        std::vector<char> utf8;
    };

    Target target(TextView view, const std::string& regex) {
        View& in = views_[view == TextView::kLight ? 0 : 1];
        const auto [at, fresh] =
            in.ids.try_emplace("regex " + regex, static_cast<unsigned>(in.ids.size()));
        if (fresh) in.small.add(at->second, regex, HS_FLAG_SOM_LEFTMOST);
        return {view == TextView::kLight ? 0u : 1u, at->second};
    }

    Target target(const Expression& e) {
        const std::size_t view = e.view == TextView::kLight ? 0 : 1;
        View& in = views_[view];
        const auto [at, fresh] =
            in.ids.try_emplace(as_regex(e), static_cast<unsigned>(in.ids.size()));
        if (fresh && work_of(e) <= kSmallWork)
            in.small.add(at->second, at->first);
        else if (fresh && !(work_of(e) <= most_work_ && compile_alone(in, at->second, at->first)))
            in.walked.emplace_back(at->second, e);
        return {view, at->second};
    }

    static std::size_t work_of(const Expression& expression) {
        std::size_t units = 0, gaps = 0;
        for (const Element& e : expression.elements) {
            for (const std::u16string& phrase : e.phrases) units += phrase.size();
            if (e.kind == Element::Kind::kGap || e.negated) gaps += e.max;
        }
        return units * gaps;
    }

    // False where it is too large for Hyperscan.
    bool compile_alone(View& in, unsigned id, const std::string& pattern) {
        Patterns one;
        one.add(id, pattern);
        const bool held = compile(in, one);
        if (!held) why_.clear();
        return held;
    }

    bool compile(View& in, const Patterns& some) {
        std::vector<const char*> patterns;
        for (const std::string& pattern : some.patterns) patterns.push_back(pattern.c_str());
        hs_database_t* made = nullptr;
        hs_compile_error_t* failure = nullptr;
        if (hs_compile_multi(patterns.data(), some.flags.data(), some.ids.data(),
                             static_cast<unsigned>(patterns.size()), HS_MODE_BLOCK, nullptr, &made,
                             &failure) != HS_SUCCESS) {
            why_ = failure->message;
            if (failure->expression >= 0)
                why_ += ": " + some.patterns[static_cast<std::size_t>(failure->expression)];
            hs_free_compile_error(failure);
            return false;
        }
        in.databases.push_back(made);
        if (hs_alloc_scratch(made, &scratch_) != HS_SUCCESS) why_ = "no memory for a scratch";
        return why_.empty();
    }

    void scan(View& in, std::u16string_view text) {
        in.found.assign(in.ids.size(), std::nullopt);
        in.utf8.resize(text.size() * 3 + pattern::kSpareBytes);
        const auto size = static_cast<unsigned>(pattern::encode_utf8(text, in.utf8.data()));
        for (hs_database_t* database : in.databases)
            EXPECT_EQ(hs_scan(database, in.utf8.data(), size, 0, scratch_, take, &in), HS_SUCCESS);
        for (auto& span : in.found) {
            if (!span) continue;
            span->begin = pattern::count_units(in.utf8.data(), span->begin);
            span->end = pattern::count_units(in.utf8.data(), span->end);
        }
        in.walk.begin(text);
        for (const auto& [id, expression] : in.walked)
            if (const auto end = in.walk.first_end(expression)) in.found[id] = Span{0, *end};
    }

    static int take(unsigned id, unsigned long long begin, unsigned long long end, unsigned,
                    void* view) {
        auto& span = static_cast<View*>(view)->found[id];
        if (!span || end < span->end || (end == span->end && begin < span->begin))
            span = Span{static_cast<std::size_t>(begin), static_cast<std::size_t>(end)};
        return 0;
    }

    const std::optional<Span>& first(const Target& of) const {
        return views_[of.view].found[of.id];
    }

    // Of a rule that matches: the match that ends first, the longest of those.
    PatternMatch extent(std::size_t rule) const {
        const std::vector<Target>& of = targets_[rule].text;
        const auto& text = (*rules_)[rule].text;
        std::optional<Span> best;
        for (std::size_t i = 0; i < of.size(); ++i) {
            std::optional<Span> span = first(of[i]);
            if (!span || (best && span->end > best->end)) continue;
            if (i < text.size()) {
                const auto begin = views_[of[i].view].walk.leftmost_begin(text[i], span->end);
                EXPECT_TRUE(begin) << (*rules_)[rule].id << " ends where it does not";
                span->begin = begin.value_or(0);
            }
            if (!best || span->end < best->end || span->begin < best->begin) best = span;
        }
        return {static_cast<std::uint32_t>(rule), static_cast<std::uint16_t>(best->begin),
                static_cast<std::uint16_t>(best->end)};
    }

    const std::vector<PatternRule>* rules_ = nullptr;
    std::size_t most_work_ = 0;
    std::vector<Targets> targets_;
    std::array<View, 2> views_;  // light, dense
    hs_scratch_t* scratch_ = nullptr;
    pattern::ForeignHosts hosts_;
    std::string why_;
};

}  // namespace ringfence::testing
