// keyword_fields.hpp - the arguments of one call or message, as traffic_fields.hpp asks for them.
//
// The keywords are the columns of a frame, with the same meanings. None is an absent field. Parties are text;
// whole numbers and booleans serve where a column takes them; octets serve as pdu and short_message.
//
// Lifetime: owns what the request points at. Threads: built with the GIL held; then one thread per object.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ringfence/base/time.hpp"
#include "ringfence/traffic/fields.hpp"
#include "ringfence/traffic/traffic_file.hpp"

namespace ringfence::python {

// A point in time given as datetime (naive ones are UTC), numpy.datetime64, seconds since 1970 or RFC 3339 text.
// Throws TypeError or Raised. Threads: with the GIL held.
Time time_of(nanobind::handle value);

// The time now: single calls come from notebooks and scripts, which seldom name one.
Time time_now();

class KeywordFields {
public:
    // `names` are the keywords that there are; the first is the time, by default now. Throws TypeError for
    // another keyword. `function` stands in its text.
    KeywordFields(const char* function, std::span<const std::string_view> names,
                  const nanobind::kwargs& given);

    // The first value of a wrong type, or that is no time, as what is to be raised; null when there is none. An
    // emergency is read all the same. With the GIL held.
    std::exception_ptr take_slip() { return std::exchange(slip_, nullptr); }

    bool is_given(unsigned column) const { return fields_[column].given; }

    std::string_view text(unsigned column) const { return fields_[column].text; }
    std::string_view kept(unsigned column) const { return text(column); }

    template <class Integer>
    bool number(unsigned column, Integer& out) const {
        return traffic::read_whole(text(column), out);
    }

    bool time(unsigned, Time& out) const {
        out = time_;
        return true;
    }

    std::span<const std::uint8_t> octets(unsigned column, bool& valid) const {
        const std::string& field = fields_[column].text;
        if (!fields_[column].binary) return arena_.keep_hex(field, valid);
        return {reinterpret_cast<const std::uint8_t*>(field.data()), field.size()};
    }

private:
    struct Field {
        std::string text;
        bool given = false;
        bool binary = false;
    };

    static Field field_of(std::string_view name, nanobind::handle value);
    void note_slip(std::size_t column, std::string_view name);

    std::vector<Field> fields_;
    Time time_;
    std::exception_ptr slip_;
    mutable TextArena arena_;
};

}  // namespace ringfence::python
