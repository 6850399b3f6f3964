// Texts, and no std::filesystem: building its paths frees what it must not when memory runs out (libstdc++ 12).
#include "src/pattern/regex_program.hpp"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <string_view>

#include "ringfence/pattern/regex_limits.hpp"

namespace ringfence {
namespace pattern {
namespace {

constexpr const char* kProgram = "/ringfence-regex-compiler";

// Removes the last name; nothing is left of a name alone.
void go_up(std::string& path) {
    const std::size_t slash = path.rfind('/');
    path.resize(slash == std::string::npos ? 0 : slash);
}

// One that may not be run, or not be seen, is there: whoever starts it says what is wrong.
bool is_there(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

std::string running_program() {
    std::array<char, PATH_MAX> path{};
    const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
    return size > 0 ? std::string(path.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

std::string regex_program_beside(const std::string& file, std::string libexec) {
    if (file.empty() || file.front() != '/') return {};
    constexpr std::string_view kUp = "../";
    std::string folder = file;
    go_up(folder);
    if (std::string program = folder + kProgram; is_there(program)) return program;
    for (; libexec.starts_with(kUp); libexec.erase(0, kUp.size())) go_up(folder);
    std::string program = folder + "/" + libexec + kProgram;
    return is_there(program) ? program : std::string();
}

}  // namespace pattern

std::string installed_regex_compiler() {
    Dl_info about{};
    link_map* map = nullptr;
    if (::dladdr1(reinterpret_cast<const void*>(&installed_regex_compiler), &about,
                  reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0 ||
        map == nullptr || map->l_name == nullptr)
        return {};
    // The program itself has no name there; dladdr's is argv[0], which whoever starts it chooses.
    if (*map->l_name == '\0')
        return pattern::regex_program_beside(pattern::running_program(), "../libexec/ringfence");
    // One that was loaded by a path from the folder of that time says nothing now.
    std::array<char, PATH_MAX> path{};
    if (*map->l_name != '/' || ::realpath(map->l_name, path.data()) == nullptr) return {};
    return pattern::regex_program_beside(path.data(), pattern::kLibexec);
}

}  // namespace ringfence
