// shared_ends.hpp - what lies in an arena beside the tables: which lists there are, and which of their entries end when.
//
//     head | ends of numbers (16 each) | lists of the rest (8 each) | ends of rules | catalogue (catalogue.hpp)
//
// The octets lie where flat tables keep what is their owner's, under its checksum, at a multiple of 64. Whatever they hold,
// reading them gives an error or parts that lie inside.
#pragma once

#include <string>
#include <string_view>

#include "ringfence/image/shared_image.hpp"
#include "ringfence/lists/entry_book.hpp"

namespace ringfence::image {

// Leaves out the last ends of numbers and rules, whichever are later, until the octets are `bytes` fewer at least, or there are none; the lists of what
// was left out stand in `rest`. Threads: one thread per object.
void leave_out(NextEnds& ends, std::uint64_t bytes);

// The octets. Threads: any thread.
std::string about_of(std::string_view catalogue, const NextEnds& ends);

// The catalogue in them, empty when they are damaged. Threads: any thread.
std::string_view catalogue_in(std::string_view about);

// The ends in them, whose numbers stay where they are. Fails with kSyntax. Threads: any thread.
Result<SharedEnds> ends_in(std::string_view about);

}  // namespace ringfence::image
