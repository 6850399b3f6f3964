// catalogue.hpp - the lists, sub-lists and origins of an image without its tables.
#pragma once

#include <string>

#include "ringfence/image/image.hpp"

namespace ringfence::image {

// An image whose tables are empty, to be read by Image::from_bytes, which checks it. Some 2 KB and the lists' names. Fails as write_image does.
// Threads: any thread.
Result<std::string> catalogue_of(const ImageContents& contents);

}  // namespace ringfence::image
