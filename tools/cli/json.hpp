// json.hpp - JSON whose members stay in the order in which they were set.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ringfence::cli {

using Json = nlohmann::ordered_json;

// On one line, without its end. Octets that are not UTF-8 are replaced.
inline std::string one_line(const Json& object) {
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace ringfence::cli
