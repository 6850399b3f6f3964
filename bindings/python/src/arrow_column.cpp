#include "bindings/python/src/arrow_column.hpp"

#include <cmath>
#include <limits>

#include "bindings/python/src/errors.hpp"
#include "ringfence/source/time_text.hpp"

namespace ringfence::python {
namespace {

[[noreturn]] void refuse(const ArrowSchema& schema, const char* wanted) {
    const std::string name = schema.name != nullptr ? schema.name : "";
    throw Raised{{ErrorCode::kWrongType, "column '" + name + "' has the Arrow type '" +
                                             schema.format + "'; give " + wanted}};
}

void require_buffers(const ArrowSchema& schema, const ArrowArray& array, std::int64_t wanted) {
    if (array.n_buffers < wanted) refuse(schema, "a column with all its buffers");
}

template <class Word>
Word word_of(const void* values, std::int64_t at) {
    Word word;
    std::memcpy(&word,
                static_cast<const char*>(values) + at * static_cast<std::int64_t>(sizeof word),
                sizeof word);
    return word;
}

WholeNumber whole_of(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return {.magnitude = value < 0 ? 0 - bits : bits, .negative = value < 0};
}

// From this on a float may stand for its neighbours too.
template <class Float>
constexpr Float kInexactFrom = static_cast<Float>(
    std::uint64_t{1} << static_cast<unsigned>(std::numeric_limits<Float>::digits));

template <class Float>
std::optional<WholeNumber> whole_of_float(Float value) {
    if (std::isnan(value)) return std::nullopt;
    if (std::abs(value) < kInexactFrom<Float> && std::trunc(value) == value)
        return whole_of(static_cast<std::int64_t>(value));
    return WholeNumber{.exact = false, .inexact = static_cast<double>(value)};
}

// A constant divisor: the processor's own division is slow.
template <std::int64_t kBy>
std::int64_t floor_divided(std::int64_t value) {
    return value / kBy - (value % kBy < 0 ? 1 : 0);
}

// Seconds further out than this are no time of a call, and would overflow.
constexpr double kMaxSeconds = 1e11;

}  // namespace

std::optional<std::int64_t> ms_of_seconds(double seconds) {
    if (!(std::abs(seconds) < kMaxSeconds)) return std::nullopt;
    return std::llround(seconds * 1e3);
}

bool IntegerColumn::takes(const ArrowSchema& schema) {
    return schema.dictionary == nullptr && schema.format[0] != '\0' && schema.format[1] == '\0' &&
           std::strchr("bcCsSiIlLfgn", schema.format[0]) != nullptr;
}

IntegerColumn::IntegerColumn(const ArrowSchema& schema, const ArrowArray& array)
    : validity_(array), values_(nullptr), offset_(array.offset), format_(schema.format[0]) {
    if (!takes(schema)) refuse(schema, "whole numbers");
    if (format_ == 'n') return;
    require_buffers(schema, array, 2);
    values_ = array.buffers[1];
}

std::optional<WholeNumber> IntegerColumn::at(std::int64_t row) const {
    if (format_ == 'n' || !validity_.valid(row)) return std::nullopt;
    const std::int64_t at = row + offset_;
    switch (format_) {
        case 'b':
            return whole_of(static_cast<const std::uint8_t*>(values_)[at >> 3] >> (at & 7) & 1);
        case 'c': return whole_of(word_of<std::int8_t>(values_, at));
        case 'C': return whole_of(word_of<std::uint8_t>(values_, at));
        case 's': return whole_of(word_of<std::int16_t>(values_, at));
        case 'S': return whole_of(word_of<std::uint16_t>(values_, at));
        case 'i': return whole_of(word_of<std::int32_t>(values_, at));
        case 'I': return whole_of(word_of<std::uint32_t>(values_, at));
        case 'l': return whole_of(word_of<std::int64_t>(values_, at));
        case 'L': return WholeNumber{.magnitude = word_of<std::uint64_t>(values_, at)};
        case 'g': return whole_of_float(word_of<double>(values_, at));
        default: return whole_of_float(word_of<float>(values_, at));
    }
}

bool TextColumn::takes(const ArrowSchema& schema) {
    // A dictionary of dictionaries is nothing that Arrow has.
    const ArrowSchema& values = schema.dictionary != nullptr ? *schema.dictionary : schema;
    for (const char* format : {"u", "z", "U", "Z", "vu", "vz", "n"}) {
        if (std::strcmp(values.format, format) == 0) return values.dictionary == nullptr;
    }
    return false;
}

TextColumn::TextColumn(const ArrowSchema& schema, const ArrowArray& array)
    : validity_(array), offset_(array.offset) {
    if (!takes(schema)) refuse(schema, "text");
    if (schema.dictionary != nullptr) {
        if (array.dictionary == nullptr) refuse(schema, "a dictionary with its values");
        ArrowSchema keys = schema;
        keys.dictionary = nullptr;
        keys_.emplace(keys, array);
        words_ = std::make_shared<const TextColumn>(*schema.dictionary, *array.dictionary);
        word_count_ = array.dictionary->length;
        binary_ = words_->binary_;
        layout_ = Layout::kDictionary;
        return;
    }
    binary_ = std::strchr(schema.format, 'z') != nullptr || schema.format[0] == 'Z';
    switch (schema.format[0]) {
        case 'n': return;
        case 'u':
        case 'z': layout_ = Layout::kOffsets32; break;
        case 'U':
        case 'Z': layout_ = Layout::kOffsets64; break;
        default: layout_ = Layout::kViews; break;
    }
    require_buffers(schema, array, layout_ == Layout::kViews ? 2 : 3);
    values_ = array.buffers[1];
    if (layout_ == Layout::kViews) {
        pieces_ = array.buffers + 2;
    } else {
        text_ = static_cast<const char*>(array.buffers[2]);
    }
}

// An Arrow string view: 4 octets of length, then 12 of text, or a prefix, a buffer and an offset into it.
std::string_view TextColumn::view_at(std::int64_t place) const {
    constexpr std::int64_t kSize = 16;
    constexpr std::int32_t kInline = 12;
    const char* view = static_cast<const char*>(values_) + place * kSize;
    const auto length = word_of<std::int32_t>(view, 0);
    if (length <= kInline) return {view + 4, static_cast<std::size_t>(length)};
    const auto piece = word_of<std::int32_t>(view, 2);
    const auto offset = word_of<std::int32_t>(view, 3);
    return {static_cast<const char*>(pieces_[piece]) + offset, static_cast<std::size_t>(length)};
}

std::string_view TextColumn::word_at(std::int64_t row) const {
    const auto key = keys_->at(row);
    const auto words = static_cast<std::uint64_t>(word_count_);
    if (!key || !key->exact || key->negative || key->magnitude >= words) return {};
    return words_->at(static_cast<std::int64_t>(key->magnitude));
}

TimeColumn::TimeColumn(const ArrowSchema& schema, const ArrowArray& array)
    : validity_(array), kind_(Kind::kUnits), offset_(array.offset) {
    const std::string_view format(schema.format);
    if (schema.dictionary == nullptr && format.starts_with("ts") && format.size() >= 3) {
        switch (format[2]) {
            case 's': units_per_s_ = 1; break;
            case 'm': units_per_s_ = 1'000; break;
            case 'u': units_per_s_ = 1'000'000; break;
            default: units_per_s_ = 1'000'000'000; break;
        }
    } else if (schema.dictionary == nullptr && format == "g") {
        kind_ = Kind::kSeconds64;
    } else if (schema.dictionary == nullptr && format == "f") {
        kind_ = Kind::kSeconds32;
    } else if (TextColumn::takes(schema)) {
        kind_ = Kind::kText;
        text_.emplace(schema, array);
        return;
    } else if (IntegerColumn::takes(schema) && format != "b") {
        kind_ = Kind::kWhole;
        whole_.emplace(schema, array);
        return;
    } else {
        refuse(schema, "timestamps, seconds since 1970 or RFC 3339 text");
    }
    require_buffers(schema, array, 2);
    values_ = array.buffers[1];
}

std::optional<std::int64_t> TimeColumn::at(std::int64_t row) const {
    if (!validity_.valid(row)) return std::nullopt;
    switch (kind_) {
        case Kind::kUnits: {
            const auto units = word_of<std::int64_t>(values_, row + offset_);
            if (units_per_s_ == 1'000) return units;
            if (units_per_s_ == 1'000'000) return floor_divided<1'000>(units);
            if (units_per_s_ == 1'000'000'000) return floor_divided<1'000'000>(units);
            return std::abs(static_cast<double>(units)) < kMaxSeconds ? std::optional(units * 1'000)
                                                                      : std::nullopt;
        }
        case Kind::kSeconds64: return ms_of_seconds(word_of<double>(values_, row + offset_));
        case Kind::kSeconds32:
            return ms_of_seconds(static_cast<double>(word_of<float>(values_, row + offset_)));
        case Kind::kText: {
            const auto time = parse_time(text_->at(row));
            return time ? std::optional(to_ms(*time)) : std::nullopt;
        }
        case Kind::kWhole: {
            const auto seconds = whole_->at(row);
            if (!seconds || !seconds->exact ||
                static_cast<double>(seconds->magnitude) >= kMaxSeconds) {
                return std::nullopt;
            }
            const auto ms = static_cast<std::int64_t>(seconds->magnitude) * 1'000;
            return seconds->negative ? -ms : ms;
        }
    }
    return std::nullopt;
}

}  // namespace ringfence::python
