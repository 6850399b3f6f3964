// source_folder.hpp - where the project's own files lie, for tests that read them.
#pragma once

#include <string>

namespace ringfence::test {

// The root of the source tree, with a slash behind.
std::string source_folder();

}  // namespace ringfence::test
