// UTF-16 of any kind folds as the slow plain model folds it, and each unit points into the source. What is
// extracted from the folded text is what the plain model of extraction finds, and lies inside the source too.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ringfence/number/dial_plan.hpp"
#include "ringfence/text/extract.hpp"
#include "tests/text/extract_model.hpp"
#include "tests/text/fold_model.hpp"

using namespace ringfence;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static FoldedText folded;
    static FoldedText small(24);
    std::u16string source(std::min<std::size_t>(size / 2, 4096), u'\0');
    if (!source.empty()) std::memcpy(source.data(), data, 2 * source.size());
    const model::Folded expected = model::fold(source);
    fold(source, folded);
    if (folded.truncated() || folded.light().text() != expected.light ||
        folded.dense().text() != expected.dense) {
        std::abort();
    }
    if (!std::equal(expected.light_offsets.begin(), expected.light_offsets.end(),
                    folded.light().offsets) ||
        !std::equal(expected.dense_offsets.begin(), expected.dense_offsets.end(),
                    folded.dense().offsets)) {
        std::abort();
    }
    fold(source, small);
    if (small.truncated() != (expected.light.size() > 24)) std::abort();

    const DialPlan* plan = DialPlan::find(CountryCode(size % 2 == 0 ? "CN" : "GB"));
    std::vector<extract_model::Item> items;
    const auto look = [&](const Found& found) {
        items.push_back(extract_model::item_of(found));
        if (found.place.length == 0 || found.key.empty()) std::abort();
        if (found.place.offset + found.place.length > source.size()) std::abort();
        if (found.path.offset + found.path.length > source.size()) std::abort();
    };
    extract(folded, plan, look);
    if (items != extract_model::extract(folded, plan)) std::abort();
    extract_values(folded, look);
    return 0;
}
