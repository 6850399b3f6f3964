// block.hpp - one flat array of zeroed objects in pages of its own, touched before it is used.
//
// Asks for huge pages and does without them. T is constructed in place, so every page is faulted in here
// and not on the hot path.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace ringfence::activity {

template <class T>
class Block {
public:
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 4096);

    Block() = default;
    // `count` objects, or an empty block when there is no memory for them.
    static Block make(std::size_t count) {
        Block block;
        if (count == 0 || count > static_cast<std::size_t>(-1) / 2 / sizeof(T)) return block;
        const std::size_t bytes = count * sizeof(T);
        void* memory =
            mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return block;
        constexpr std::size_t kHugePage = std::size_t{2} << 20;
        if (bytes >= kHugePage) (void)madvise(memory, bytes, MADV_HUGEPAGE);  // a wish
        block.objects_ = static_cast<T*>(memory);
        block.count_ = count;
        std::uninitialized_value_construct_n(block.objects_, count);
        return block;
    }
    Block(Block&& other) noexcept
        : objects_(std::exchange(other.objects_, nullptr)),
          count_(std::exchange(other.count_, 0)) {}
    Block& operator=(Block&& other) noexcept {
        std::swap(objects_, other.objects_);
        std::swap(count_, other.count_);
        return *this;
    }
    ~Block() {
        if (objects_ != nullptr) munmap(objects_, count_ * sizeof(T));
    }

    bool empty() const { return count_ == 0; }
    std::size_t size() const { return count_; }
    std::size_t bytes() const { return count_ * sizeof(T); }
    T& operator[](std::size_t i) { return objects_[i]; }
    const T& operator[](std::size_t i) const { return objects_[i]; }
    std::span<T> all() { return {objects_, count_}; }
    std::span<const T> all() const { return {objects_, count_}; }

private:
    T* objects_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace ringfence::activity
