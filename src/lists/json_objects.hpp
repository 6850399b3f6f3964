// json_objects.hpp - the objects of a stream of JSON, each with its own members that are texts, numbers or literals.
//
// An object is given when it closes: a nested one before the one around it. A member that holds an object or an array
// is given by its name alone.
//
// What is not well formed is told once for each object or array; such an object is not given, those inside it are. So
// is what is still open when the file ends.
// Memory: what is open, at most kMaxDepth objects of kMaxMembers members.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "src/lists/foreign_shapes.hpp"

namespace ringfence {

// Threads: one thread per object.
class JsonObjects {
public:
    explicit JsonObjects(ByteReader& bytes) : bytes_(bytes), open_(1) {}

    struct Member {
        std::string name, value;
        bool nested = false;  // an object or array, which is no value here
    };
    static constexpr std::size_t kMaxMembers = 64;
    static constexpr std::size_t kMaxDepth = 64;

    // The members of the next object that closes, in `members`: true, or false at the end and where the file cannot be
    // read. Fails at what is no JSON, and reading goes on behind it.
    Result<bool> next(std::vector<Member>& members) {
        members.clear();
        for (;;) {
            const int octet = bytes_.peek();
            if (octet == ByteReader::kEnd) return end();
            const char* fault = nullptr;
            if (octet == '"') {
                std::string text;
                if (read_text(text))
                    fault = take_text(std::move(text));
                else if (bytes_.peek() == ByteReader::kEnd)
                    return end();
                else
                    fault = fault_of(open_.back(), "a text is not closed");
            } else if (is_bare(octet)) {
                std::string value;
                while (is_bare(bytes_.peek()) && value.size() < kMaxForeignField)
                    value.push_back(static_cast<char>(bytes_.get()));
                fault = take_value(std::move(value));
            } else {
                bytes_.get();
                bool given = false;
                fault = take_mark(octet, members, given);
                if (given) return true;
            }
            if (fault != nullptr) return Error{ErrorCode::kSyntax, fault};
        }
    }

private:
    // An object, an array, or (the first) what is outside of both.
    struct Open {
        int close = 0;
        bool broken = false;  // and told
        bool named = false;   // a name waits for its value
        std::string name;
        std::vector<Member> members;
    };

    static bool is_bare(int octet) {
        return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
               (octet >= 'A' && octet <= 'Z') || octet == '-' || octet == '+' || octet == '.';
    }

    // What to tell of this one, or nothing when it was told already.
    static const char* fault_of(Open& one, const char* what) {
        one.named = false;
        return std::exchange(one.broken, true) ? nullptr : what;
    }

    Result<bool> end() {
        if (bytes_.error()) return false;
        bool whole = true;
        for (std::size_t i = 1; i < open_.size(); ++i) whole &= open_[i].broken;
        open_.resize(1);
        if (whole) return false;
        return Error{ErrorCode::kSyntax, "the file ends inside an object or array: it is cut off"};
    }

    // A member of the innermost object, under the name that waits.
    // This and all below give what to tell, or nothing.
    const char* put(std::string value, bool nested) {
        Open& in = open_.back();
        if (!in.named) return fault_of(in, "a value has no name");
        in.named = false;
        if (in.members.size() == kMaxMembers) return fault_of(in, "has more than 64 members");
        in.members.push_back({std::move(in.name), std::move(value), nested});
        return nullptr;
    }

    const char* take_text(std::string text) {
        while (is_blank_octet(bytes_.peek())) bytes_.get();
        Open& in = open_.back();
        if (too_deep_ != 0 || in.close != '}' || in.named) return take_value(std::move(text));
        if (bytes_.peek() == ByteReader::kEnd) return nullptr;  // told as the end that it is
        if (bytes_.peek() != ':') return take_value(std::move(text));
        bytes_.get();
        in.name = std::move(text);
        in.named = true;
        return nullptr;
    }

    const char* take_value(std::string value) {
        if (too_deep_ != 0) return nullptr;
        Open& in = open_.back();
        if (in.close == '}') return put(std::move(value), false);
        if (in.close == 0) return fault_of(in, "is no JSON");
        // Of the outermost array each one should be an entry.
        return open_.size() == 2 ? "is no object" : nullptr;
    }

