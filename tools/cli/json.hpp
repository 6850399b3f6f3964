// json.hpp - JSON whose members stay in the order in which they were set.
#pragma once

#include <nlohmann/json.hpp>

namespace ringfence::cli {

using Json = nlohmann::ordered_json;

}  // namespace ringfence::cli
