// real_data.hpp - real lists and messages, kept outside this tree, in the folder that RINGFENCE_DATA names.
//
// No row of them stands in this tree. A test that needs one begins with REAL_DATA(path), which skips it with
// the reason where the file is not there.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringfence::test {

// The path of a file of RINGFENCE_DATA; empty, with `why`, where there is none.
inline std::string real_file(std::string_view name, std::string& why) {
    const char* folder = std::getenv("RINGFENCE_DATA");
    if (folder == nullptr || *folder == '\0') {
        why = "RINGFENCE_DATA is not set";
        return {};
    }
    std::string path = std::string(folder) + "/" + std::string(name);
    if (std::ifstream(path)) return path;
    why = path + " is not there";
    return {};
}

#define RINGFENCE_REAL_FILE(variable, name)                                          \
    std::string variable##_why;                                                      \
    const std::string variable = ::ringfence::test::real_file(name, variable##_why); \
    if (variable.empty()) GTEST_SKIP() << variable##_why

// A message and what its publisher says it is.
struct Labelled {
    std::string label;
    std::string text;
};

// What a command of the shell prints; empty, with `why`, where it fails.
inline std::string output_of(const std::string& command, std::string& why) {
    FILE* const pipe = ::popen(command.c_str(), "r");
    std::string all;
    char block[65536];
    for (std::size_t got = 0;
         pipe != nullptr && (got = std::fread(block, 1, sizeof block, pipe)) > 0;)
        all.append(block, got);
    if (pipe != nullptr && ::pclose(pipe) == 0) return all;
    why = "this failed: " + command;
    return {};
}

// Columns of the rows of a corpus, `<folder>/dev.tsv.xz`, without its header: label, text, and what follows.
// Empty, with `why`, where it cannot be read.
inline std::vector<std::vector<std::string>> corpus_rows(std::string_view name, std::string& why) {
    const std::string path = real_file(std::string(name) + "/dev.tsv.xz", why);
    if (path.empty()) return {};
    const std::string all = output_of("xz -dc '" + path + "'", why);
    std::vector<std::vector<std::string>> rows;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = std::min(all.find('\n', at), all.size());
        std::string_view line = std::string_view(all).substr(at, end - at);
        const bool header = at == 0;
        at = end + 1;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (header) continue;
        auto& columns = rows.emplace_back();
        for (std::size_t tab = 0; tab != line.npos; line.remove_prefix(tab + 1)) {
            tab = line.find('\t');
            columns.emplace_back(line.substr(0, tab));
            if (tab == line.npos) break;
        }
    }
    if (rows.empty()) why += "; is xz installed?";
    return rows;
}

inline std::vector<Labelled> labelled_messages(std::string_view name, std::string& why) {
    std::vector<Labelled> messages;
    for (auto& columns : corpus_rows(name, why))
        if (columns.size() >= 2) messages.push_back({std::move(columns[0]), std::move(columns[1])});
    return messages;
}

}  // namespace ringfence::test
