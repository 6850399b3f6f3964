// foreign_rows.cpp - which reader a list needs that another program wrote: by its format, and by how it begins.
#include <algorithm>
#include <optional>
#include <string>

#include "src/lists/foreign_shapes.hpp"

namespace ringfence {
namespace {

// What the file begins with, which tells the shape within a format.
enum class Shape : std::uint8_t { kLines, kJson, kSql, kPrint, kBraces };

Shape shape_of(std::string_view head, ListFormat format) {
    if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
    const std::size_t at = head.find_first_not_of(" \t\r\n");
    const std::string_view rest =
        at == std::string_view::npos ? std::string_view{} : head.substr(at);
    const bool database = format == ListFormat::kSecfilter || format == ListFormat::kSecfilterDst ||
                          format == ListFormat::kHtable;
    if (format == ListFormat::kLines) return Shape::kLines;
    if (rest.starts_with('{') || rest.starts_with('[')) {
        if (format == ListFormat::kHtable) {
            const std::size_t inner = rest.find_first_not_of(" \t\r\n{[", 1);
            if (inner != std::string_view::npos && rest[inner] != '"') return Shape::kBraces;
        }
        if (format != ListFormat::kSecfilter && format != ListFormat::kSecfilterDst)
            return Shape::kJson;
        return Shape::kPrint;  // "[+] Blacklisted"
    }
    if (!database) return Shape::kLines;
    if (format == ListFormat::kHtable) return Shape::kSql;
    return rest.find("INSERT") == std::string_view::npos &&
                   rest.find("insert") == std::string_view::npos &&
                   rest.find("[+]") != std::string_view::npos
               ? Shape::kPrint
               : Shape::kSql;
}

}  // namespace

std::optional<ListFormat> list_format_from_name(std::string_view name) {
    const auto at = std::find(kListFormatNames.begin(), kListFormatNames.end(), name);
    if (at == kListFormatNames.end()) return {};
    return static_cast<ListFormat>(at - kListFormatNames.begin());
}

Result<std::unique_ptr<ForeignRows>> ForeignRows::open(const std::string& path, ListFormat format,
                                                       const InputOptions& input,
                                                       const std::string_view* text) {
    constexpr std::size_t kHead = 4'096;
    std::string head;
    std::optional<ByteReader> bytes;
    if (text != nullptr) {
        head = text->substr(0, kHead);
        bytes.emplace(*text);
    } else {
        auto file = InputFile::open(path, input);
        if (!file) return file.error();
        bytes.emplace(std::move(*file));
        head = bytes->head(kHead);
    }
    switch (shape_of(head, format)) {
        case Shape::kLines: return line_rows(std::move(*bytes), path);
        case Shape::kJson: return json_rows(std::move(*bytes), path, format);
        case Shape::kSql: return sql_rows(std::move(*bytes), path, format);
        case Shape::kPrint: return secfilter_print_rows(std::move(*bytes), path, format);
        case Shape::kBraces: return kamcmd_rows(std::move(*bytes), path);
    }
    return line_rows(std::move(*bytes), path);
}

}  // namespace ringfence
