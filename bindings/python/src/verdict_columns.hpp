// verdict_columns.hpp - many verdicts as the columns of an Arrow struct.
//
//     row         int64           the input row, from 0
//     action      dictionary      "allow" ... "drop"
//     stage       dictionary      the tier that decided
//     reason      dictionary
//     rule        dictionary      null where no rule decided
//     category    dictionary      null where there is none
//     risk        uint16          0-1000
//     generation  uint32
//     flags       dictionary      names with blanks between: "", "degraded bad_input"
//     match_offset, match_length  uint16   of the deciding match, in UTF-16 units of the text; 0 and 0 where there is none
//
// Words are looked up once each; a row costs codes only. Build, then freeze: a frozen one is shared by all the
// streams made of it, and dies with the last.
// Cost: 32 octets a row.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ringfence/policy/verdict.hpp"
#include "ringfence/screen/screen.hpp"

namespace ringfence::python {

// Words and the codes that stand for them, in the order of their coming.
class Dictionary {
public:
    static constexpr std::int32_t kNone = -1;

    // The code of a word that `key` always means; `name()` gives it the first time.
    template <class Name>
    std::int32_t code(std::uint64_t key, Name&& name) {
        if (key == last_key_) return last_code_;
        const auto [at, fresh] = codes_.try_emplace(key, kNone);
        if (fresh) at->second = code_of_word(std::string(name()));
        last_key_ = key;
        last_code_ = at->second;
        return last_code_;
    }

    // The words as an Arrow text array: ends of words, and their letters.
    void freeze();
    const std::vector<std::int32_t>& ends() const { return ends_; }
    const std::string& letters() const { return letters_; }
    std::size_t size() const { return words_.size(); }

    // Whether an empty word is a word; otherwise it is kNone.
    bool keeps_empty = true;

private:
    std::int32_t code_of_word(std::string word);

    std::unordered_map<std::uint64_t, std::int32_t> codes_;
    std::map<std::string, std::int32_t, std::less<>> known_;  // two keys may mean one word
    std::vector<std::string> words_;
    std::uint64_t last_key_ = ~std::uint64_t{0};
    std::int32_t last_code_ = kNone;
    std::vector<std::int32_t> ends_;
    std::string letters_;
};

// Codes of a column that has nulls.
struct NullableCodes {
    std::vector<std::int32_t> codes;
    std::vector<std::uint8_t> valid;  // a bitmap
    std::int64_t null_count = 0;

    void push(std::int32_t code) {
        const std::size_t row = codes.size();
        if (row % 8 == 0) valid.push_back(0);
        if (code < 0) {
            ++null_count;
        } else {
            valid.back() = static_cast<std::uint8_t>(valid.back() | 1u << row % 8);
        }
        codes.push_back(code < 0 ? 0 : code);
    }
};

class VerdictColumns {
public:
    // The most problems of bad rows that are kept.
    static constexpr std::size_t kMaxProblems = 100;

    VerdictColumns();

    void reserve(std::size_t rows);

    // Appends the verdict on the next row. Threads: one thread per object.
    void push(const Verdict& verdict, const Screen& screen);

    // Notes what could not be read in the next row. Its verdict is pushed then.
    void note_problem(std::string problem);

    void freeze();

    std::size_t size() const { return risks.size(); }

    std::vector<std::int64_t> rows;
    std::vector<std::int8_t> actions, stages;
    std::vector<std::int16_t> reasons, flags;
    NullableCodes rules, categories;
    std::vector<std::uint16_t> risks, match_offsets, match_lengths;
    std::vector<std::uint32_t> generations;
    Dictionary action_words, stage_words, reason_words, rule_words, category_words, flag_words;
    std::size_t bad_rows = 0;
    std::vector<std::pair<std::int64_t, std::string>> problems;  // of the first bad rows
};

}  // namespace ringfence::python
