#include "src/kernel/csv_marks.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace ringfence {
namespace {

TEST(CsvMarks, marks_what_the_portable_form_marks) {
    constexpr unsigned kSeed = 2026;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (int round = 0; round < 10'000; ++round) {
        std::string text(kernel::kCsvMarksBytes, ' ');
        for (char& c : text)
            c = random() % 3 == 0 ? ",\"\n\r"[random() % 4] : static_cast<char>(random());
        const auto marks = kernel::csv_marks(text.data());
        const auto plain = kernel::csv_marks_portable(text.data());
        ASSERT_EQ(marks.commas, plain.commas);
        ASSERT_EQ(marks.quotes, plain.quotes);
        ASSERT_EQ(marks.ends, plain.ends);
    }
}

}  // namespace
}  // namespace ringfence
