// Rows of the corpora that RINGFENCE_DATA names; a test skips with the reason when they are not there.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace ringfence::test {

// Column `column` of every row of DATA/name/dev.tsv.xz but its header. Empty with `why` set when it
// cannot be read.
inline std::vector<std::string> corpus(std::string_view name, std::size_t column,
                                       std::string& why) {
    const char* data = std::getenv("RINGFENCE_DATA");
    if (data == nullptr || *data == '\0') {
        why = "RINGFENCE_DATA is not set";
        return {};
    }
    const std::string path = std::string(data) + "/" + std::string(name) + "/dev.tsv.xz";
    std::FILE* pipe = popen(("xz -dc '" + path + "' 2>/dev/null").c_str(), "r");
    if (pipe == nullptr) {
        why = "xz cannot be started";
        return {};
    }
    std::string all;
    char block[65536];
    for (std::size_t got = 0; (got = std::fread(block, 1, sizeof block, pipe)) > 0;) {
        all.append(block, got);
    }
    pclose(pipe);
    if (all.empty()) why = path + " cannot be read";
    std::vector<std::string> rows;
    bool header = true;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = std::min(all.find('\n', at), all.size());
        std::string_view line = std::string_view(all).substr(at, end - at);
        at = end + 1;
        if (header) {
            header = false;
            continue;
        }
        for (std::size_t i = 0; i < column; ++i) {
            const std::size_t tab = line.find('\t');
            line.remove_prefix(tab == line.npos ? line.size() : tab + 1);
        }
        rows.emplace_back(line.substr(0, line.find('\t')));
    }
    return rows;
}

}  // namespace ringfence::test
