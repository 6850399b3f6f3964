// Counts allocations of this test program; the counter is the reason for a file of its own.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include "ringfence/source/csv.hpp"
#include "ringfence/source/csv_writer.hpp"
#include "source/files.hpp"

namespace {

std::atomic<unsigned long> allocations{0};

}  // namespace

__attribute__((noinline)) void* operator new(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace ringfence {
namespace {

TEST(Csv, allocates_nothing_for_a_row_once_it_runs) {
    const test::ScratchDir dir;
    std::string text = "a,b,c\n";
    for (int i = 0; i < 50'000; ++i) text.append("1234567890,\"quoted \"\"text\"\"\",plain\n");
    auto reader = CsvReader::open(dir.file("in.csv", text));
    auto writer = CsvWriter::create(dir.path("out.csv"), {"a", "b", "c"});
    ASSERT_TRUE(reader && writer);
    CsvRow row;
    unsigned long before = 0;
    std::size_t rows = 0;
    for (auto more = reader->next(row); more && *more; more = reader->next(row)) {
        for (const std::string_view field : row.fields) writer->field(field);
        if (!writer->end_row()) FAIL();
        if (++rows == 20'000) before = allocations;
    }
    EXPECT_EQ(allocations - before, 0u);
    EXPECT_EQ(rows, 50'000u);
}

}  // namespace
}  // namespace ringfence
