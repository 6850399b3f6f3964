// files.hpp - scratch files for the tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace ringfence::test {

// A directory that goes with the test.
class ScratchDir {
public:
    ScratchDir() {
        std::string name = (std::filesystem::temp_directory_path() / "ringfence-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) path_ = name;
        EXPECT_FALSE(path_.empty());
    }
    ~ScratchDir() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    ScratchDir(const ScratchDir&) = delete;
    ScratchDir& operator=(const ScratchDir&) = delete;

    std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }

    // What lies in it, sorted.
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(path_))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    // Writes a file and gives its path.
    std::string file(std::string_view name, std::string_view bytes) const {
        const std::string where = path(name);
        std::ofstream(where, std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return where;
    }

private:
    std::string path_;
};

inline std::string contents(const std::string& path) {
    std::ostringstream all;
    all << std::ifstream(path, std::ios::binary).rdbuf();
    return all.str();
}

inline std::string compressed(std::string_view text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
    return out;
}

// Whether `holds` is true in a child that is nobody: root may read what permissions forbid.
template <class Check>
bool holds_without_privilege(Check holds) {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool dropped = ::geteuid() != 0 || ::setuid(65534) == 0;
        ::_exit(dropped && holds() ? 0 : 1);
    }
    int status = 0;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

}  // namespace ringfence::test
