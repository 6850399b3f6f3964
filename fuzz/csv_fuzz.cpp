// CsvReader gives the rows of the plain model, whatever the bytes and the bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ringfence/source/csv.hpp"
#include "tests/source/csv_model.hpp"

// The first byte chooses the options, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    ringfence::CsvOptions options;
    options.header = false;
    options.refuse_nul = (data[0] & 1u) != 0;
    options.max_columns = data[0] & 2u ? 4 : 1024;
    options.max_field_bytes = data[0] & 4u ? 9 : 1u << 20u;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);

    auto reader = ringfence::CsvReader::from_text(text, "fuzz.csv", options);
    if (!reader) {
        const bool utf16 = text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF";
        if (!utf16) std::abort();
        return 0;
    }
    const std::string_view mark = "\xEF\xBB\xBF";
    const std::string_view body = text.substr(0, 3) == mark ? text.substr(3) : text;
    if (ringfence::model::all_rows(*reader) != ringfence::model::CsvModel(body, options).rows(0))
        std::abort();

    // With a header every good row has as many fields as it.
    options.header = true;
    auto headed = ringfence::CsvReader::from_text(text, "fuzz.csv", options);
    if (!headed) return 0;
    if (ringfence::model::all_rows(*headed) !=
        ringfence::model::CsvModel(body, options).rows_under_header())
        std::abort();
    return 0;
}