    const char* take_mark(int octet, std::vector<Member>& members, bool& given) {
        switch (octet) {
            case '{': return begin('}');
            case '[': return begin(']');
            case '}':
            case ']': return close(octet, members, given);
            case ',':
                return open_.back().named && too_deep_ == 0
                           ? fault_of(open_.back(), "a name has no value")
                           : nullptr;
            case ':':
            case ' ':
            case '\t':
            case '\r':
            case '\n': return nullptr;
            default: return fault_of(open_.back(), "is no JSON");
        }
    }

    const char* begin(int close) {
        if (too_deep_ != 0 || open_.size() > kMaxDepth) {
            ++too_deep_;
            return fault_of(open_.back(), "is nested too deeply");
        }
        Open& in = open_.back();
        if (in.close == 0) in.broken = false;
        const char* fault = in.close == '}' ? put({}, true) : nullptr;
        open_.emplace_back().close = close;
        return fault;
    }

    const char* close(int octet, std::vector<Member>& members, bool& given) {
        if (too_deep_ != 0) {
            --too_deep_;
            return nullptr;
        }
        std::size_t at = open_.size() - 1;
        while (at != 0 && open_[at].close != octet) --at;
        if (at == 0) return fault_of(open_.back(), "a bracket closes nothing");
        bool whole = true;  // or told
        for (std::size_t i = at + 1; i < open_.size(); ++i) whole &= open_[i].broken;
        open_.resize(at + 1);
        Open& last = open_.back();
        const char* fault = !whole       ? "an object or array is not closed"
                            : last.named ? fault_of(last, "a name has no value")
                                         : nullptr;
        if (octet == '}' && !last.broken && fault == nullptr) {
            members = std::move(last.members);
            given = true;
        }
        open_.pop_back();
        return fault;
    }

    // The text without its quotes; false when it is not closed on its line, of which the end is left to be read.
    bool read_text(std::string& text) {
        bytes_.get();
        for (;;) {
            if (bytes_.peek() == '\n') return false;
            int octet = bytes_.get();
            if (octet == ByteReader::kEnd) return false;
            if (octet == '"') return true;
            if (octet == '\\') {
                octet = bytes_.get();
                if (octet == 'u') {
                    append_unit(text);
                    continue;
                }
                if (octet == 'n' || octet == 't' || octet == 'r' || octet == 'b' || octet == 'f')
                    octet = ' ';
            }
            if (text.size() < kMaxForeignField && octet != ByteReader::kEnd)
                text.push_back(static_cast<char>(octet));
        }
    }

    // One \uXXXX as UTF-8. Halves of a pair become '?': they stand in names only, never in numbers.
    void append_unit(std::string& text) {
        unsigned unit = 0;
        for (int i = 0; i < 4; ++i) {
            const int octet = bytes_.peek();
            const int digit = octet >= '0' && octet <= '9'   ? octet - '0'
                              : octet >= 'a' && octet <= 'f' ? octet - 'a' + 10
                              : octet >= 'A' && octet <= 'F' ? octet - 'A' + 10
                                                             : -1;
            if (digit < 0) break;
            bytes_.get();
            unit = unit * 16 + static_cast<unsigned>(digit);
        }
        if (text.size() >= kMaxForeignField) return;
        if (unit < 0x80) {
            text.push_back(static_cast<char>(unit));
        } else if (unit < 0x800) {
            text.push_back(static_cast<char>(0xC0u | unit >> 6u));
            text.push_back(static_cast<char>(0x80u | (unit & 0x3Fu)));
        } else if (unit >= 0xD800 && unit < 0xE000) {
            text.push_back('?');
        } else {
            text.push_back(static_cast<char>(0xE0u | unit >> 12u));
            text.push_back(static_cast<char>(0x80u | (unit >> 6u & 0x3Fu)));
            text.push_back(static_cast<char>(0x80u | (unit & 0x3Fu)));
        }
    }

    ByteReader& bytes_;
    std::vector<Open> open_;    // the outermost first
    std::size_t too_deep_ = 0;  // brackets open beyond kMaxDepth
};

}  // namespace ringfence
