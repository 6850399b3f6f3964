#include "src/pattern/compiled_set.hpp"

#include <algorithm>
#include <map>

#include "src/pattern/anchor.hpp"
#include "src/pattern/utf8.hpp"

namespace ringfence::pattern {
namespace {

// Distinguishes expressions; equal ones share anchors, stamps and results.
std::string key_of(const Expression& expression) {
    std::string key(1, static_cast<char>(expression.view));
    const auto add = [&key](unsigned value) {
        key += static_cast<char>(value & 0xFFu);
        key += static_cast<char>(value >> 8u & 0xFFu);
    };
    for (const Element& element : expression.elements) {
        key += static_cast<char>(element.kind);
        key += static_cast<char>(element.negated);
        add(element.min);
        add(element.max);
        add(static_cast<unsigned>(element.ranges.size()));
        for (const UnitRange& range : element.ranges) add(range.first), add(range.last);
        add(static_cast<unsigned>(element.phrases.size()));
        for (const auto& phrase : element.phrases) {
            add(static_cast<unsigned>(phrase.size()));
            for (const char16_t unit : phrase) add(unit);
        }
    }
    return key;
}

template <class T>
std::size_t held(const std::vector<T>& values) {
    return values.capacity() * sizeof(T);
}

std::size_t held(const Lists& lists) { return held(lists.first) + held(lists.values); }

}  // namespace

Lists::Lists(const std::vector<std::vector<std::uint32_t>>& lists) {
    for (const auto& list : lists) {
        values.insert(values.end(), list.begin(), list.end());
        first.push_back(static_cast<std::uint32_t>(values.size()));
    }
}

// Collects what the rules need, then compiles it.
class SetBuilder {
public:
    explicit SetBuilder(const RuleSet& rules) : rules_(rules) {}

    Result<CompiledSet> build() {
        if (auto status = Engine::check_platform(); !status) return status.error();
        for (const PatternRule& rule : rules_.rules()) add(rule);
        set_.part_expressions_ = Lists(part_expressions_);
        set_.expression_rules_ = Lists(expression_rules_);
        set_.text_ = Lists(text_);
        set_.also_ = Lists(also_);
        set_.unless_ = Lists(unless_);
        for (std::size_t view = 0; view < kViews; ++view) {
            if (auto status = compile_view(view); !status) return status.error();
        }
        return std::move(set_);
    }

private:
    void add(const PatternRule& rule) {
        const auto index = static_cast<std::uint32_t>(text_.size());
        text_.push_back(intern(rule.text));
        also_.push_back(intern(rule.also));
        unless_.push_back(intern(rule.unless));
        for (const std::uint32_t expression : text_.back()) {
            expression_rules_[expression].push_back(index);
        }
        set_.is_regex_.push_back(!rule.regex.empty());
        if (rule.regex.empty()) return;
        const auto view = static_cast<std::size_t>(rule.view);
        regexes_[view].push_back(rule.regex);
        set_.views_[view].regex_rule.push_back(index);
    }

    std::vector<std::uint32_t> intern(const std::vector<Expression>& expressions) {
        std::vector<std::uint32_t> ids;
        for (const Expression& expression : expressions) {
            const auto next = static_cast<std::uint32_t>(set_.programs_.size());
            const auto [found, fresh] = index_.try_emplace(key_of(expression), next);
            if (fresh) {
                set_.programs_.emplace_back(expression);
                expression_rules_.emplace_back();
                add_parts(expression, next);
            }
            ids.push_back(found->second);
        }
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        return ids;
    }

    void add_parts(const Expression& expression, std::uint32_t id) {
        const auto view = static_cast<std::size_t>(expression.view);
        std::uint16_t count = 0;
        for (Part& part : parts_of(expression)) {
            std::sort(part.begin(), part.end());
            const auto next = static_cast<std::uint32_t>(part_expressions_.size());
            const auto [found, fresh] = part_index_[view].try_emplace(part, next);
            if (fresh) {
                part_expressions_.emplace_back();
                for (const std::string& anchor : part)
                    anchor_parts_[view][anchor_id(view, anchor)].push_back(next);
            }
            auto& expressions = part_expressions_[found->second];
            if (!expressions.empty() && expressions.back() == id) continue;  // twice in this one
            expressions.push_back(id);
            ++count;
        }
        set_.part_count_.push_back(count);
    }

    std::size_t anchor_id(std::size_t view, const std::string& anchor) {
        const auto [found, fresh] = anchor_index_[view].try_emplace(anchor, anchors_[view].size());
        if (fresh) {
            anchors_[view].push_back(anchor);
            anchor_parts_[view].emplace_back();
        }
        return found->second;
    }

    Status compile_view(std::size_t index) {
        CompiledSet::View& view = set_.views_[index];
        view.anchor_parts = Lists(anchor_parts_[index]);
        std::size_t bad = 0;
        if (!anchors_[index].empty()) {
            auto engine = Engine::compile(Engine::Kind::kAnchors, anchors_[index], bad);
            if (!engine) return anchor_error(index, bad, engine.error());
            view.anchors = *std::move(engine);
            if (auto status = view.anchors->reserve(set_.prototype_); !status) return status;
        }
        if (!regexes_[index].empty()) {
            auto engine = Engine::compile(Engine::Kind::kExtents, regexes_[index], bad);
            if (!engine) return regex_error(index, bad, engine.error());
            view.regexes = *std::move(engine);
            if (auto status = view.regexes->reserve(set_.prototype_); !status) return status;
        }
        return ok();
    }

