#include "tools/cli/run_files.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace ringfence::cli {
namespace {

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

Error unwritable(const std::string& path, const std::error_code& code, const char* remedy) {
    return Error::at(ErrorCode::kUnwritable, path, 0, code.message() + "; " + remedy);
}

}  // namespace

Status RunFolder::keep_apart(const std::vector<std::string>& inputs) const {
    for (const char* file : kFiles) {
        struct stat output = {};
        if (::stat(path(file).c_str(), &output) != 0 || !S_ISREG(output.st_mode)) continue;
        for (const std::string& input : inputs) {
            struct stat about = {};
            const int failed = input == "-" ? ::fstat(0, &about) : ::stat(input.c_str(), &about);
            if (failed != 0 || !same_file(output, about)) continue;
            return Error::at(ErrorCode::kRefused, path(file), 0,
                             "is the input " + (input == "-" ? "<stdin>" : input) +
                                 ", which the run would overwrite; give --out another folder");
        }
    }
    return ok();
}

Status RunFolder::clear() const {
    std::error_code code;
    std::filesystem::create_directories(folder_, code);
    if (code) return unwritable(folder_, code, "name a folder that can be made");
    for (const char* file : kFiles) {
        struct stat about = {};
        const bool reached = ::stat(path(file).c_str(), &about) == 0;
        if (reached && !S_ISREG(about.st_mode)) continue;
        std::filesystem::remove(path(file), code);
        if (code) return unwritable(path(file), code, "check the folder's permissions");
    }
    return ok();
}

}  // namespace ringfence::cli
