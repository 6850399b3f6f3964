// image - an image opened and checked, up to its first look-up, over reading its file.
//
// The file lies in the page cache. The plain way is what any program does that wants the octets: read(2) into memory
// that is fresh from the system. Reported beside it: the same into huge pages, which the program must ask for.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "bench/numbers/key_set.hpp"
#include "bench/numbers/subjects.hpp"
#include "bench/rounds.hpp"
#include "ringfence/image/image.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence::bench {
namespace {

constexpr std::size_t kNation = 18'650'000;  // what the notice of DOMAIN.md disposed of

// Gives the octets of the file.
std::size_t write_lists(const std::string& path, std::size_t count, std::uint64_t seed) {
    const KeySet keys(count, seed);
    auto tables = TableSetBuilder::create({.numbers = keys.numbers().size()});
    if (!tables) give_up(tables.error().text);
    std::vector<ImageList> lists;
    for (Answer list = 1; list <= KeySet::kLists; ++list)
        lists.push_back({"list-" + std::to_string(list), CountryCode("CN"), {}, {}});
    for (const KeyList& one : keys.lists()) {
        const auto added = tables->add(numbers_of(one.keys), static_cast<ListIndex>(one.list - 1));
        if (!added) give_up(added.error().text);
    }
    const auto set = std::move(*tables).build();
    if (!set) give_up(set.error().text);
    const EntryBook book;
    const SubLists sub_lists(static_cast<std::uint16_t>(lists.size()));
    if (const auto wrote = write_image(path, {*set, sub_lists, book, lists, 1}); !wrote)
        give_up(wrote.error().text);
    return set->numbers->size();
}

// Reads all of the file into fresh memory, in small pages as they come or in huge ones.
void read_plainly(const std::string& path, bool huge) {
    constexpr std::size_t kHugePage = std::size_t{2} << 20u;
    const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const off_t end = fd.open() ? ::lseek(fd.get(), 0, SEEK_END) : -1;
    if (end <= 0) give_up(path + " cannot be read");
    const auto bytes = static_cast<std::size_t>(end);
    const std::size_t mapped = bytes + kHugePage;
    void* mapping =
        ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) give_up("no memory is left");
    const auto address = reinterpret_cast<std::uintptr_t>(mapping);
    char* to = static_cast<char*>(mapping) + (kHugePage - address % kHugePage) % kHugePage;
    ::madvise(to, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    for (std::size_t at = 0; at < bytes;) {
        const ssize_t got = ::pread(fd.get(), to + at, bytes - at, static_cast<off_t>(at));
        if (got <= 0) give_up(path + " cannot be read");
        at += static_cast<std::size_t>(got);
    }
    ::munmap(mapping, mapped);
}

void open_ours(const std::string& path, Number number) {
    const auto image = Image::read(path);
    if (!image) give_up(image.error().text);
    if (image->tables().numbers->find(number) == kNoList) give_up("a listed number is not found");
}

}  // namespace

void measure_image(const Options& options, Figures& figures) {
    const std::string path = "numbers-" + std::to_string(getpid()) + ".rft";
    constexpr std::uint64_t kSeed = 31;
    const std::size_t count = std::min(options.numbers, kNation);
    const std::size_t numbers = write_lists(path, count, kSeed);
    const Number first = KeySet(1, kSeed).numbers()[0];
    const auto operations = static_cast<double>(numbers);
    Rounds rounds;
    const auto ours =
        rounds.add("ours, opened and checked", operations, [&] { open_ours(path, first); });
    const auto plain = rounds.add("read(2)", operations, [&] { read_plainly(path, false); });
    const auto huge =
        rounds.add("read(2) into huge pages", operations, [&] { read_plainly(path, true); });
    rounds.run(options.rounds);
    rounds.log();
    std::remove(path.c_str());
    figures.add("image_open_over_file_read", rounds.speed(plain, ours));
    figures.add("image_open_over_file_read_in_huge_pages", rounds.speed(huge, ours));
}

}  // namespace ringfence::bench
