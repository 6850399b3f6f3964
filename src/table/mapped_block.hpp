// mapped_block.hpp - zeroed memory straight from the system, in huge pages when these can be had.
//
// Blocks of 2 MB and more begin at a 2 MB border and ask for huge pages; the part that will be used for
// certain is faulted in at once, so that no reader pays for it later. The rest costs nothing until touched.
//
// Measured: huge pages give look-ups +20 % at 20 M numbers and +28 % at 100 M.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ringfence/base/result.hpp"

namespace ringfence {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20u;

class MappedBlock {
public:
    MappedBlock() = default;
    MappedBlock(MappedBlock&& other) noexcept;
    MappedBlock& operator=(MappedBlock&& other) noexcept;
    ~MappedBlock();

    // `bytes` of zeros, the first `faulted` of them in memory. Fails with kOutOfMemory.
    // Threads: any thread.
    static Result<MappedBlock> create(std::size_t bytes, std::size_t faulted);

    std::byte* data() const { return data_; }
    std::size_t size() const { return bytes_; }

    // How much of it lies in huge pages now; 0 when none was to be had or the system does not say. Reads
    // /proc: some milliseconds. Threads: any thread.
    std::size_t huge_page_bytes() const;

private:
    std::byte* data_ = nullptr;
    std::size_t bytes_ = 0;
    void* mapping_ = nullptr;
    std::size_t mapped_ = 0;
};

}  // namespace ringfence
