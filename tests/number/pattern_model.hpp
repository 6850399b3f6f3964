// pattern_model.hpp - matches the metadata's patterns by backtracking, as they are written: digits, classes
// like [2-57], groups (?:...|...), and behind each of them ? or {n} or {n,m}.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace ringfence::model {

class PatternMatcher {
public:
    explicit PatternMatcher(std::string_view pattern) : pattern_(pattern) {}

    // Whether all of `text` matches, or with `whole` false the beginning of it.
    bool matches(std::string_view text, bool whole) const {
        return alternatives(pattern_, text,
                            [&](std::string_view rest) { return !whole || rest.empty(); });
    }

private:
    using Then = std::function<bool(std::string_view)>;  // what must hold of the text behind

    // The end of the piece (class, group or digit) that `pattern` begins with.
    static std::size_t piece_end(std::string_view pattern) {
        if (pattern[0] == '[') return pattern.find(']') + 1;
        if (pattern[0] != '(') return 1;
        int depth = 0;
        for (std::size_t i = 0;; ++i) {
            if (pattern[i] == '(') ++depth;
            if (pattern[i] == ')' && --depth == 0) return i + 1;
        }
    }

    static bool alternatives(std::string_view pattern, std::string_view text, const Then& then) {
        std::size_t begin = 0;
        for (std::size_t i = 0; i < pattern.size(); i += piece_end(pattern.substr(i))) {
            if (pattern[i] != '|') continue;
            if (sequence(pattern.substr(begin, i - begin), text, then)) return true;
            begin = i + 1;
        }
        return sequence(pattern.substr(begin), text, then);
    }

    static bool sequence(std::string_view pattern, std::string_view text, const Then& then) {
        if (pattern.empty()) return then(text);
        const std::size_t end = piece_end(pattern);
        const std::string_view piece = pattern.substr(0, end);
        std::string_view rest = pattern.substr(end);
        unsigned least = 1, most = 1;
        if (rest.starts_with('?')) {
            least = 0;
            rest.remove_prefix(1);
        } else if (rest.starts_with('{')) {
            std::size_t i = 1;
            const auto number = [&] {
                unsigned value = 0;
                for (; rest[i] >= '0' && rest[i] <= '9'; ++i)
                    value = value * 10 + static_cast<unsigned>(rest[i] - '0');
                return value;
            };
            least = most = number();
            if (rest[i] == ',') {
                ++i;
                most = number();
            }
            rest.remove_prefix(i + 1);
        }
        return repeated(piece, least, most, text,
                        [&](std::string_view behind) { return sequence(rest, behind, then); });
    }

    static bool repeated(std::string_view piece, unsigned least, unsigned most,
                         std::string_view text, const Then& then) {
        if (least == 0 && then(text)) return true;
        if (most == 0) return false;
        const auto again = [&](std::string_view behind) {
            return repeated(piece, least == 0 ? 0 : least - 1, most - 1, behind, then);
        };
        if (piece[0] == '(') return alternatives(piece.substr(3, piece.size() - 4), text, again);
        return !text.empty() && holds(piece, text[0]) && again(text.substr(1));
    }

    static bool holds(std::string_view piece, char digit) {
        if (piece[0] != '[') return piece[0] == digit;
        for (std::size_t i = 1; piece[i] != ']'; ++i) {
            const bool range = piece[i + 1] == '-';
            if (digit >= piece[i] && digit <= piece[range ? i + 2 : i]) return true;
            if (range) i += 2;
        }
        return false;
    }

    std::string_view pattern_;
};

}  // namespace ringfence::model
