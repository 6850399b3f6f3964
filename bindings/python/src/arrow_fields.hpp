// arrow_fields.hpp - the fields of a row of an Arrow batch, as traffic_fields.hpp asks for them.
//
// Columns are found by name, once a batch; those that mean nothing here are passed over. Numbers of parties
// must be text: a column of integers has lost its '+' and its leading zeros.
//
// Lifetime: borrows the batch and the arena. Threads: one thread per object.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bindings/python/src/arrow_column.hpp"
#include "bindings/python/src/errors.hpp"
#include "ringfence/base/time.hpp"
#include "ringfence/traffic/fields.hpp"
#include "ringfence/traffic/traffic_file.hpp"

namespace ringfence::python {

template <std::size_t kColumns>
using ColumnNames = std::array<std::string_view, kColumns>;

// Where each known column stands in the frame; -1 for absent. Throws Raised for a required column that is not
// there and for a known one that is there twice.
template <std::size_t kColumns>
std::array<std::int64_t, kColumns> places_of(const ArrowSchema& schema,
                                             const ColumnNames<kColumns>& names) {
    std::array<std::int64_t, kColumns> places;
    places.fill(-1);
    for (std::int64_t child = 0; child < schema.n_children; ++child) {
        const char* named = schema.children[child]->name;
        const std::string_view name = named != nullptr ? named : "";
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) continue;
        std::int64_t& place = places[static_cast<std::size_t>(found - names.begin())];
        if (place != -1) {
            throw Raised{{ErrorCode::kDuplicate,
                          "the frame has two columns '" + std::string(name) + "'; drop one"}};
        }
        place = child;
    }
    for (unsigned column = 0; column < traffic::kRequired; ++column) {
        if (places[column] != -1) continue;
        std::string wanted =
            "the frame has no column '" + std::string(names[column]) + "'; it needs";
        for (unsigned i = 0; i < traffic::kRequired; ++i) {
            wanted.append(i == 0 ? " " : ", ").append(names[i]);
        }
        throw Raised{{ErrorCode::kMissing, wanted}};
    }
    return places;
}

template <std::size_t kColumns>
class ArrowFields {
public:
    ArrowFields(const ArrowSchema& schema, const ArrowArray& batch,
                const ColumnNames<kColumns>& names, TextArena& arena)
        : arena_(arena), rows_(batch) {
        const auto places = places_of(schema, names);
        for (std::size_t column = 0; column < kColumns; ++column) {
            if (places[column] < 0) continue;
            const ArrowSchema& type = *schema.children[places[column]];
            const ArrowArray& values = *batch.children[places[column]];
            if (column == 0) {
                time_.emplace(type, values);
                kinds_[column] = Kind::kTime;
            } else {
                columns_[column] = Column(type, values, names[column]);
                kinds_[column] = columns_[column].kind;
            }
        }
        offset_ = batch.offset;
    }

    // Turns to a row of the batch. False for a row that is null as a whole.
    bool turn_to(std::int64_t row) {
        row_ = row + offset_;
        return rows_.valid(row);
    }

    // Most frames have a quarter of the columns: that one is absent must cost next to nothing.
    std::string_view text(unsigned column) const {
        return kinds_[column] == Kind::kAbsent ? std::string_view() : present_text(column);
    }
    std::string_view kept(unsigned column) const { return text(column); }

    bool is_given(unsigned column) const {
        const Column& at = columns_[column];
        switch (kinds_[column]) {
            case Kind::kAbsent: return false;
            case Kind::kText: return at.text.valid(row_);
            case Kind::kWhole: return at.whole->at(row_).has_value();
            case Kind::kTime: return true;
        }
        return false;
    }

    template <class Integer>
    bool number(unsigned column, Integer& out) const {
        static_assert(std::is_unsigned_v<Integer>);
        if (kinds_[column] == Kind::kAbsent) return true;
        const Column& at = columns_[column];
        if (kinds_[column] == Kind::kText) return traffic::read_whole(at.text.at(row_), out);
        const auto value = at.whole->at(row_);
        if (!value) return true;
        if (!value->exact || value->negative) return false;
        if (value->magnitude > std::numeric_limits<Integer>::max()) return false;
        out = static_cast<Integer>(value->magnitude);
        return true;
    }

    // Whether the field is a number that no text can stand for, which text() writes as no whole number is written.
    bool is_inexact(unsigned column) const {
        if (kinds_[column] != Kind::kWhole) return false;
        const auto value = columns_[column].whole->at(row_);
        return value && !value->exact;
    }

    bool time(unsigned, Time& out) const {
        const auto ms = time_->at(row_);
        if (ms) out = time_from_ms(*ms);
        return ms.has_value();
    }

    std::span<const std::uint8_t> octets(unsigned column, bool& valid) const {
        const Column& at = columns_[column];
        if (kinds_[column] != Kind::kText || !at.text.binary())
            return arena_.keep_hex(text(column), valid);
        const std::string_view octets = at.text.at(row_);
        return {reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()};
    }

private:
    enum class Kind : std::uint8_t { kAbsent = 0, kText, kWhole, kTime };

    struct Column {
        Column() = default;
        Column(const ArrowSchema& type, const ArrowArray& values, std::string_view name) {
            if (values.null_count == values.length) return;
            if (IntegerColumn::takes(type)) {
                if (is_party(name)) {
                    throw Raised{{ErrorCode::kWrongType, "column '" + std::string(name) +
                                                             "' holds numbers, which have lost '+' "
                                                             "and leading zeros; read it as text"}};
                }
                whole.emplace(type, values);
                kind = Kind::kWhole;
            } else {
                text = TextColumn(type, values);
                kind = Kind::kText;
            }
        }

        static bool is_party(std::string_view name) {
            constexpr std::array<std::string_view, 7> kParties = {
                "calling", "called", "redirecting", "sender", "recipient", "smsc", "subscriber"};
            return std::find(kParties.begin(), kParties.end(), name) != kParties.end();
        }

        Kind kind = Kind::kAbsent;
        TextColumn text;
        std::optional<IntegerColumn> whole;
    };

    std::string_view present_text(unsigned column) const {
        if (kinds_[column] == Kind::kTime) return time_->text(row_);
        const Column& at = columns_[column];
        return kinds_[column] == Kind::kText ? at.text.at(row_) : digits(at.whole->at(row_));
    }

    std::string_view digits(const std::optional<WholeNumber>& value) const {
        if (!value) return {};
        std::array<char, 32> digits{'-'};
        char* end = digits.data() + digits.size();
        if (!value->exact) {
            end = std::to_chars(digits.data(), end, value->inexact, std::chars_format::scientific)
                      .ptr;
        } else {
            end =
                std::to_chars(digits.data() + (value->negative ? 1 : 0), end, value->magnitude).ptr;
        }
        return arena_.keep({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    TextArena& arena_;
    ValidityMap rows_;
    std::array<Kind, kColumns> kinds_{};
    std::array<Column, kColumns> columns_;
    std::optional<TimeColumn> time_;
    std::int64_t offset_ = 0;
    std::int64_t row_ = 0;
};

}  // namespace ringfence::python
