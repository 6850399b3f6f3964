#include "bindings/python/src/keyword_fields.hpp"

#include <nanobind/stl/string.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>

#include "bindings/python/src/arrow_column.hpp"
#include "bindings/python/src/errors.hpp"
#include "ringfence/source/time_text.hpp"

namespace nb = nanobind;

namespace ringfence::python {
namespace {

// A str may hold lone surrogates, which no UTF-8 has.
std::string utf8_of(nb::handle text) {
    Py_ssize_t size = 0;
    const char* utf8 = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
    if (utf8 != nullptr) return {utf8, static_cast<std::size_t>(size)};
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError) == 0) throw nb::python_error();
    PyErr_Clear();
    throw Raised{
        {ErrorCode::kInvalidArgument, "a text holds a lone surrogate, which is no character"}};
}

Time time_of_datetime(nb::handle value) {
    const nb::module_ datetime = nb::module_::import_("datetime");
    const nb::object utc = datetime.attr("timezone").attr("utc");
    nb::object moment = nb::borrow(value);
    if (moment.attr("tzinfo").is_none()) {
        moment = nb::getattr(moment, "replace")(nb::arg("tzinfo") = utc);
    }
    const nb::object start = datetime.attr("datetime")(1970, 1, 1, nb::arg("tzinfo") = utc);
    const nb::object ms = datetime.attr("timedelta")(nb::arg("milliseconds") = 1);
    std::int64_t count = 0;
    // pandas.NaT is a datetime, and gives no number.
    if (!nb::try_cast(nb::object((moment - start).attr("__floordiv__")(ms)), count))
        throw Raised{{ErrorCode::kInvalidArgument, "NaT is no time; give one, or None"}};
    return time_from_ms(count);
}

// Whether it is NumPy's scalar of one of these names; NumPy itself is not asked for.
bool is_numpy(nb::handle value, std::initializer_list<std::string_view> names) {
    const nb::handle type = value.type();
    if (!nb::hasattr(type, "__module__")) return false;
    const nb::object module = type.attr("__module__");
    const nb::object name = type.attr("__name__");
    if (!nb::isinstance<nb::str>(module) || nb::cast<std::string>(module) != "numpy") return false;
    return std::find(names.begin(), names.end(), nb::cast<std::string>(name)) != names.end();
}

// A datetime64 is UTC, of any unit: milliseconds would overflow where years do not. NaT is the least number of both.
Time time_of_datetime64(nb::handle value) {
    const auto whole = [&](const char* unit) {
        const nb::object count = value.attr("astype")(unit).attr("astype")("int64");
        return nb::cast<std::int64_t>(nb::object(count.attr("item")()));
    };
    constexpr std::int64_t kFirst = 1 - 1970;
    constexpr std::int64_t kLast = 9999 - 1970;
    // Picoseconds and what is finer reach from 1969 to 1970, and NumPy has no years for them.
    const auto type = nb::cast<std::string>(nb::object(value.attr("dtype").attr("str")));
    const bool fine = type.ends_with("ps]") || type.ends_with("fs]") || type.ends_with("as]");
    const std::int64_t year = fine ? 0 : whole("datetime64[Y]");
    const std::int64_t ms = whole("datetime64[ms]");
    if (year < kFirst || year > kLast || ms == INT64_MIN)
        throw Raised{{ErrorCode::kInvalidArgument,
                      "'" + nb::cast<std::string>(nb::str(value)) +
                          "' is no time in the years 1 to 9999; give one, or None"}};
    return time_from_ms(ms);
}

}  // namespace

