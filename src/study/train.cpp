#include "ringfence/study/train.hpp"

#include <numeric>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "src/kernel/score_kernel.hpp"
#include "src/study/training_texts.hpp"

namespace ringfence {
namespace {

// The hash of what makes two messages the same one.
std::uint64_t same_hash(const FoldedText& folded) {
    std::u16string plain(folded.dense().text());
    for (char16_t& unit : plain) unit = static_cast<char16_t>(kernel::gram_unit(unit));
    return XXH3_64bits(plain.data(), plain.size() * sizeof(char16_t));
}

}  // namespace

Status study::check_options(const TrainOptions& options) {
    const auto refuse = [](const char* what) -> Status {
        return Error{ErrorCode::kOutOfRange, what};
    };
    if (options.bits < ScoreModel::kLeastBits || options.bits > ScoreModel::kMostBits)
        return refuse("bits: give 8 to 20");
    if (options.epochs == 0 || options.epochs > TrainOptions::kMostEpochs)
        return refuse("epochs: give 1 to 1000");
    if (options.folds < 2 || options.folds > TrainOptions::kMostFolds)
        return refuse("folds: give 2 to 100");
    return ok();
}

TrainingSet::TrainingSet(View view) : texts_(std::make_unique<Texts>(view)) {}
TrainingSet::TrainingSet(TrainingSet&&) noexcept = default;
TrainingSet& TrainingSet::operator=(TrainingSet&&) noexcept = default;
TrainingSet::~TrainingSet() = default;

bool TrainingSet::add(std::string_view utf8, bool spam) {
    const std::u16string source = to_utf16(utf8);
    fold(source, texts_->folded);
    if (texts_->folded.dense().size == 0) return false;
    const std::uint64_t hash = same_hash(texts_->folded);
    if (!texts_->seen.insert(hash * 2 + (spam ? 1 : 0)).second) return false;
    const std::u16string_view units = texts_->folded.view(texts_->view).text();
    texts_->all.push_back({texts_->units.size(), units.size(), hash, spam});
    texts_->units.append(units);
    texts_->spam += spam ? 1 : 0;
    return true;
}

std::size_t TrainingSet::spam() const { return texts_->spam; }
std::size_t TrainingSet::ham() const { return texts_->all.size() - texts_->spam; }
View TrainingSet::view() const { return texts_->view; }

Result<ScoreModel> train(const TrainingSet& set, const TrainOptions& options) {
    if (auto status = study::check_options(options); !status) return status.error();
    if (set.spam() == 0 || set.ham() == 0)
        return Error{ErrorCode::kMissing,
                     "a model takes messages of both classes; give spam and ham"};
    study::Positions all(set.texts().all.size());
    std::iota(all.begin(), all.end(), 0u);
    return study::fit_calibrated(set.texts(), all, options);
}

}  // namespace ringfence
