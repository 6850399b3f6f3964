// guarded.hpp - how the functions of the C interface end: no exception leaves, every refusal says what it is about, and
// a text comes as far as the buffer goes.
#pragma once

#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "src/c_api/convert.hpp"

namespace ringfence::c_api {

// Runs a body that may allocate: what it throws becomes a status.
template <class Body>
ringfence_status guarded(ringfence_error* error, Body body) {
    if (error != nullptr) *error = ringfence_error{};
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return report(ErrorCode::kOutOfMemory, "out of memory", error);
    } catch (const std::exception& failure) {
        return report(ErrorCode::kInternal, failure.what(), error);
    } catch (...) {
        return report(ErrorCode::kInternal, "an unknown exception", error);
    }
}

inline ringfence_status null_argument(const char* which, ringfence_error* error) {
    return report(ErrorCode::kInvalidArgument, std::string(which) + " is NULL", error);
}

// Says what is wrong with a struct that read_struct or convert refused.
template <class Struct>
ringfence_status refuse(ringfence_status status, const char* what, const Struct* from,
                        ringfence_error* error) {
    if (from == nullptr) return null_argument(what, error);
    std::string text = what;
    if (status == RINGFENCE_UNSUPPORTED) {
        text += ": a reserved field, or one that this version does not know, is not zero";
    } else if (from->struct_size < kFirstSize<Struct> || from->struct_size > kLargestStruct) {
        text += ": struct_size is " + std::to_string(from->struct_size) +
                "; set it to the size of the struct, as ringfence_*_init does";
    } else {
        text += ": a value is out of range, or a NULL has a size";
    }
    return report(static_cast<ErrorCode>(status), text, error);
}

// How many octets of a UTF-8 text make whole characters, of at most `most`.
inline std::size_t whole_characters(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text.size();
    std::size_t size = most;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0u) == 0x80) --size;
    return size;
}

// As many characters of the text, UTF-8, as fit, with a zero behind them.
inline ringfence_status copy_out(std::string_view text, char* buffer, std::size_t capacity,
                                 std::size_t* size) {
    if (size != nullptr) *size = text.size();
    if (capacity > 0) {
        const std::size_t fits = whole_characters(text, capacity - 1);
        std::memcpy(buffer, text.data(), fits);
        buffer[fits] = '\0';
    }
    return text.size() < capacity ? RINGFENCE_OK : RINGFENCE_TOO_LARGE;
}

}  // namespace ringfence::c_api
