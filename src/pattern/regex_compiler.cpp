#include "src/pattern/regex_compiler.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "src/pattern/regex_frames.hpp"
#include "src/pattern/regex_process.hpp"

namespace ringfence {
namespace pattern {
namespace {

using End = RegexRun::End;

constexpr const char* kProgram = "ringfence-regex-compiler";
constexpr std::size_t kShare = 8;  // expressions that share the limit of one

std::uint32_t seconds_for(const RegexGroup& group, const RegexLimits& limits) {
    return limits.seconds * static_cast<std::uint32_t>((group.size() + kShare - 1) / kShare);
}

// Of compiling in this process, and of the answer of the program.
using Engines = Result<std::vector<Engine>, RegexFailure>;

Engines compile_here(const std::vector<RegexGroup>& groups) {
    std::vector<Engine> engines;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::size_t bad = 0;
        auto engine = Engine::compile(groups[i], bad);
        if (!engine)
            return RegexFailure{engine.error(), i,
                                bad < groups[i].size() ? bad : RegexFailure::kNone};
        engines.push_back(*std::move(engine));
    }
    return engines;
}

std::string request_of(const std::vector<RegexGroup>& groups, const RegexLimits& limits) {
    FrameWriter request;
    request.number(kRegexMagic);
    request.number(limits.memory_mb);
    request.number(groups.size());
    for (const RegexGroup& group : groups) {
        request.number(seconds_for(group, limits));
        request.number(group.size());
        for (const std::string& expression : group) request.text(expression);
    }
    return request.octets();
}

Engines read_answer(const std::string& program, const RegexRun& run,
                    const std::vector<RegexGroup>& groups) {
    const auto other = [&](const char* what) {
        return RegexFailure{
            {ErrorCode::kUnsupported, program + ": " + what + "; install the one of this version"}};
    };
    FrameReader answer(run.answer);
    if (answer.number() != kRegexMagic)
        return other("did not answer as the compiler of regular expressions does");
    std::vector<Engine> engines;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto kind = static_cast<RegexKind>(answer.number());
        const std::uint64_t bad = answer.number();
        const std::string_view octets = answer.text();
        if (!answer.good()) return other("stopped in the middle of its answer");
        if (kind == RegexKind::kRefused)
            return RegexFailure{
                {ErrorCode::kSyntax, std::string(octets)},
                i,
                bad < groups[i].size() ? static_cast<std::size_t>(bad) : RegexFailure::kNone};
        auto engine = Engine::deserialize(octets);
        if (!engine) return other("gave what this library cannot read");
        engines.push_back(*std::move(engine));
    }
    if (answer.number() != kRegexMagic || !answer.at_end())
        return other("stopped in the middle of its answer");
    return engines;
}

std::string seconds(std::uint32_t count) { return std::to_string(count) + " s"; }

// What ended a run before its answer.
RegexFailure failure_of(const std::string& program, const RegexRun& run,
                        const std::vector<RegexGroup>& groups, const RegexLimits& limits,
                        std::chrono::milliseconds patience) {
    constexpr const char* kSimpler =
        "; make it simpler (fewer and smaller counts, no two '.*' or '.+' in it), write it as "
        "'text', or allow more: ";
    if (run.end == End::kNotStarted)
        return {{run.detail == ENOENT ? ErrorCode::kMissing : ErrorCode::kUnreadable,
                 program + ": cannot be run: " + std::strerror(run.detail) +
                     "; it compiles the regular expressions of rules: install it, or name it as "
                     "'program' in the policy's [regex]"}};
    if (run.end == End::kStatus)
        return {{ErrorCode::kUnsupported,
                 program + ": ended with status " + std::to_string(run.detail) +
                     " where it should compile regular expressions; install the one of this "
                     "version"}};
    const RegexGroup& group = groups[run.group];
    RegexFailure failure{{}, run.group, group.size() == 1 ? 0 : RegexFailure::kNone};
    switch (run.end) {
        case End::kCpuTime:
            failure.error = {ErrorCode::kTooLarge, "its regex takes the compiler more than " +
                                                       seconds(seconds_for(group, limits)) +
                                                       kSimpler + "[regex] compile_seconds"};
            break;
        case End::kWallTime:
            failure.error = {ErrorCode::kTooLarge,
                             "its regex is not compiled after " +
                                 seconds(static_cast<std::uint32_t>(
                                     std::chrono::ceil<std::chrono::seconds>(patience).count())) +
                                 kSimpler + "[regex] compile_seconds"};
            break;
        case End::kMemory:
            failure.error = {ErrorCode::kTooLarge, "its regex takes the compiler more than " +
                                                       std::to_string(limits.memory_mb) + " MB" +
                                                       kSimpler + "[regex] compile_mb"};
            break;
        default:
            failure.error = {ErrorCode::kRefused,
                             "the compiler of regular expressions ended at its regex, by signal " +
                                 std::to_string(run.detail) + " (" + ::strsignal(run.detail) +
                                 "); try again, and write it in another way if that does not help"};
    }
    return failure;
}

class Compiler {
public:
    explicit Compiler(const RegexLimits& limits)
        : limits_(limits),
          program_(limits.program.empty() ? installed_regex_compiler() : limits.program) {}

