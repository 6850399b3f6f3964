#include "src/screen/followed.hpp"

#include "ringfence/image/origin.hpp"

namespace ringfence {

Result<std::shared_ptr<const Followed>> Followed::hold(
    const SharedImage& shared, const Policy& policy,
    const std::shared_ptr<const Followed>& serving) {
    if (serving != nullptr && serving->generation() == shared.generation()) {
        if (auto status = check_declared(serving->lists_, shared.name(), policy); !status)
            return status.error();
        return serving;
    }
    auto reader = shared.reader();
    if (!reader) return reader.error();
    auto held = std::make_shared<Followed>(*std::move(reader));
    auto lists = held->pin_.verified_lists();
    if (!lists) return lists.error();
    held->lists_ = *std::move(lists);
    auto ends = held->pin_.ends();
    if (!ends) return ends.error();
    held->ends_ = *std::move(ends);
    if (auto status = check_declared(held->lists_, shared.name(), policy); !status)
        return status.error();
    return std::shared_ptr<const Followed>(std::move(held));
}

std::shared_ptr<const Ended> Followed::ended_by(std::optional<Time> now) const {
    if (!now) return nullptr;
    auto ended = std::make_shared<Ended>(ends_, Ended::count_by(ends_, *now));
    return ended->empty() ? nullptr : std::shared_ptr<const Ended>(std::move(ended));
}

bool Followed::end_anew(const Ended* ended, Time now) const {
    const Ended::Count is = ended != nullptr ? ended->count() : Ended::Count{};
    const Ended::Count due = Ended::count_by(ends_, now);
    if (due == is) return false;
    if (due.numbers <= kAtOnce || due.numbers <= is.numbers || due.rules != is.rules ||
        due.lists != is.lists)
        return true;
    return Ended::second_of(now) >= std::uint64_t{ends_.numbers[is.numbers].second} + kStep;
}

LoadedLists Followed::loaded(const Policy& policy) const {
    LoadedLists loaded;
    loaded.sub_lists = lists_.sub_lists;
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const PolicyList& list = policy.lists[i];
        const ImageList& held = lists_.lists[i];
        loaded.written.push_back(held.written);
        if (held.rows)
            loaded.rows[list.source.id] = *held.rows;
        else if (!list.source.path.empty())
            note_missing(policy, list, loaded);
    }
    return loaded;
}

}  // namespace ringfence
