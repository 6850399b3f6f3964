// guarded_bytes.hpp - memory that ends where the next page may not be read.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>

namespace ringfence::testing {

class GuardedBytes {
public:
    explicit GuardedBytes(std::size_t size) : page_(static_cast<std::size_t>(::getpagesize())) {
        whole_ = (size + page_ - 1) / page_ * page_ + page_;
        base_ = static_cast<char*>(
            ::mmap(nullptr, whole_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        if (base_ != MAP_FAILED) ::mprotect(base_ + whole_ - page_, page_, PROT_NONE);
    }
    ~GuardedBytes() { ::munmap(base_, whole_); }
    GuardedBytes(const GuardedBytes&) = delete;
    GuardedBytes& operator=(const GuardedBytes&) = delete;

    char* end() const { return base_ + whole_ - page_; }

private:
    std::size_t page_, whole_ = 0;
    char* base_ = nullptr;
};

}  // namespace ringfence::testing
