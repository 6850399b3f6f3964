#include <chrono>

#include "ringfence/policy/lint.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/source/file.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {

namespace {

std::vector<LintFinding> found_in(const std::string& policy) {
    const Waiting waiting("checking");
    std::vector<LintFinding> findings =
        lint(policy, std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()));
    const bool readable = std::none_of(findings.begin(), findings.end(),
                                       [](const auto& one) { return one.is_error(); });
    // What only compiling shows: a rule that breaks one of its samples, a pack beyond the limits.
    if (readable) {
        ScreenOptions options;
        options.force = true;
        options.read_only = true;
        if (auto screen = Screen::open(policy, options); !screen) {
            findings.push_back({LintKind::kError, screen.error().text});
        }
    }
    return findings;
}

}  // namespace

int run(const LintCommand& command) {
    // A policy that is not there is a mistyped path, not a finding.
    if (const auto file = InputFile::open(command.policy); !file) return give_up(file.error());
    const std::vector<LintFinding> findings = found_in(command.policy);
    bool errors = false;
    for (const LintFinding& finding : findings) {
        errors |= finding.is_error();
        const Json object{
            {"kind", name_of(finding.kind)}, {"error", finding.is_error()}, {"text", finding.text}};
        const std::string line = command.json
                                     ? one_line(object)
                                     : std::string(name_of(finding.kind)) + ": " + finding.text;
        if (!write_out(line + "\n")) return kExitUnwritable;
    }
    if (!command.json && findings.empty() && !write_out("nothing to complain about\n"))
        return kExitUnwritable;
    return errors ? kExitFound : kExitOk;
}

}  // namespace ringfence::cli
