#include <sys/mman.h>

#include "bench/numbers/contender.hpp"

namespace ringfence::bench {

void* huge_block(std::size_t bytes) {
    constexpr std::size_t kPage = std::size_t{2} << 20u;
    void* mapping = mmap(nullptr, bytes + kPage, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) return nullptr;
    const auto address = (reinterpret_cast<std::uintptr_t>(mapping) + kPage - 1) & ~(kPage - 1);
    auto* block = reinterpret_cast<std::byte*>(address);
    madvise(block, bytes, MADV_HUGEPAGE);  // refused: small pages do
    return block;
}

}  // namespace ringfence::bench
