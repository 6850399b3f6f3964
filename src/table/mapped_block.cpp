#include "src/table/mapped_block.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <utility>

namespace ringfence {
namespace {

// Since Linux 5.14, and not in Debian 12's headers for every architecture.
constexpr int kPopulateWrite = 23;

void fault_in(std::byte* data, std::size_t bytes) {
    if (bytes == 0 || madvise(data, bytes, kPopulateWrite) == 0) return;
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    for (std::size_t i = 0; i < bytes; i += page)
        *reinterpret_cast<volatile std::byte*>(data + i) = std::byte{0};
}

}  // namespace

Result<MappedBlock> MappedBlock::create(std::size_t bytes, std::size_t faulted) {
    const std::size_t border = bytes >= kHugePage ? kHugePage : 0;
    const auto refuse = [&] {
        return Error{ErrorCode::kOutOfMemory, "the system gives no " + std::to_string(bytes) +
                                                  " bytes of memory for a table"};
    };
    if (bytes == 0 || bytes > SIZE_MAX - 2 * kHugePage) return refuse();
    // Whole huge pages, or the last ones would be small.
    const std::size_t rounded = border == 0 ? bytes : (bytes + kHugePage - 1) & ~(kHugePage - 1);
    void* mapping = mmap(nullptr, rounded + border, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) return refuse();

    MappedBlock block;
    block.mapping_ = mapping;
    block.mapped_ = rounded + border;
    block.bytes_ = bytes;
    const auto address = reinterpret_cast<std::uintptr_t>(mapping);
    const std::uintptr_t skip = border == 0 ? 0 : (kHugePage - address % kHugePage) % kHugePage;
    block.data_ = static_cast<std::byte*>(mapping) + skip;
    if (border != 0) madvise(block.data_, rounded, MADV_HUGEPAGE);  // refused: small pages do
    fault_in(block.data_, std::min(faulted, bytes));
    return block;
}

MappedBlock::MappedBlock(MappedBlock&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      mapping_(std::exchange(other.mapping_, nullptr)),
      mapped_(std::exchange(other.mapped_, 0)) {}

MappedBlock& MappedBlock::operator=(MappedBlock&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(mapping_, other.mapping_);
    std::swap(mapped_, other.mapped_);
    return *this;
}

MappedBlock::~MappedBlock() {
    if (mapping_ != nullptr) munmap(mapping_, mapped_);
}

std::size_t MappedBlock::huge_page_bytes() const {
    std::FILE* maps = std::fopen("/proc/self/smaps", "re");
    if (maps == nullptr) return 0;
    const auto first = reinterpret_cast<std::uintptr_t>(data_);
    const std::uintptr_t last = first + bytes_;
    std::size_t huge = 0;
    bool ours = false;
    char line[512];
    while (std::fgets(line, sizeof line, maps) != nullptr) {
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        std::size_t kilobytes = 0;
        if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &begin, &end) == 2)
            ours = begin < last && end > first;
        else if (ours && std::sscanf(line, "AnonHugePages: %zu kB", &kilobytes) == 1)
            huge += kilobytes << 10u;
    }
    std::fclose(maps);
    return std::min(huge, bytes_);
}

}  // namespace ringfence
