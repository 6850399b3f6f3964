// prefix_model.hpp - prefix rules as plain as can be: every rule is compared with every number.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/table/prefix_table.hpp"

namespace ringfence::model {

class PrefixLists {
public:
    struct Prefix {
        std::string digits;
        std::size_t min_length;
        std::size_t max_length;
        ListIndex list;

        friend bool operator==(const Prefix&, const Prefix&) = default;
    };
    struct Range {
        std::string first;
        std::string last;
        ListIndex list;

        friend bool operator==(const Range&, const Range&) = default;
    };

    std::vector<Prefix> prefixes;
    std::vector<Range> ranges;

    // Deepest first, then by list.
    std::vector<PrefixHit> of(std::string_view number) const {
        std::vector<PrefixHit> hits;
        for (const Prefix& rule : prefixes) {
            if (number.starts_with(rule.digits) && number.size() >= rule.min_length &&
                number.size() <= rule.max_length)
                hits.push_back({rule.list, static_cast<std::uint8_t>(rule.digits.size())});
        }
        for (const Range& range : ranges) {
            if (number.size() == range.first.size() && range.first <= number &&
                number <= range.last)
                hits.push_back({range.list, specificity(range)});
        }
        std::ranges::sort(hits, [](const PrefixHit& a, const PrefixHit& b) {
            return a.prefix_length != b.prefix_length ? a.prefix_length > b.prefix_length
                                                      : a.list < b.list;
        });
        hits.erase(std::unique(hits.begin(), hits.end()), hits.end());
        return hits;
    }

private:
    // The shortest prefix of any string of the range that lies wholly within it.
    static std::uint8_t specificity(const Range& range) {
        const std::size_t length = range.first.size();
        for (std::size_t kept = 0; kept < length; ++kept) {
            // The first block of this size that begins at or after `first`.
            const auto block = [&](std::string prefix, char fill) {
                return prefix + std::string(length - kept, fill);
            };
            std::string prefix = range.first.substr(0, kept);
            if (block(prefix, '0') < range.first) {
                std::size_t i = kept;
                while (i > 0 && prefix[i - 1] == '9') prefix[--i] = '0';
                if (i == 0) continue;  // none
                ++prefix[i - 1];
            }
            if (block(prefix, '9') <= range.last) return static_cast<std::uint8_t>(kept);
        }
        return static_cast<std::uint8_t>(length);
    }
};

}  // namespace ringfence::model
