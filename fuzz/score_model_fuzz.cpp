// Whatever the octets: a model is refused with a place and a remedy, or it is written down again as it was, scores lie
// in their bounds, and every form of the sum agrees. Once as they come, once with size and checksum made right, as who
// wants to do damage would.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/score/model.hpp"
#include "src/kernel/score_kernel.hpp"

namespace {

using namespace ringfence;

void require(bool holds) {
    if (!holds) std::abort();
}

void repair(std::string& octets) {
    constexpr std::size_t kSizeAt = 16;
    constexpr std::size_t kChecksumAt = 64;
    if (octets.size() < ScoreModel::kHeaderBytes) return;
    const std::uint64_t size = octets.size();
    std::memcpy(octets.data() + kSizeAt, &size, sizeof size);
    std::memset(octets.data() + kChecksumAt, 0, 8);
    const std::uint64_t head = XXH3_64bits(octets.data(), ScoreModel::kHeaderBytes);
    const std::uint64_t all = XXH3_64bits_withSeed(octets.data() + ScoreModel::kHeaderBytes,
                                                   octets.size() - ScoreModel::kHeaderBytes, head);
    std::memcpy(octets.data() + kChecksumAt, &all, sizeof all);
}

void check_scores(const ScoreModel& model, std::u16string_view text) {
    static FoldedText folded;
    fold(text, folded);
    require(model.score(folded) <= 1'000);
    const FoldedView& view = folded.view(model.view());
    const ScoreParts parts = model.parts();
    std::vector<std::int16_t> weights = parts.weights;
    weights.push_back(1);
    const std::int64_t sum =
        kernel::kScoreScalar.sum(view.units, view.size, weights.data(), parts.bits);
    for (const kernel::Isa isa : {kernel::Isa::kAvx2, kernel::Isa::kAvx512}) {
        const kernel::ScoreKernel* form = kernel::score_kernel(isa);
        require(form == nullptr ||
                form->sum(view.units, view.size, weights.data(), parts.bits) == sum);
    }
    const auto grams = model.heaviest(folded, 3);
    require(grams.size() <= 3);
    for (std::size_t i = 0; i < grams.size(); ++i) {
        require(!grams[i].gram.empty() && grams[i].gram.size() <= 3 && grams[i].weight != 0);
        require(i == 0 || std::abs(grams[i].weight) <= std::abs(grams[i - 1].weight));
    }
}

void check(const std::string& octets, std::u16string_view text) {
    const auto model = ScoreModel::from_bytes(octets, "m.model");
    if (!model) {
        const std::string& error = model.error().text;
        require(error.starts_with("m.model: ") && error.find("; train") != error.npos);
        require(error.find('\n') == error.npos);
        return;
    }
    require(model->to_bytes() == octets);
    check_scores(*model, text);
    check_scores(*model, u"");
    check_scores(*model, u"Claim your prize 4711 \u70b9\u8d5e\u8fd4\u4f63");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string octets(reinterpret_cast<const char*>(data), size);
    std::u16string text(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(
                                                             std::min<std::size_t>(size, 200)));
    check(octets, text);
    repair(octets);
    check(octets, text);
    return 0;
}
