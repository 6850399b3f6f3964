#include "src/pattern/regex_compiler.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "src/pattern/regex_frames.hpp"
#include "src/pattern/regex_process.hpp"

namespace ringfence {
namespace pattern {
namespace {

using End = RegexRun::End;

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

constexpr const char* kSimpler =
    "; make it simpler (fewer and smaller counts, no two '.*' or '.+' in it), write it as 'text', "
    "or "
    "allow more: ";

// What ended a run without fault of an expression; nothing where one was compiled when it ended.
std::optional<RegexFailure> failure_of_program(const std::string& program, const RegexRun& run) {
    const auto failure = [&](ErrorCode code, const std::string& what) {
        return RegexFailure{{code, program + ": " + what}};
    };
    switch (run.end) {
        case End::kNotStarted:
            return failure(
                run.detail == ENOENT ? ErrorCode::kMissing : ErrorCode::kUnreadable,
                std::string("cannot be run: ") + std::strerror(run.detail) +
                    "; it compiles the regular expressions of rules: install it, name it as "
                    "'program' in the policy's [regex], or start none: program = \"\"");
        case End::kStatus:
            return failure(ErrorCode::kUnsupported,
                           "ended with status " + std::to_string(run.detail) +
                               " where it should compile regular expressions; install the one of "
                               "this version");
        case End::kNoLimit:
            return failure(ErrorCode::kRefused,
                           std::string("the system does not let it set its own limit of ") +
                               (run.detail == kRegexNoTimeLimit ? "processor time (RLIMIT_CPU)"
                                                                : "memory (RLIMIT_AS)") +
                               "; allow setrlimit, or start no program: program = \"\" in [regex]");
        default: return std::nullopt;
    }
}

// What ended a run while a group was compiled, said of that group.
Error failure_of_group(const RegexRun& run, const RegexGroup& group, const RegexLimits& limits,
                       const RegexPatience& patience) {
    const auto whole = [](std::chrono::milliseconds time) {
        return seconds(
            static_cast<std::uint32_t>(std::chrono::ceil<std::chrono::seconds>(time).count()));
    };
    switch (run.end) {
        case End::kCpuTime:
            return {ErrorCode::kTooLarge, "its regex takes the compiler more than " +
                                              seconds(seconds_for(group, limits)) + kSimpler +
                                              "[regex] compile_seconds"};
        case End::kHostTime:
            return {ErrorCode::kTooLarge,
                    std::string("at its regex the compiler has used the processor time that this "
                                "process may give it (its hard RLIMIT_CPU)") +
                        kSimpler + "that limit"};
        case End::kWallTime:
            return {ErrorCode::kTooLarge, "its regex is not compiled after " +
                                              whole(patience.groups[run.group]) + kSimpler +
                                              "[regex] compile_seconds"};
        case End::kWholeTime:
            return {ErrorCode::kTooLarge,
                    "all regular expressions together are not compiled after " +
                        whole(patience.whole) + ", when its regex was the last" + kSimpler +
                        "[regex] compile_seconds"};
        case End::kMemory:
            return {ErrorCode::kTooLarge, "its regex takes the compiler more than " +
                                              std::to_string(limits.memory_mb) + " MB" + kSimpler +
                                              "[regex] compile_mb"};
        case End::kHostMemory:
            return {ErrorCode::kTooLarge,
                    std::string("its regex takes the compiler more memory than this process may "
                                "give it (its hard RLIMIT_AS)") +
                        kSimpler + "that limit"};
        case End::kUnknown:
            return {
                ErrorCode::kRefused,
                "the compiler of regular expressions ended at its regex; why is not known, since "
                "this process ignores SIGCHLD or waits for every child; try again, and write it "
                "in another way if that does not help"};
        default:
            return {ErrorCode::kRefused,
                    "the compiler of regular expressions ended at its regex, by signal " +
                        std::to_string(run.detail) + " (" + ::strsignal(run.detail) +
                        "); try again, and write it in another way if that does not help"};
    }
}

class Compiler {
public:
    explicit Compiler(const RegexLimits& limits) : limits_(limits), program_(limits.program) {
        if (limits.here)
            program_.clear();
        else if (program_.empty())
            program_ = installed_regex_compiler();
    }

    // Gives up after `share` times the seconds of the limits.
    Engines compile(const std::vector<RegexGroup>& groups, std::uint32_t share) const {
        if (program_.empty()) return compile_here(groups);
        RegexPatience patience{{}, share * std::chrono::seconds(limits_.seconds)};
        for (const RegexGroup& group : groups)
            patience.groups.push_back(RegexLimits::kWallShare *
                                      std::chrono::seconds(seconds_for(group, limits_)));
        const RegexRun run = run_regex_program(program_, request_of(groups, limits_), patience);
        if (run.end == End::kDone || run.end == End::kUnknown) {
            Engines engines = read_answer(program_, run, groups);
            const bool cut_off = !engines && engines.error().group == RegexFailure::kNone;
            if (run.end == End::kDone || !run.begun || !cut_off) return engines;
        }
        if (auto failure = failure_of_program(program_, run)) return *std::move(failure);
        const RegexGroup& group = groups[run.group];
        return RegexFailure{failure_of_group(run, group, limits_, patience), run.group,
                            group.size() == 1 ? 0 : RegexFailure::kNone, false,
                            run.end == End::kWholeTime};
    }

    // Of a group that failed as a whole: which of it fails alone.
    RegexFailure blame(const RegexGroup& group, RegexFailure failure) const {
        std::vector<RegexGroup> alone;
        for (const std::string& expression : group) alone.push_back({expression});
        const Engines engines = compile(alone, RegexLimits::kWallShare);
        failure.each_alone = static_cast<bool>(engines);
        if (engines || engines.error().group == RegexFailure::kNone || engines.error().given_up)
            return failure;
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
    Engines engines = compiler.compile(groups, RegexLimits::kWholeShare);
    if (engines || engines.error().group == RegexFailure::kNone ||
        engines.error().expression != RegexFailure::kNone)
        return engines;
    const RegexFailure& failure = engines.error();
    return compiler.blame(groups[failure.group], failure);
}

}  // namespace pattern
}  // namespace ringfence
