#include "src/text/top_level.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "src/kernel/marks_kernel.hpp"
#include "src/text/data/tld_data.hpp"

namespace ringfence {
namespace {

constexpr std::size_t kMostPacked = 12;
constexpr unsigned kTableBits = 12;

constexpr std::uint64_t packed(std::uint64_t name, unsigned letter) { return name << 5 | letter; }

constexpr std::size_t place_of(std::uint64_t name) {
    return name * 0x9E3779B97F4A7C15u >> (64 - kTableBits);
}

constexpr std::array<std::uint64_t, std::size_t{1} << kTableBits> kTable = [] {
    static_assert(3 * tld_data::kNames.size() < std::size_t{1} << kTableBits);
    std::array<std::uint64_t, std::size_t{1} << kTableBits> table{};
    for (const std::string_view text : tld_data::kNames) {
        if (text.size() > kMostPacked) continue;
        std::uint64_t name = 0;
        for (const char c : text) name = packed(name, static_cast<unsigned>(c - 'a' + 1));
        std::size_t place = place_of(name);
        while (table[place] != 0) place = (place + 1) % table.size();
        table[place] = name;
    }
    return table;
}();

bool is_long_name(std::u16string_view label) {
    std::array<char, kMaxLabel> name{};
    for (std::size_t i = 0; i < label.size(); ++i) {
        if (!kernel::is_lower(label[i])) return false;
        name[i] = static_cast<char>(label[i]);
    }
    return std::ranges::binary_search(tld_data::kNames,
                                      std::string_view(name.data(), label.size()));
}

bool is_foreign_name(std::u16string_view label) {
    if (label[0] >= tld_data::kScriptNames.front()[0])
        return std::ranges::binary_search(tld_data::kScriptNames, label);
    return label.starts_with(u"xn--") &&
           std::ranges::all_of(label, [](char16_t c) { return kernel::is_alnum(c) || c == u'-'; });
}

}  // namespace

bool is_top_level(std::u16string_view label) {
    if (label.size() < 2 || label.size() > kMaxLabel) return false;
    if (label.size() > kMostPacked) return is_foreign_name(label) || is_long_name(label);
    std::uint64_t name = 0;
    for (const char16_t c : label) {
        const unsigned letter = static_cast<unsigned>(c) - u'a';
        if (letter > 25) return is_foreign_name(label);
        name = packed(name, letter + 1);
    }
    std::size_t place = place_of(name);
    while (kTable[place] != 0 && kTable[place] != name) place = (place + 1) % kTable.size();
    return kTable[place] == name;
}

}  // namespace ringfence
