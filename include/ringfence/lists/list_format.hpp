// list_format.hpp - the shapes in which list files come.
//
//     csv            number,kind,action,category,expires,source,since,confidence      list_reader.hpp
//     lines          one entry a line: a number, a range, a pattern; a line that begins with '#' or ';' is none
//                        +33 6 39 98 00 01
//                        0639980000-0639980099       also "first..last", "first,last", "first;last"
//                        33162######   0162*
//     patterns       lines, or a JSON array of objects with "pattern", or "start" and "end"; "operator_name" or
//                    "source" says who
//     phoneblock     lines, or PhoneBlock's JSON: objects with "phone", "votes", "rating"
//     secfilter      of Kamailio's secfilter: callers that it blocks (action 0) or lets pass (action 1), domains as well;
//                    an SQL dump with the table secfilter, or what the RPC command secfilter.print prints
//     secfilter-dst  the destinations of the same (action 2)
//     htable         the names in a hash table of Kamailio's htable: an SQL dump with the table htable, or any
//                    that it gives the columns key_name and key_value; or what the RPC
//                    command htable.dump prints, as kamcmd or as JSON
//
// Any may be compressed by zstd. What a format holds that no list can (user agents, IP addresses, countries;
// numbers that a crowd found honest) is passed over and counted; what should be a number and is none is a bad row.
// So is a dump that ends inside a statement, and a file of JSON or of kamcmd that ends inside its brackets; an entry in it counts when its own bracket closes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ringfence {

enum class ListFormat : std::uint8_t {
    kCsv = 0,
    kLines = 1,
    kPatterns = 2,
    kPhoneBlock = 3,
    kSecfilter = 4,
    kSecfilterDst = 5,
    kHtable = 6,
};
inline constexpr std::array<std::string_view, 7> kListFormatNames = {
    "csv", "lines", "patterns", "phoneblock", "secfilter", "secfilter-dst", "htable"};

// Threads: any thread.
constexpr std::string_view name_of(ListFormat format) {
    return kListFormatNames[static_cast<std::size_t>(format)];
}
std::optional<ListFormat> list_format_from_name(std::string_view name);

}  // namespace ringfence
