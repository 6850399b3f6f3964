// corpus.hpp - labelled messages of the development corpora (RINGFENCE_DATA), for precision and recall.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringfence::testing {

struct Labelled {
    std::string label;
    std::string text;
};

// The rows of RINGFENCE_DATA/<name>/dev.tsv.xz; nothing without the variable, the file or xz.
inline std::optional<std::vector<Labelled>> read_corpus(const std::string& name) {
    const char* root = std::getenv("RINGFENCE_DATA");
    if (!root) return std::nullopt;
    const std::string path = std::string(root) + "/" + name + "/dev.tsv.xz";
    if (!std::ifstream(path)) return std::nullopt;
    const std::string command = "xz -dc '" + path + "'";
    const auto close = [](FILE* pipe) { ::pclose(pipe); };
    const std::unique_ptr<FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
    if (!pipe) return std::nullopt;
    std::vector<Labelled> rows;
    char* line = nullptr;
    std::size_t room = 0;
    bool header = true;
    for (ssize_t n = 0; (n = ::getline(&line, &room, pipe.get())) > 0;) {
        std::string_view row(line, static_cast<std::size_t>(n));
        while (!row.empty() && (row.back() == '\n' || row.back() == '\r')) row.remove_suffix(1);
        const std::size_t tab = row.find('\t');
        if (!header && tab != std::string_view::npos) {
            std::string_view text = row.substr(tab + 1);
            text = text.substr(0, text.find('\t'));
            rows.push_back({std::string(row.substr(0, tab)), std::string(text)});
        }
        header = false;
    }
    std::free(line);
    if (rows.empty()) return std::nullopt;
    return rows;
}

// A row of zh-fbs-sms as a message again: the blanks between words go, and something of the kind stands
// where its authors wrote CELLPHONE, URL and the like.
inline std::string restore_fbs(std::string text) {
    static const std::vector<std::pair<std::string, std::string>> kMarks = {
        {"CELLPHONE", "13800001234"},
        {"PHONE", "4000000000"},
        {"URL", " http://a1b2.cn/x "},
        {"WECHAT", "wx8899"},
        {"DIGIT", "5000"},
        {"QQ", "88990011"},
        {"NAME", "\xE5\xBC\xA0\xE4\xB8\x89"},
        {"PLACE", "\xE5\x8C\x97\xE4\xBA\xAC"}};
    std::erase(text, ' ');
    for (const auto& [mark, meant] : kMarks) {
        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;
             at += meant.size()) {
            text.replace(at, mark.size(), meant);
        }
    }
    return text;
}

}  // namespace ringfence::testing
