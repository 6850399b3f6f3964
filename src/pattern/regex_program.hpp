// regex_program.hpp - where the program that compiles regular expressions is looked for.
//
//     a program holds this code            ITS FOLDER/../libexec/ringfence     what /proc/self/exe says, and never the name
//                                                                              that it was called by
//     a shared library holds it            ITS FOLDER/kLibexec                 as installed: ../libexec/ringfence from lib
//     either, in the folder of a build     ITS FOLDER
//
// and nowhere else: whoever can write there can replace the library itself.
#pragma once

#include <string>

namespace ringfence::pattern {

// From the folder of shared libraries to that of such programs, as the build installs them.
#ifdef RINGFENCE_LIBEXEC
inline constexpr const char* kLibexec = RINGFENCE_LIBEXEC;
#else
inline constexpr const char* kLibexec = "../libexec/ringfence";
#endif

// The program beside `file`, a path from the root without links: in its folder, or in `libexec` seen from there, which goes
// up with "../" alone. Empty where there is none. Threads: any thread.
std::string regex_program_beside(const std::string& file, std::string libexec);

}  // namespace ringfence::pattern
