#include "ringfence/score/model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "src/kernel/score_kernel.hpp"

namespace ringfence {
namespace {

static_assert(FoldedText::kPadding >= kernel::ScoreKernel::kReadAhead);
static_assert(FoldedText::kMaxUnits <= std::size_t{1} << 17u);

Error refuse(const char* what) { return {ErrorCode::kOutOfRange, what}; }

}  // namespace

Result<ScoreModel> ScoreModel::of(ScoreParts parts) {
    if (parts.view != View::kLight && parts.view != View::kDense)
        return refuse("the view is neither light nor dense");
    if (parts.bits < kLeastBits || parts.bits > kMostBits)
        return refuse("there are not 2^8 to 2^20 weights");
    if (parts.weights.size() != std::size_t{1} << parts.bits)
        return refuse("there are not as many weights as it says");
    if (!std::isfinite(parts.bias)) return refuse("the bias is no number");
    if (!std::isfinite(parts.scale) || parts.scale <= 0)
        return refuse("the scale of the weights is no number over 0");
    if (std::ranges::find(parts.weights, std::numeric_limits<std::int16_t>::min()) !=
        parts.weights.end())
        return refuse("a weight is below -32,767");
    return ScoreModel(std::move(parts));
}

ScoreModel::ScoreModel(ScoreParts parts) : parts_(std::move(parts)) { parts_.weights.push_back(0); }

ScoreParts ScoreModel::parts() const {
    ScoreParts parts = parts_;
    parts.weights.pop_back();
    return parts;
}

double ScoreModel::logit(const FoldedView& units) const {
    if (units.size == 0) return -std::numeric_limits<double>::infinity();
    const std::int64_t sum =
        kernel::score_kernel().sum(units.units, units.size, parts_.weights.data(), parts_.bits);
    const auto grams = static_cast<double>(kernel::gram_count(units.size));
    return parts_.bias + parts_.scale * static_cast<double>(sum) / std::sqrt(grams);
}

unsigned ScoreModel::score_of(double logit) {
    return static_cast<unsigned>(std::lround(1000 / (1 + std::exp(-logit))));
}

std::vector<WeighedGram> ScoreModel::heaviest(const FoldedText& text, std::size_t most) const {
    const std::u16string_view units = text.view(view()).text();
    struct Seen {
        std::size_t order = 0;
        double weight = 0;
    };
    std::map<std::u16string, Seen> grams;
    const double each =
        parts_.scale / std::sqrt(static_cast<double>(kernel::gram_count(units.size())));
    for (std::size_t at = 0; at < units.size(); ++at) {
        std::u16string gram;
        for (unsigned size = 1; size <= kernel::kLongestGram && at + size <= units.size(); ++size) {
            gram.push_back(static_cast<char16_t>(kernel::gram_unit(units[at + size - 1])));
            const std::uint32_t hash = kernel::gram_hash(gram.data(), size);
            Seen& seen = grams.try_emplace(gram, Seen{grams.size(), 0}).first->second;
            seen.weight += each * parts_.weights[kernel::gram_place(hash, parts_.bits)];
        }
    }
    std::vector<std::pair<std::size_t, WeighedGram>> order;
    order.reserve(grams.size());
    for (auto& [gram, seen] : grams) order.push_back({seen.order, {gram, seen.weight}});
    std::ranges::sort(order, [](const auto& a, const auto& b) {
        const double first = std::abs(a.second.weight);
        const double second = std::abs(b.second.weight);
        return first != second ? first > second : a.first < b.first;
    });
    std::vector<WeighedGram> heaviest;
    for (auto& [place, gram] : order) {
        if (heaviest.size() == most || gram.weight == 0) break;
        heaviest.push_back(std::move(gram));
    }
    return heaviest;
}

}  // namespace ringfence
