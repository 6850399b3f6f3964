#include "bench/hot_path_probe.hpp"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <memory>

namespace {

// Plain data, so that no constructor runs before the first malloc.
thread_local bool armed = false;
thread_local ringfence::bench::HotPathCounts counts;

void count_allocation() { counts.allocations += armed ? 1u : 0u; }
void count_lock() { counts.locks += armed ? 1u : 0u; }

// The function that this program's own definition hides.
template <class Function>
Function* hidden(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// glibc's allocator under its second names, so that no look-up allocates.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* block);

void* malloc(std::size_t size) {
    count_allocation();
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    count_allocation();
    return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
    count_allocation();
    return __libc_realloc(block, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
    count_allocation();
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    count_allocation();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
    count_allocation();
    *block = __libc_memalign(alignment, size);
    return *block == nullptr ? ENOMEM : 0;
}
void free(void* block) {
    count_allocation();
    __libc_free(block);
}
void* mmap(void* address, std::size_t size, int protection, int flags, int file, off_t offset) {
    count_allocation();
    return reinterpret_cast<void*>(
        syscall(SYS_mmap, address, size, protection, flags, file, offset));
}

#define RINGFENCE_COUNT_LOCK(name, Object)                    \
    int name(Object* object) {                                \
        count_lock();                                         \
        static const auto real = hidden<int(Object*)>(#name); \
        return real(object);                                  \
    }
RINGFENCE_COUNT_LOCK(pthread_mutex_lock, pthread_mutex_t)
RINGFENCE_COUNT_LOCK(pthread_mutex_trylock, pthread_mutex_t)
RINGFENCE_COUNT_LOCK(pthread_rwlock_rdlock, pthread_rwlock_t)
RINGFENCE_COUNT_LOCK(pthread_rwlock_wrlock, pthread_rwlock_t)
RINGFENCE_COUNT_LOCK(pthread_cond_signal, pthread_cond_t)
RINGFENCE_COUNT_LOCK(pthread_cond_broadcast, pthread_cond_t)
RINGFENCE_COUNT_LOCK(sem_wait, sem_t)
RINGFENCE_COUNT_LOCK(sem_post, sem_t)
#undef RINGFENCE_COUNT_LOCK

int pthread_spin_lock(pthread_spinlock_t* lock) {
    count_lock();
    static const auto real = hidden<int(pthread_spinlock_t*)>("pthread_spin_lock");
    return real(lock);
}

// Direct futex calls (std::atomic::wait, for one) go through syscall().
long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long words[6];
    for (long& word : words) word = va_arg(list, long);
    va_end(list);
    if (number == SYS_futex) count_lock();
    static const auto real = hidden<long(long, ...)>("syscall");
    return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
}  // extern "C"

namespace ringfence::bench {

void arm() {
    counts = {};
    armed = true;
}

HotPathCounts disarm() {
    armed = false;
    return counts;
}

bool probe_works() {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    arm();
    void* volatile block = std::malloc(32);
    std::free(block);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    const HotPathCounts seen = disarm();
    return seen.allocations == 2 && seen.locks == 1;
}

}  // namespace ringfence::bench
