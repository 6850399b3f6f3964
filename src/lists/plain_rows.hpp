// plain_rows.hpp - rows of a CSV list that differ from the row before them in the digits of their number alone.
//
//     number,kind,action,category,expires,source
//     17000001230,,reject,,2027-01-01,police        read the general way, and kept
//     17000001231,,reject,,2027-01-01,police        the same around its digits: read here
//     170 0000 1232,,reject,,2027-01-01,police      not digits alone: the general way
//
// Such a row says, and is right in, all that the kept one did; its number is what PlainHeads has learned that the
// general way would make of it. So nothing is judged here: what is not as it was before goes the general way, bad rows
// above all.
//
// Cost: 8 ns a row; 264 KiB.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "ringfence/lists/list_reader.hpp"
#include "src/lists/plain_heads.hpp"
#include "src/lists/raw_row.hpp"

namespace ringfence {

// Threads: one thread per object.
class PlainRows {
public:
    explicit PlainRows(const DialPlan& plan) : heads_(plan) {}
    PlainRows(const PlainRows&) = delete;
    PlainRows& operator=(const PlainRows&) = delete;

    // Keeps a good row, so that those like it can be read; `text` is all of it.
    void keep(std::string_view text, const RawRow& raw, const ListRow& row);

    // Reads a number as read_entry does, if that was learned from one that begins alike; else false, and `entry` is
    // unchanged.
    bool read(std::string_view written, ListEntry& entry) const;

    // Reads the rows that are next in `csv`, as long as they are like the one kept. Until the next call.
    ListRun read(CsvReader& csv);

private:
    static constexpr std::size_t kMaxText = 512;  // of a row that is kept
    static constexpr std::size_t kAtOnce = 1'024;

    PlainHeads heads_;
    std::string text_;        // the row kept; empty: none
    kernel::RowShape shape_;  // views of text_
    ListRow said_;            // its texts are views of text_
    std::array<Number, kAtOnce> numbers_;
};

}  // namespace ringfence
