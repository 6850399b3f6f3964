#include "tests/base/source_folder.hpp"

namespace ringfence::test {

std::string source_folder() { return RINGFENCE_SOURCE_FOLDER "/"; }

}  // namespace ringfence::test
