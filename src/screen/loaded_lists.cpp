#include "src/screen/loaded_lists.hpp"

#include <chrono>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "ringfence/image/image.hpp"
#include "ringfence/image/origin.hpp"
#include "ringfence/lists/load_list.hpp"
#include "ringfence/lists/size_guard.hpp"
#include "src/source/about_file.hpp"

namespace ringfence {
namespace {

// The least room of the number table before the first row is read; it grows.
constexpr std::uint64_t kFirstRoom = 4096;
constexpr std::uint64_t kFirstPairs = 1024;

// The table of pairs, when any list is by subscriber. About 5 % more room than the files seem to need: the estimate
// is off by less, and a table that has to grow takes twice the memory.
Status make_pairs(const Policy& policy, TableSetBuilder& builder) {
    bool any = false;
    std::uint64_t rows = 0;
    for (const PolicyList& list : policy.lists) {
        any |= list.source.by_subscriber;
        if (list.source.by_subscriber) rows += about_rows(list.source);
    }
    if (!any) return ok();
    PairTableOptions options;
    options.pairs = kFirstPairs + rows + rows / 20;
    if (builder.hold_pairs(options)) return ok();
    options.pairs = kFirstPairs;
    return builder.hold_pairs(options);
}

Result<TableSetBuilder> builder_for(const Policy& policy) {
    NumberTableOptions options;
    options.numbers = kFirstRoom;
    for (const PolicyList& list : policy.lists)
        if (!list.source.by_subscriber) options.numbers += about_rows(list.source);
    auto builder = TableSetBuilder::create(options);
    if (!builder) {
        // So many numbers may not be there at all.
        options.numbers = kFirstRoom;
        builder = TableSetBuilder::create(options);
    }
    if (!builder) return builder;
    if (auto status = make_pairs(policy, *builder); !status) return status.error();
    return builder;
}

// An error that the policy's line leads to says so.
Error at_line(const Policy& policy, std::uint32_t line, const std::string& path,
              const Error& error) {
    const auto what = about_file(error, path);
    return what ? Error::at(error.code, policy.path, line, *what) : error;
}

}  // namespace

void note_missing(const Policy& policy, const PolicyList& list, LoadedLists& loaded) {
    loaded.missing.push_back(list.source.id);
    loaded.warnings.push_back(Error::at(ErrorCode::kUnreadable, policy.path, list.line,
                                        "the file '" + list.source.path + "' of list '" +
                                            list.source.id +
                                            "' is not there; screening goes on without it")
                                  .text);
}

std::optional<Time> date_of(const std::string& path) {
    std::error_code code;
    const auto written = std::filesystem::last_write_time(path, code);
    if (code) return {};
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::file_clock::to_sys(written));
}

Result<LoadedLists> lists_of_files(const Policy& policy, const LoadHow& how) {
    LoadedLists loaded;
    loaded.sub_lists = SubLists(static_cast<std::uint16_t>(policy.lists.size()));
    loaded.written.resize(policy.lists.size());
    auto builder = builder_for(policy);
    if (!builder) return builder.error();
    std::uint64_t before = 0;  // rows of the lists before
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const ListSource& source = policy.lists[i].source;
        const auto last = how.last_rows.find(source.id);
        std::error_code code;
        if (!source.path.empty() && !std::filesystem::exists(source.path, code) &&
            last == how.last_rows.end()) {
            note_missing(policy, policy.lists[i], loaded);
            continue;
        }
        if (source.path.empty()) continue;  // a list of live entries alone
        LoadOptions options;
        options.force = how.force;
        if (last != how.last_rows.end()) options.last_rows = last->second;
        if (how.progress)
            options.progress = [&](std::uint64_t rows) { how.progress(before + rows); };
        loaded.written[i] = date_of(source.path);
        const auto report = load_list(source, static_cast<std::uint16_t>(i), options,
                                      {loaded.sub_lists, *builder, loaded.book});
        if (!report) return at_line(policy, policy.lists[i].line, source.path, report.error());
        std::ranges::move(report->lines(source.path), std::back_inserter(loaded.warnings));
        loaded.rows[source.id] = report->rows;
        loaded.bad_rows += report->bad_rows;
        before += report->rows;
    }
    auto tables = std::move(*builder).build(&loaded.rules);
    if (!tables) return tables.error();
    loaded.tables = *std::move(tables);
    return loaded;
}

Result<LoadedLists> lists_of_image(const Policy& policy, const LoadHow& how) {
    std::error_code code;
    if (!std::filesystem::exists(policy.image_path, code))
        return Error::at(ErrorCode::kUnreadable, policy.path, policy.image_line,
                         "the image '" + policy.image_path +
                             "' is not there; compile it: ringfence compile " + policy.path);
    const auto image = Image::read(policy.image_path);
    if (!image) return at_line(policy, policy.image_line, policy.image_path, image.error());
    if (auto status = check_origins(*image, policy); !status) return status.error();
    LoadedLists loaded;
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const PolicyList& list = policy.lists[i];
        const ImageList& held = image->lists()[i];
        loaded.written.push_back(held.written);
        const auto last = how.last_rows.find(list.source.id);
        if (!held.rows) {
            if (list.source.path.empty()) continue;  // a list of live entries alone
            if (last != how.last_rows.end())
                return Error::at(ErrorCode::kUnreadable, policy.path, list.line,
                                 "the file '" + list.source.path +
                                     "' was not there when the image was compiled; put it there "
                                     "and compile again");
            note_missing(policy, list, loaded);
            continue;
        }
        if (!how.force && last != how.last_rows.end()) {
            if (auto status = check_size(list.source.path, last->second, *held.rows); !status)
                return status.error();
        }
        loaded.rows[list.source.id] = *held.rows;
    }
    auto entries = image->entries();
    if (!entries) return entries.error();
    loaded.tables = image->tables();
    loaded.sub_lists = image->sub_lists();
    loaded.rules = std::move(entries->rules);
    loaded.book = std::move(entries->book);
    return loaded;
}

}  // namespace ringfence
