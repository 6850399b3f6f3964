#include "bench/numbers/dpdk.hpp"

#include <pthread.h>
#include <rte_eal.h>
#include <rte_malloc.h>

#include <string>

#include "bench/numbers/contender.hpp"

namespace ringfence::bench {
namespace {

bool start() {
    cpu_set_t allowed;
    pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed);
    int core = 0;
    while (core < CPU_SETSIZE && !CPU_ISSET(core, &allowed)) ++core;
    std::string words[] = {
        "numbers", "--no-shconf", "--no-pci",           "--no-huge",      "-m",
        "64",      "-l",          std::to_string(core), "--no-telemetry", "--log-level=3"};
    char* arguments[std::size(words)];
    for (std::size_t i = 0; i < std::size(words); ++i) arguments[i] = words[i].data();
    const bool started = rte_eal_init(static_cast<int>(std::size(words)), arguments) >= 0;
    pthread_setaffinity_np(pthread_self(), sizeof allowed, &allowed);
    return started;
}

}  // namespace

int dpdk_heap(std::size_t bytes) {
    static const bool started = start();
    static int made = 0;
    if (!started) return -1;
    constexpr std::size_t kPage = std::size_t{2} << 20u;
    const std::size_t pages = (bytes + kPage - 1) / kPage;
    void* memory = huge_block(pages * kPage);
    const std::string name = "heap" + std::to_string(made++);
    if (memory == nullptr || rte_malloc_heap_create(name.c_str()) != 0 ||
        rte_malloc_heap_memory_add(name.c_str(), memory, pages * kPage, nullptr,
                                   static_cast<unsigned>(pages), kPage) != 0)
        return -1;
    return rte_malloc_heap_get_socket(name.c_str());
}

}  // namespace ringfence::bench
