
#include "ringfence/study/generate.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {

namespace {

Status generate(CityOptions& options) {
    Progress progress("writing rows");
    options.progress = [&](std::uint64_t rows) { progress.show(rows); };
    return generate_city(options);
}

}  // namespace

int run(const GenerateCommand& command) {
    CityOptions options;
    options.seed = command.seed;
    options.calls = command.calls;
    options.sms = command.sms;
    options.out_dir = command.out;
    if (auto status = generate(options); !status) return give_up(status.error());
    const Json made{{"synthetic", true},
                    {"seed", command.seed},
                    {"calls", command.calls},
                    {"sms", command.sms},
                    {"out", command.out}};
    const std::string text = "synthetic day of " + std::to_string(command.calls) + " calls and " +
                             std::to_string(command.sms) + " messages in " + command.out +
                             " (seed " + std::to_string(command.seed) + ")";
    return write_out((command.json ? made.dump() : text) + "\n") ? kExitOk : kExitUnwritable;
}

}  // namespace ringfence::cli
