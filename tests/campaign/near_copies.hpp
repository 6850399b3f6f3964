// near_copies.hpp - of all pairs of messages, which are near-copies by their shingles, and which the sketches tell as such.
//
// The plain way that sketches are measured against: sets of shingles, every pair that shares one compared.
// Cost: a corpus of 6,000 messages takes a few seconds at most.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ringfence/campaign/sketch.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence::model {

class NearCopies {
public:
    static constexpr double kNear = 0.5;  // Jaccard similarity

    // A message; false where it is too short to have a sketch, and is not counted.
    bool add(std::string_view utf8) {
        const std::u16string dense = fold_to_string(utf8, View::kDense);
        Message message;
        if (!sketch(dense, message.sketched)) return false;
        message.shingles = shingles_of(dense);
        messages_.push_back(std::move(message));
        return true;
    }

    // Compares all pairs.
    void compare() {
        std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> with;
        std::vector<std::uint32_t> shared(messages_.size());
        std::vector<std::uint32_t> touched;
        for (std::uint32_t i = 0; i < messages_.size(); ++i) {
            touched.clear();
            for (const std::uint64_t shingle : messages_[i].shingles) {
                for (const std::uint32_t k : with[shingle])
                    if (shared[k]++ == 0) touched.push_back(k);
                with[shingle].push_back(i);
            }
            for (const std::uint32_t k : touched) {
                count(messages_[i], messages_[k], shared[k]);
                shared[k] = 0;
            }
        }
    }

    std::size_t messages() const { return messages_.size(); }
    std::uint64_t copies() const { return copies_; }
    double recall() const { return static_cast<double>(found_) / static_cast<double>(copies_); }
    double precision() const {
        return static_cast<double>(found_) / static_cast<double>(found_ + wrong_);
    }

private:
    struct Message {
        std::vector<std::uint64_t> shingles;  // sorted, each once
        Sketch sketched;
    };

    static std::vector<std::uint64_t> shingles_of(const std::u16string& dense) {
        std::u16string units;
        for (const char16_t unit : dense) {
            const bool digit = unit >= u'0' && unit <= u'9';
            if (digit && !units.empty() && units.back() == u'0') continue;
            units.push_back(digit ? u'0' : unit);
        }
        std::vector<std::uint64_t> all;
        for (std::size_t i = 0; i + 4 <= units.size(); ++i)
            all.push_back(std::uint64_t{units[i]} << 48u | std::uint64_t{units[i + 1]} << 32u |
                          std::uint64_t{units[i + 2]} << 16u | units[i + 3]);
        std::ranges::sort(all);
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return all;
    }

    // As the store finds: by a band in common, then by similarity.
    static bool told(const Sketch& a, const Sketch& b) {
        for (unsigned band = 0; band < Sketch::kBands; ++band)
            if (a.band(band) == b.band(band)) return similarity(a, b) >= kNear;
        return false;
    }

    void count(const Message& a, const Message& b, double both) {
        const auto all = static_cast<double>(a.shingles.size() + b.shingles.size()) - both;
        const bool copy = both / all >= kNear;
        const bool near = told(a.sketched, b.sketched);
        copies_ += copy ? 1 : 0;
        found_ += copy && near ? 1 : 0;
        wrong_ += !copy && near ? 1 : 0;
    }

    std::vector<Message> messages_;
    std::uint64_t copies_ = 0;
    std::uint64_t found_ = 0;
    std::uint64_t wrong_ = 0;
};

}  // namespace ringfence::model