    Engines compile(const std::vector<RegexGroup>& groups) const {
        if (program_.empty()) return compile_here(groups);
        std::vector<std::chrono::milliseconds> patience;
        patience.reserve(groups.size());
        constexpr int kWallACpu = 4;
        for (const RegexGroup& group : groups)
            patience.push_back(kWallACpu * std::chrono::seconds(seconds_for(group, limits_)));
        const RegexRun run = run_regex_program(program_, request_of(groups, limits_), patience);
        if (run.end == End::kDone) return read_answer(program_, run, groups);
        return failure_of(program_, run, groups, limits_, patience[run.group]);
    }

    // Of a group that failed as a whole: which of it fails alone.
    RegexFailure blame(const RegexGroup& group, RegexFailure failure) const {
        std::vector<RegexGroup> alone;
        for (const std::string& expression : group) alone.push_back({expression});
        const Engines engines = compile(alone);
        if (engines) return failure;
        failure.error = engines.error().error;
        failure.expression = engines.error().group;
        return failure;
    }

private:
    const RegexLimits& limits_;
    std::string program_;
};

}  // namespace

Result<std::vector<Engine>, RegexFailure> compile_regexes(const std::vector<RegexGroup>& groups,
                                                          const RegexLimits& limits) {
    const Compiler compiler(limits);
    Engines engines = compiler.compile(groups);
    if (engines || engines.error().group == RegexFailure::kNone ||
        engines.error().expression != RegexFailure::kNone)
        return engines;
    const RegexFailure& failure = engines.error();
    return compiler.blame(groups[failure.group], failure);
}

}  // namespace pattern

// Texts, and no std::filesystem: building its paths frees what it must not when memory runs out (libstdc++ 12).
std::string installed_regex_compiler() {
    Dl_info about{};
    if (::dladdr(reinterpret_cast<const void*>(&installed_regex_compiler), &about) == 0 ||
        about.dli_fname == nullptr)
        return {};
    std::string folder = about.dli_fname;
    if (folder.empty() || folder.front() != '/') {
        // Of a program's own code that is the name it was called by.
        std::array<char, 4'096> path;
        const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
        if (size <= 0) return {};
        folder.assign(path.data(), static_cast<std::size_t>(size));
    }
    const auto up = [&folder] { folder.resize(std::min(folder.size(), folder.rfind('/'))); };
    const auto program_in = [&folder](const char* place) {
        const std::string program = folder + place + pattern::kProgram;
        return ::access(program.c_str(), X_OK) == 0 ? program : std::string();
    };
    up();
    if (std::string program = program_in("/"); !program.empty()) return program;
    for (int level = 0; level < 2; ++level) {
        up();
        if (std::string program = program_in("/libexec/ringfence/"); !program.empty())
            return program;
    }
    return {};
}

}  // namespace ringfence
