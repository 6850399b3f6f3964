#include <algorithm>
#include <chrono>

#include "ringfence/base/time.hpp"
#include "ringfence/screen/compile.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {

int run(const CompileCommand& command) {
    Progress progress("compiling");
    CompileListsOptions options;
    options.force = command.force;
    // Whoever holds two images knows by it which is the later.
    options.serial = static_cast<std::uint64_t>(
        to_ms(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now())));
    options.progress = [&](std::uint64_t rows) { progress.show(rows); };
    const auto made = compile_lists(command.policy, command.out, options);
    if (!made) return give_up(made.error());
    for (const std::string& warning : made->warnings) say_warning(warning);
    const Json object{{"image", made->path},        {"serial", options.serial},
                      {"lists", made->lists},       {"rows", made->rows},
                      {"bad_rows", made->bad_rows}, {"numbers", made->numbers},
                      {"prefixes", made->prefixes}, {"names", made->names},
                      {"notes", made->notes},       {"bytes", made->bytes}};
    const std::string text =
        made->path + ": " + std::to_string(made->lists) + " lists of " +
        std::to_string(made->rows) + " rows (" + std::to_string(made->bad_rows) +
        " bad ones passed over): " + std::to_string(made->numbers) + " numbers, " +
        std::to_string(made->prefixes) + " prefixes, " + std::to_string(made->names) + " names; " +
        std::to_string(made->bytes) + " bytes";
    const std::string out = command.json ? one_line(object) : text;
    return write_out(out + "\n") ? kExitOk : kExitUnwritable;
}

}  // namespace ringfence::cli
