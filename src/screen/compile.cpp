#include "ringfence/screen/compile.hpp"

#include <filesystem>
#include <system_error>

#include "ringfence/image/image.hpp"
#include "ringfence/image/origin.hpp"
#include "ringfence/source/utf8.hpp"
#include "src/screen/guarded.hpp"
#include "src/screen/loaded_lists.hpp"
#include "src/screen/policy_files.hpp"

namespace ringfence {
namespace {

// An image takes the place of whatever is at its path.
Status keep_apart(const Policy& policy, const std::string& out) {
    const auto refuse = [&](const std::string& what) {
        return Error::at(ErrorCode::kRefused, printable(out), 0, what);
    };
    if (out == "-") return refuse("is no place for an image, which is a file; give it a path");
    std::error_code code;
    const auto kind = std::filesystem::status(out, code).type();
    if (std::filesystem::exists(std::filesystem::file_status(kind)) &&
        kind != std::filesystem::file_type::regular)
        return refuse("is there and no regular file; give the image a path of its own");
    for (const std::string& other : files_of(policy))
        if (same_file(other, out))
            return refuse("is '" + printable(other) +
                          "', which the policy reads; give the image a path of its own");
    return ok();
}

Result<std::vector<ImageOrigin>> origins_of(const Policy& policy, bool force) {
    std::vector<ImageOrigin> origins;
    for (const PolicyList& list : policy.lists) {
        if (list.source.by_subscriber)
            return Error::at(
                ErrorCode::kInvalidArgument, policy.path, list.line,
                "the personal list '" + list.source.id +
                    "' is by subscriber, and an image keeps none; screen from the files");
        auto origin = origin_of(list);
        if (!origin) return origin.error();
        if (!origin->has_file && !list.source.path.empty() && !force)
            return Error::at(ErrorCode::kMissing, policy.path, list.line,
                             "the file '" + list.source.path + "' of list '" + list.source.id +
                                 "' is not there; put it there, or force it to go on without");
        origins.push_back(*origin);
    }
    return origins;
}

Result<CompileReport> compile(const std::string& policy_path, const std::string& out,
                              const CompileListsOptions& options) {
    const auto policy = Policy::load(policy_path);
    if (!policy) return policy.error();
    CompileReport report;
    report.path = out.empty() ? policy->image_path : out;
    if (report.path.empty())
        return Error{ErrorCode::kInvalidArgument,
                     policy->path + " names no [screen] image; give the path of one"};
    if (auto status = keep_apart(*policy, report.path); !status) return status.error();
    const auto origins = origins_of(*policy, options.force);
    if (!origins) return origins.error();
    const std::map<std::string, std::uint64_t> no_last_rows;
    const auto loaded = lists_of_files(*policy, {no_last_rows, options.force, options.progress});
    if (!loaded) return loaded.error();

    std::vector<ImageList> lists;
    for (std::size_t i = 0; i < policy->lists.size(); ++i) {
        const PolicyList& list = policy->lists[i];
        if (!unchanged(list, (*origins)[i]))
            return Error{ErrorCode::kBusy,
                         list.source.path +
                             ": changed while it was compiled; compile once more, and replace "
                             "lists by rename"};
        ImageList& made = lists.emplace_back();
        made.id = list.source.id;
        made.country = list.country;
        if (const auto at = loaded->rows.find(made.id); at != loaded->rows.end()) {
            made.rows = at->second;
            report.rows += at->second;
        }
        made.written = loaded->written[i];
    }
    if (auto status = write_image(report.path, {loaded->tables, loaded->sub_lists, loaded->book,
                                                lists, options.serial, *origins});
        !status)
        return status.error();
    report.lists = lists.size();
    report.bad_rows = loaded->bad_rows;
    report.numbers = loaded->tables.numbers->size();
    report.prefixes = loaded->rules.prefixes.size();
    report.names = loaded->rules.keys.size();
    report.notes = loaded->book.size();
    std::error_code code;
    report.bytes = std::filesystem::file_size(report.path, code);
    report.warnings = loaded->warnings;
    return report;
}

}  // namespace

Result<CompileReport> compile_lists(const std::string& policy, const std::string& out,
                                    const CompileListsOptions& options) {
    return guarded([&] { return compile(policy, out, options); });
}

}  // namespace ringfence
