// shared_fixture.hpp - generations whose tables tell which one they are, and children to read and to kill.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "image/sample.hpp"
#include "ringfence/image/shared_image.hpp"

namespace ringfence::sample {

inline constexpr SharedImageOptions kSmall{.arena_bytes = 1 << 20, .readers = 8};

// Made anew for each test, beside others that run at the same time.
inline std::string path_of(const char* name) {
    const std::string path =
        testing::TempDir() + "ringfence-shared-" + name + "-" + std::to_string(::getpid());
    std::filesystem::remove(path);
    return path;
}

inline constexpr unsigned kMarks = 8;  // lists of a mark, two for each bit
inline constexpr unsigned kGenerationNumbers = 200;

inline Number shared_number(unsigned i) {
    return Number::from_digits("3363998" + std::to_string(10'000 + i));
}

// Every number is on the lists that spell generation % 16, and a prefix and a name too: whoever meets two spellings under one pin
// has met two generations. The list of bit b is 2 b where it is 0, else 2 b + 1.
inline Lists generation_lists(std::uint64_t generation) {
    std::vector<ImageList> lists;
    for (unsigned i = 0; i < kMarks; ++i)
        lists.push_back({"mark-" + std::to_string(i), CountryCode("FR"), {}, {}});
    std::vector<Entry> entries;
    for (unsigned bit = 0; bit < kMarks / 2; ++bit) {
        const auto list = static_cast<ListIndex>(2 * bit + (generation >> bit & 1u));
        for (unsigned i = 0; i < kGenerationNumbers; ++i)
            entries.push_back({list, entry(EntryKind::kExact, shared_number(i).digits())});
        entries.push_back({list, entry(EntryKind::kPrefix, "3363997")});
        entries.push_back({list, entry(EntryKind::kDomain, "bad.example")});
    }
    return lists_of(std::move(lists), SubLists(kMarks), entries, {.numbers = 64});
}

// What the lists spell, or ~0 when they do not.
template <class Found>
std::uint64_t spelled(const Found& lists) {
    std::uint64_t value = 0;
    unsigned bit = 0;
    for (const auto& of : lists) {
        ListIndex list = 0;
        if constexpr (requires { of.list; })
            list = of.list;
        else
            list = of;
        if (list / 2 != bit) return ~std::uint64_t{0};
        value |= std::uint64_t{list & 1u} << bit++;
    }
    return bit == kMarks / 2 ? value : ~std::uint64_t{0};
}

// Whether all that a pin gives is of its generation.
inline bool whole(const SharedPin& pin) {
    const TableViews* tables = pin.tables();
    if (tables == nullptr) return false;
    const std::uint64_t expected = pin.generation() % 16;
    static const std::vector<Number> kNumbers = [] {
        std::vector<Number> numbers;
        for (unsigned i = 0; i < kGenerationNumbers; ++i) numbers.push_back(shared_number(i));
        return numbers;
    }();
    std::array<Payload, kGenerationNumbers> payloads;
    tables->find(kNumbers, payloads);
    for (unsigned i = 0; i < kGenerationNumbers; ++i)
        if (spelled(tables->numbers.lists(kNumbers[i], payloads[i])) != expected) return false;
    return spelled(tables->prefixes.longest_match(Number::from_digits("33639971234"))) ==
               expected &&
           spelled(tables->keys.find_domain("www.bad.example").lists) == expected &&
           tables->numbers.find(shared_number(kGenerationNumbers)) == kNoList;
}

// Octets of the file, changed behind everybody's back.
class Octets {
public:
    explicit Octets(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC)) {}
    ~Octets() { ::close(fd_); }
    template <class Value>
    void put(std::uint64_t offset, const Value& value) const {
        ASSERT_EQ(::pwrite(fd_, &value, sizeof(value), static_cast<off_t>(offset)),
                  ssize_t{sizeof(value)});
    }
    template <class Value>
    Value get(std::uint64_t offset) const {
        Value value{};
        EXPECT_EQ(::pread(fd_, &value, sizeof(value), static_cast<off_t>(offset)),
                  ssize_t{sizeof(value)});
        return value;
    }
    // Another octet than stands there; twice the same brings back what did.
    void flip(std::uint64_t offset, std::uint8_t bits) const {
        put(offset, static_cast<std::uint8_t>(get<std::uint8_t>(offset) ^ bits));
    }
    void cut(std::uint64_t bytes) const {
        ASSERT_EQ(::ftruncate(fd_, static_cast<off_t>(bytes)), 0);
    }

private:
    int fd_;
};

// A child that ends with what `body` gives; body must not use gtest.
class Child {
public:
    explicit Child(const std::function<int()>& body) : id_(::fork()) {
        if (id_ == 0) ::_exit(body());
    }
    Child(Child&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
    ~Child() {
        if (id_ > 0) kill();
    }

    // False when it had ended before, by itself: its body found something.
    bool kill() {
        ::kill(id_, SIGKILL);
        return wait() == 256 + SIGKILL;
    }
    // The same, but not asked after: a zombie.
    bool kill_only() const {
        ::kill(id_, SIGKILL);
        siginfo_t about = {};
        ::waitid(P_PID, static_cast<id_t>(id_), &about, WEXITED | WNOWAIT);
        return about.si_code == CLD_KILLED && about.si_status == SIGKILL;
    }
    int wait() {
        int status = -1;
        ::waitpid(std::exchange(id_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
    }
    pid_t id() const { return id_; }

private:
    pid_t id_;
};

}  // namespace ringfence::sample
