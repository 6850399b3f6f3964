#include "bindings/python/src/verdict_columns.hpp"

namespace ringfence::python {

std::int32_t Dictionary::code_of_word(std::string word) {
    if (word.empty() && !keeps_empty) return kNone;
    const auto [at, fresh] =
        known_.try_emplace(std::move(word), static_cast<std::int32_t>(words_.size()));
    if (fresh) words_.push_back(at->first);
    return at->second;
}

void Dictionary::freeze() {
    ends_.assign(1, 0);
    letters_.clear();
    for (const std::string& word : words_) {
        letters_.append(word);
        ends_.push_back(static_cast<std::int32_t>(letters_.size()));
    }
}

VerdictColumns::VerdictColumns() {
    rule_words.keeps_empty = false;
    category_words.keeps_empty = false;
}

void VerdictColumns::reserve(std::size_t count) {
    rows.reserve(count);
    actions.reserve(count);
    stages.reserve(count);
    reasons.reserve(count);
    flags.reserve(count);
    rules.codes.reserve(count);
    rules.valid.reserve(count / 8 + 1);
    categories.codes.reserve(count);
    categories.valid.reserve(count / 8 + 1);
    risks.reserve(count);
    generations.reserve(count);
    match_offsets.reserve(count);
    match_lengths.reserve(count);
}

void VerdictColumns::push(const Verdict& verdict, const Screen& screen) {
    const std::uint64_t generation = std::uint64_t{verdict.generation} << 32;
    rows.push_back(static_cast<std::int64_t>(rows.size()));
    actions.push_back(static_cast<std::int8_t>(action_words.code(
        static_cast<std::uint64_t>(verdict.action), [&] { return name_of(verdict.action); })));
    stages.push_back(static_cast<std::int8_t>(stage_words.code(
        static_cast<std::uint64_t>(verdict.stage), [&] { return name_of(verdict.stage); })));
    reasons.push_back(static_cast<std::int16_t>(reason_words.code(
        static_cast<std::uint64_t>(verdict.reason), [&] { return name_of(verdict.reason); })));
    rules.push(verdict.rule == 0 ? Dictionary::kNone
                                 : rule_words.code(generation | verdict.rule,
                                                   [&] { return screen.rule_id(verdict); }));
    categories.push(verdict.category == 0 ? Dictionary::kNone
                                          : category_words.code(generation | verdict.category, [&] {
                                                return screen.category(verdict);
                                            }));
    risks.push_back(verdict.risk);
    generations.push_back(verdict.generation);
    match_offsets.push_back(verdict.match_offset);
    match_lengths.push_back(verdict.match_length);
    flags.push_back(static_cast<std::int16_t>(
        flag_words.code(verdict.flags, [&] { return joined_flags(verdict); })));
}

void VerdictColumns::note_problem(std::string problem) {
    if (problems.size() < kMaxProblems) problems.emplace_back(rows.size(), std::move(problem));
    ++bad_rows;
}

void VerdictColumns::freeze() {
    for (Dictionary* words :
         {&action_words, &stage_words, &reason_words, &rule_words, &category_words, &flag_words}) {
        words->freeze();
    }
}

}  // namespace ringfence::python
