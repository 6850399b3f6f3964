// dpdk.hpp - starts DPDK without huge pages set aside, cards or files, and gives its tables memory of the kind
// that ours has.
#pragma once

#include <cstddef>

namespace ringfence::bench {

// A new heap of `bytes`, in huge pages when they can be had, by the number that takes a socket's place in DPDK's
// calls; negative when DPDK does not start or gives none. The thread stays free to run where it could before.
int dpdk_heap(std::size_t bytes);

}  // namespace ringfence::bench