    Error about(std::uint32_t rule_index, const Error& error) const {
        const PatternRule& rule = rules_.rules()[rule_index];
        return {error.code, rules_.place_of(rule) + ": rule '" + rule.id + "': " + error.text};
    }

    Error anchor_error(std::size_t view, std::size_t bad, const Error& error) const {
        if (bad < anchors_[view].size()) {
            const std::uint32_t expression =
                part_expressions_[anchor_parts_[view][bad].front()].front();
            for (std::uint32_t rule = 0; rule < text_.size(); ++rule) {
                for (const auto* lists : {&text_, &also_, &unless_}) {
                    const auto& ids = (*lists)[rule];
                    if (std::binary_search(ids.begin(), ids.end(), expression))
                        return about(rule, error);
                }
            }
        }
        return error;
    }

    // The engine does not always say which expression is too much for it: then each is tried alone.
    Error regex_error(std::size_t view, std::size_t bad, const Error& error) const {
        const auto& rule_of = set_.views_[view].regex_rule;
        for (std::size_t i = 0; bad >= regexes_[view].size() && i < regexes_[view].size(); ++i) {
            std::size_t alone = 0;
            if (!Engine::compile(Engine::Kind::kExtents, {regexes_[view][i]}, alone)) bad = i;
        }
        return bad < rule_of.size() ? about(rule_of[bad], error) : error;
    }

    const RuleSet& rules_;
    CompiledSet set_;
    std::map<std::string, std::uint32_t> index_;
    std::vector<std::vector<std::uint32_t>> expression_rules_, text_, also_, unless_;
    std::array<std::map<std::string, std::size_t>, kViews> anchor_index_;
    std::array<std::vector<std::string>, kViews> anchors_, regexes_;
    std::array<std::vector<std::vector<std::uint32_t>>, kViews> anchor_parts_;
    std::array<std::map<Part, std::uint32_t>, kViews> part_index_;
    std::vector<std::vector<std::uint32_t>> part_expressions_;
};

Result<CompiledSet> CompiledSet::compile(const RuleSet& rules) { return SetBuilder(rules).build(); }

Result<ScanSpace> CompiledSet::make_space() const {
    ScanSpace space;
    auto engine = prototype_.clone();
    if (!engine) return engine.error();
    space.engine = *std::move(engine);
    space.utf8.resize(3 * kMaxTextUnits + kSpareBytes);
    space.part_stamp.resize(part_expressions_.first.size() - 1);
    space.expression_stamp.resize(programs_.size());
    space.expression_parts.resize(programs_.size());
    space.expression_state.resize(programs_.size());
    space.rule_stamp.resize(is_regex_.size());
    space.regex_extent.resize(is_regex_.size());
    space.candidates.reserve(is_regex_.size());
    space.matches.reserve(is_regex_.size());
    return space;
}

// One scan under way.
struct CompiledSet::Scan {
    const CompiledSet& set;
    const FoldedUnits& text;
    ScanSpace& space;
    const View* view = nullptr;
    std::span<const char16_t> units;  // of `view`

    std::span<const char16_t> units_of(TextView which) const {
        const auto all = which == TextView::kLight ? text.light : text.dense;
        return all.first(std::min(all.size(), kMaxTextUnits));
    }

    bool propose(std::uint32_t rule) {
        if (space.rule_stamp[rule] == space.scan) return false;
        space.rule_stamp[rule] = space.scan;
        space.candidates.push_back(rule);
        return true;
    }

    static void on_anchor(void* context, const EngineMatch& match) {
        Scan& scan = *static_cast<Scan*>(context);
        ScanSpace& space = scan.space;
        for (const std::uint32_t part : scan.view->anchor_parts.of(match.id)) {
            if (space.part_stamp[part] == space.scan) continue;
            space.part_stamp[part] = space.scan;
            for (const std::uint32_t expression : scan.set.part_expressions_.of(part)) {
                scan.count_part(expression);
            }
        }
    }

    void count_part(std::uint32_t expression) {
        if (space.expression_stamp[expression] != space.scan) {
            space.expression_stamp[expression] = space.scan;
            space.expression_parts[expression] = 0;
        }
        if (++space.expression_parts[expression] != set.part_count_[expression]) return;
        space.expression_state[expression] = ScanSpace::kUnknown;
        for (const std::uint32_t rule : set.expression_rules_.of(expression)) propose(rule);
    }

    // Bytes for now; turned into units once the text is known to be worth it.
    static void on_regex(void* context, const EngineMatch& match) {
        Scan& scan = *static_cast<Scan*>(context);
        const std::uint32_t rule = scan.view->regex_rule[match.id];
        Extent& best = scan.space.regex_extent[rule];
        const bool first = scan.propose(rule);
        if (first || match.end < best.end || (match.end == best.end && match.begin < best.begin)) {
            best = {match.begin, match.end};
        }
    }

