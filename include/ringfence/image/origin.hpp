// origin.hpp - whether an image is still the one of a policy's list files.
//
// An image stands in place of files, so it must not outlive them in silence. It keeps, for each list, how the policy had
// its rows read and what its file was like; both are compared before the image is used:
//
//     lists in the policy's order, by id and country      else: made for other lists
//     what [[list]] says about reading rows                else: read in another way
//     the file: its size and its date, or its octets       else: older than the file
//
// A file of the same size and date counts as the same, as make and rsync have it. One of the same size with another date,
// as copying leaves it, is read once and its hash compared. What a list means (action, risk, shadow and the like) is not
// compared: an image outlives changes of it. Any difference is an error: an old list that loads in silence is worse than a
// start that says what to do.
#pragma once

#include "ringfence/base/result.hpp"
#include "ringfence/image/image.hpp"
#include "ringfence/image/shared_image.hpp"
#include "ringfence/policy/policy.hpp"

namespace ringfence {

// How the list is read and what its file is now; the whole file is read. A list without a file, or whose file is absent, has none. Fails with
// kUnreadable. Threads: any thread.
Result<ImageOrigin> origin_of(const PolicyList& list);

// Whether the list's file still has the size and date of `origin`. Threads: any thread.
bool unchanged(const PolicyList& list, const ImageOrigin& origin);

// Whether `image` is of the policy's lists and of their files as they lie now. Fails with kRefused at the policy's `image` line: the
// text says which list differs, and in what. Threads: any thread.
Status check_origins(const Image& image, const Policy& policy);

// How the list is read, without its file: what lists in shared memory are known by. Threads: any thread.
ImageOrigin declared(const PolicyList& list);

// Whether `shared`, of `where`, are the policy's lists, declared as it declares them; their files are not looked at. Fails with kRefused.
// Threads: any thread.
Status check_declared(const SharedLists& shared, const std::string& where, const Policy& policy);

}  // namespace ringfence
