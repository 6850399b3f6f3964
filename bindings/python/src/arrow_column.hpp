// arrow_column.hpp - one column of an Arrow batch, read value by value.
//
// Frames come from pyarrow, Polars, pandas and DuckDB, and each writes text its own way: with 32-bit offsets
// (u), 64-bit ones (U), as views (vu, Polars' default), through a dictionary (categoricals). A TextColumn
// hides which. Validity bitmaps and offsets of slices are respected everywhere.
//
// Lifetime: a column borrows the batch. Cost: about 2 ns a value.
// Source: https://arrow.apache.org/docs/format/Columnar.html
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/python/src/arrow_abi.hpp"

namespace ringfence::python {

class ValidityMap {
public:
    ValidityMap() = default;
    explicit ValidityMap(const ArrowArray& array)
        : bits_(array.n_buffers > 0 && array.null_count != 0
                    ? static_cast<const std::uint8_t*>(array.buffers[0])
                    : nullptr),
          offset_(array.offset) {}

    bool valid(std::int64_t row) const {
        if (bits_ == nullptr) return true;
        const std::int64_t at = row + offset_;
        return (bits_[at >> 3] >> (at & 7) & 1) != 0;
    }

private:
    const std::uint8_t* bits_ = nullptr;
    std::int64_t offset_ = 0;
};

// A value of an IntegerColumn: sign and magnitude, since no one type holds what int64 and uint64 do.
struct WholeNumber {
    std::uint64_t magnitude = 0;
    bool negative = false;
    // False for a fraction, and for a float so large that other whole numbers are written as it: neither is any
    // number then. `inexact` is what stands there.
    bool exact = true;
    double inexact = 0;
};

// Whole numbers of any width, booleans, and fractions that happen to be whole (pandas makes them of whole
// numbers with gaps).
class IntegerColumn {
public:
    // Throws Raised for a column of another type. Threads: any thread.
    IntegerColumn(const ArrowSchema& schema, const ArrowArray& array);

    // None for null and for not-a-number. Threads: any thread.
    std::optional<WholeNumber> at(std::int64_t row) const;

    static bool takes(const ArrowSchema& schema);

private:
    ValidityMap validity_;
    const void* values_;
    std::int64_t offset_;
    char format_;
};

// Text or octets of any layout.
class TextColumn {
public:
    TextColumn() = default;

    // Throws Raised for a column of another type. Threads: any thread.
    TextColumn(const ArrowSchema& schema, const ArrowArray& array);

    // The value; empty for null. Threads: any thread.
    std::string_view at(std::int64_t row) const {
        if (!validity_.valid(row)) return {};
        const std::int64_t place = row + offset_;
        switch (layout_) {
            case Layout::kOffsets32: return slice_at<std::int32_t>(place);
            case Layout::kOffsets64: return slice_at<std::int64_t>(place);
            case Layout::kViews: return view_at(place);
            case Layout::kDictionary: return word_at(row);
            default: return {};
        }
    }

    // Whether the value is not null. Threads: any thread.
    bool valid(std::int64_t row) const { return validity_.valid(row); }

    // Whether the values are octets, not text. Threads: any thread.
    bool binary() const { return binary_; }

    static bool takes(const ArrowSchema& schema);

private:
    enum class Layout : std::uint8_t { kNone, kOffsets32, kOffsets64, kViews, kDictionary };

    template <class Offset>
    std::string_view slice_at(std::int64_t place) const {
        Offset ends[2];
        std::memcpy(
            ends,
            static_cast<const char*>(values_) + place * static_cast<std::int64_t>(sizeof(Offset)),
            sizeof ends);
        if (ends[0] == ends[1]) return {};
        return {text_ + ends[0], static_cast<std::size_t>(ends[1] - ends[0])};
    }
    std::string_view view_at(std::int64_t place) const;
    std::string_view word_at(std::int64_t row) const;

    ValidityMap validity_;
    Layout layout_ = Layout::kNone;
    bool binary_ = false;
    std::int64_t offset_ = 0;
    const void* values_ = nullptr;  // offsets or views
    const char* text_ = nullptr;
    const void* const* pieces_ = nullptr;  // the texts that views point into
    std::optional<IntegerColumn> keys_;
    std::shared_ptr<const TextColumn> words_;
    std::int64_t word_count_ = 0;
};

// Points in time: Arrow timestamps of any unit, whole or fractional seconds since 1970, RFC 3339 text.
class TimeColumn {
public:
    // Throws Raised for a column of another type. Threads: any thread.
    TimeColumn(const ArrowSchema& schema, const ArrowArray& array);

    // Milliseconds since 1970, or none for null and for text that is no time. Threads: any thread.
    std::optional<std::int64_t> at(std::int64_t row) const;

    // The value as it was given, where that is text. Threads: any thread.
    std::string_view text(std::int64_t row) const {
        return text_ ? text_->at(row) : std::string_view();
    }

private:
    enum class Kind : std::uint8_t { kUnits, kSeconds64, kSeconds32, kText, kWhole };

    ValidityMap validity_;
    Kind kind_;
    std::int64_t units_per_s_ = 1;
    const void* values_ = nullptr;
    std::int64_t offset_ = 0;
    std::optional<IntegerColumn> whole_;
    std::optional<TextColumn> text_;
};

// Seconds since 1970 as milliseconds, to the nearest; none beyond what a call's time can be.
std::optional<std::int64_t> ms_of_seconds(double seconds);

}  // namespace ringfence::python