    // False when an engine failed.
    bool run(const View& of, TextView which) {
        if (!of.anchors && !of.regexes) return true;
        view = &of;
        units = units_of(which);
        const std::size_t size = encode_utf8(units, space.utf8.data());
        bool good = true;
        if (of.anchors) {
            good &= of.anchors->scan(space.utf8.data(), size, space.engine, on_anchor, this);
        }
        if (of.regexes) {
            const std::size_t before = space.candidates.size();
            good &= of.regexes->scan(space.utf8.data(), size, space.engine, on_regex, this);
            for (std::size_t i = before; i < space.candidates.size(); ++i) {
                Extent& extent = space.regex_extent[space.candidates[i]];
                extent = {count_units(space.utf8.data(), extent.begin),
                          count_units(space.utf8.data(), extent.end)};
            }
        }
        return good;
    }
};

// Whether every part of `expression` was seen.
bool CompiledSet::possible(std::uint32_t expression, const ScanSpace& space) const {
    return space.expression_stamp[expression] == space.scan &&
           space.expression_parts[expression] == part_count_[expression];
}

// Whether `expression` matches anywhere; worked out once a scan.
bool CompiledSet::present(std::uint32_t expression, Scan& scan) const {
    ScanSpace& space = scan.space;
    if (!possible(expression, space)) return false;
    std::uint8_t& state = space.expression_state[expression];
    if (state == ScanSpace::kUnknown) {
        const Program& wanted = programs_[expression];
        const bool found = find_first(wanted, scan.units_of(wanted.view), space.match).has_value();
        state = found ? ScanSpace::kPresent : ScanSpace::kAbsent;
    }
    return state == ScanSpace::kPresent;
}

std::optional<Extent> CompiledSet::primary(std::uint32_t rule, Scan& scan) const {
    ScanSpace& space = scan.space;
    if (is_regex_[rule]) return space.regex_extent[rule];
    std::optional<Extent> best;
    for (const std::uint32_t expression : text_.of(rule)) {
        if (!possible(expression, space)) continue;
        if (space.expression_state[expression] == ScanSpace::kAbsent) continue;
        const Program& wanted = programs_[expression];
        const auto found = find_first(wanted, scan.units_of(wanted.view), space.match);
        space.expression_state[expression] = found ? ScanSpace::kPresent : ScanSpace::kAbsent;
        if (!found) continue;
        if (!best || found->end < best->end ||
            (found->end == best->end && found->begin < best->begin)) {
            best = found;
        }
    }
    return best;
}

ScanResult CompiledSet::scan(const FoldedUnits& text, ScanSpace& space) const {
    if (++space.scan == 0) {  // after 2^32 scans old stamps would look fresh
        std::fill(space.part_stamp.begin(), space.part_stamp.end(), 0);
        std::fill(space.expression_stamp.begin(), space.expression_stamp.end(), 0);
        std::fill(space.rule_stamp.begin(), space.rule_stamp.end(), 0);
        space.scan = 1;
    }
    space.candidates.clear();
    space.matches.clear();

    Scan scan{*this, text, space, nullptr, {}};
    ScanResult result;
    if (std::max(text.light.size(), text.dense.size()) > kMaxTextUnits) {
        result.status = ScanStatus::kTruncated;
    }
    const bool light = scan.run(views_[0], TextView::kLight);
    const bool dense = scan.run(views_[1], TextView::kDense);
    if (!light || !dense) result.status = ScanStatus::kEngineFailed;

    std::sort(space.candidates.begin(), space.candidates.end());
    for (const std::uint32_t rule : space.candidates) {
        const auto extent = primary(rule, scan);
        if (!extent) continue;
        const auto is_present = [&](std::uint32_t expression) { return present(expression, scan); };
        const auto also = also_.of(rule), unless = unless_.of(rule);
        if (!also.empty() && !std::any_of(also.begin(), also.end(), is_present)) continue;
        if (std::any_of(unless.begin(), unless.end(), is_present)) continue;
        space.matches.push_back({rule, static_cast<std::uint16_t>(extent->begin),
                                 static_cast<std::uint16_t>(extent->end)});
    }
    result.matches = space.matches;
    return result;
}

std::size_t CompiledSet::bytes() const {
    std::size_t sum =
        sizeof *this + held(expression_rules_) + held(text_) + held(also_) + held(unless_);
    for (const View& view : views_) {
        sum += held(view.anchor_parts) + held(view.regex_rule);
        if (view.anchors) sum += view.anchors->bytes();
        if (view.regexes) sum += view.regexes->bytes();
    }
    for (const Program& program : programs_) {
        sum += sizeof program + held(program.steps);
        for (const Step& step : program.steps) {
            sum += held(step.element.ranges) + held(step.element.phrases);
            for (const auto& phrase : step.element.phrases) {
                if (phrase.capacity() > 7)
                    sum += 2 * (phrase.capacity() + 1);  // not in the string itself
            }
        }
    }
    return sum;
}

}  // namespace ringfence::pattern
