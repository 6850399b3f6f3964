// A file of known messages is read or refused, whatever the octets, each row once; and what is in it is found again under its
// own name or that of an earlier copy.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ringfence/campaign/templates.hpp"
#include "ringfence/source/csv.hpp"
#include "ringfence/text/fold.hpp"

namespace {

using namespace ringfence;

void require(bool holds) {
    if (!holds) std::abort();
}

// Whatever of the file can be sketched, taken for a message.
void look_up(std::string_view text, const TemplateSet& templates, unsigned percent) {
    auto csv = CsvReader::from_text(text, "known.csv", {.refuse_bad_utf8 = true});
    require(static_cast<bool>(csv));
    const auto column = csv->header().column("text");
    CsvRow row;
    for (;;) {
        const auto more = csv->next(row);
        if (more && !*more) return;
        if (!more) continue;
        Sketch made;
        if (!sketch(fold_to_string(row.get(column), View::kDense), made)) continue;
        if (const auto near = templates.find(made, percent)) {
            require(near->similarity * 100 >= percent - 0.01 && near->similarity <= 1);
            require(!near->id.empty() && near->id.size() <= TemplateSet::kMaxId);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto loaded = TemplateSet::from_text(text, {.path = "known.csv"});
    if (!loaded) {
        require(loaded.error().text.starts_with("known.csv"));
        require(loaded.error().text.find('\n') == std::string::npos);
        return 0;
    }
    require(loaded->report.errors.size() <= loaded->report.bad_rows);
    require(loaded->templates.size() <= loaded->report.rows);
    look_up(text, loaded->templates, TemplateSet::kLeastSimilarity + data[0] % 71u);
    const auto strict = TemplateSet::from_text(text, {.path = "known.csv", .strict = true});
    require(static_cast<bool>(strict) == (loaded->report.bad_rows == 0));
    return 0;
}