Time time_now() {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

Time time_of(nb::handle value) {
    const nb::object datetime = nb::module_::import_("datetime").attr("datetime");
    if (nb::isinstance(value, datetime)) return time_of_datetime(value);
    if (nb::isinstance<nb::str>(value)) {
        const std::string text = utf8_of(value);
        if (const auto time = parse_time(text)) return *time;
        throw Raised{
            {ErrorCode::kInvalidArgument,
             "'" + text.substr(0, 40) + "' is no time; give RFC 3339 or seconds since 1970, UTC"}};
    }
    if (is_numpy(value, {"datetime64"})) return time_of_datetime64(value);
    if (nb::hasattr(value, "__float__") && !is_numpy(value, {"bool", "bool_", "timedelta64"}) &&
        !PyBool_Check(value.ptr())) {
        const double seconds = PyFloat_AsDouble(value.ptr());
        if (seconds == -1.0 && PyErr_Occurred()) throw nb::python_error();
        if (const auto ms = ms_of_seconds(seconds)) return time_from_ms(*ms);
        throw Raised{{ErrorCode::kInvalidArgument,
                      "the time lies beyond what a call can have; give "
                      "seconds since 1970"}};
    }
    throw nb::type_error("give a time as datetime, seconds since 1970 or RFC 3339 text");
}

KeywordFields::KeywordFields(const char* function, std::span<const std::string_view> names,
                             const nb::kwargs& given)
    : fields_(names.size()), time_(time_now()) {
    for (const auto& [key, value] : given) {
        const std::string name = utf8_of(key);
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            std::string problem =
                std::string(function) + "() has no argument '" + name + "'; it takes";
            for (const std::string_view known : names) problem.append(" ").append(known);
            throw nb::type_error(problem.c_str());
        }
        if (value.is_none()) continue;
        const auto column = static_cast<std::size_t>(found - names.begin());
        try {
            if (column == 0) {
                time_ = time_of(value);
            } else {
                fields_[column] = field_of(name, value);
            }
        } catch (const nb::python_error& error) {
            if (!error.matches(PyExc_Exception)) throw;  // an interrupt is no slip
            note_slip(column, name);
        } catch (const nb::builtin_exception&) {
            note_slip(column, name);
        } catch (const Raised&) {
            note_slip(column, name);
        }
    }
}

// What is in doubt is an emergency; anything else that cannot be read is left out.
void KeywordFields::note_slip(std::size_t column, std::string_view name) {
    if (!slip_) slip_ = std::current_exception();
    fields_[column] = {name == "emergency" ? "?" : "", true, false};
}

KeywordFields::Field KeywordFields::field_of(std::string_view name, nb::handle value) {
    if (nb::isinstance<nb::str>(value)) return {utf8_of(value), true, false};
    if (PyBytes_Check(value.ptr()) && (name == "pdu" || name == "short_message")) {
        return {{PyBytes_AS_STRING(value.ptr()),
                 static_cast<std::size_t>(PyBytes_GET_SIZE(value.ptr()))},
                true,
                true};
    }
    constexpr std::string_view kYesOrNo[] = {"emergency", "udhi"};
    const bool boolean = PyBool_Check(value.ptr()) || is_numpy(value, {"bool", "bool_"});
    if (boolean && std::find(std::begin(kYesOrNo), std::end(kYesOrNo), name) != std::end(kYesOrNo))
        return {nb::cast<bool>(nb::object(value.attr("__bool__")())) ? "1" : "0", true, false};
    constexpr std::string_view kTextOnly[] = {"calling",   "called", "redirecting", "sender",
                                              "recipient", "smsc",   "subscriber",  "text"};
    const bool text_only =
        std::find(std::begin(kTextOnly), std::end(kTextOnly), name) != std::end(kTextOnly);
    if (!text_only && !boolean && PyIndex_Check(value.ptr())) {
        const nb::object whole = nb::steal(PyNumber_Index(value.ptr()));
        if (!whole.is_valid()) throw nb::python_error();
        return {utf8_of(nb::str(whole)), true, false};
    }
    const std::string problem = std::string(name) + ": give " +
                                (text_only ? "text" : "text or a whole number") + ", not " +
                                nb::type_name(value.type()).c_str();
    throw nb::type_error(problem.c_str());
}

}  // namespace ringfence::python
