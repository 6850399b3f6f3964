#include "ringfence/table/prefix_table.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

#include "src/kernel/prefix_kernel.hpp"
#include "src/table/mapped_block.hpp"

namespace ringfence {
namespace {

std::align_val_t alignment_of(std::size_t bytes) {
    return std::align_val_t{bytes >= kHugePage ? kHugePage : alignof(std::max_align_t)};
}

}  // namespace

template <class T>
T* PrefixMemory<T>::allocate(std::size_t count) {
    if (count > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    void* array = ::operator new(bytes, alignment_of(bytes));
    if (bytes >= kHugePage)  // whole pages of it alone; refused: small pages do
        madvise(array, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
    return static_cast<T*>(array);
}

template <class T>
void PrefixMemory<T>::deallocate(T* array, std::size_t count) {
    ::operator delete(array, alignment_of(count * sizeof(T)));
}

template struct PrefixMemory<std::uint32_t>;
template struct PrefixMemory<PrefixBlock>;

std::span<const PrefixHit> PrefixTable::longest_match(Number number) const {
    if (view_.empty()) return {};
    return kernel::prefix_kernel().find(view_, number);
}

void PrefixTable::longest_match(std::span<const Number> numbers,
                                std::span<std::span<const PrefixHit>> found) const {
    if (view_.empty())
        std::ranges::fill(found, std::span<const PrefixHit>());
    else
        kernel::prefix_kernel().find_batch(view_, numbers.data(), found.data(), numbers.size());
}

std::size_t PrefixTable::memory_bytes() const {
    return blocks_.capacity() * sizeof(PrefixBlock) +
           (entries_.capacity() + lengths_.capacity()) * sizeof(std::uint32_t) +
           heads_.capacity() * sizeof(PrefixHead) + hits_.capacity() * sizeof(PrefixHit);
}

}  // namespace ringfence
