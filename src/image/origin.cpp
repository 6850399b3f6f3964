#include "ringfence/image/origin.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "src/image/coded.hpp"
#include "src/source/file_error.hpp"
#include "src/source/regular_file.hpp"

namespace ringfence {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

// Persisted: what is added here makes every image that there is one of other lists.
std::uint64_t declaration_of(const PolicyList& list) {
    const ListSource& source = list.source;
    std::string text = source.id;
    text.append(1, '\0').append(list.country.text()).append(1, '\0');
    for (const unsigned value :
         {static_cast<unsigned>(source.file_format), static_cast<unsigned>(source.format.exact),
          unsigned{source.strict}, unsigned{source.wide}, unsigned{source.allows},
          unsigned{source.has_rate}, unsigned{source.has_destination}})
        text.append(std::to_string(value)).append(1, '\0');
    text.append(std::to_string(source.lifetime.value_or(Milliseconds(0)).count())).append(1, '\0');
    return XXH3_64bits(text.data(), text.size());
}

// Size and date; none when the file is not there.
std::optional<ImageOrigin> looked_at(const PolicyList& list) {
    struct stat about = {};
    if (list.source.path.empty() || ::stat(list.source.path.c_str(), &about) != 0) return {};
    ImageOrigin origin;
    origin.has_file = true;
    origin.bytes = static_cast<std::uint64_t>(about.st_size);
    origin.written_ns = about.st_mtim.tv_sec * kSecondNs + about.st_mtim.tv_nsec;
    return origin;
}

Result<std::uint64_t> hash_of(const std::string& path) {
    constexpr std::size_t kPiece = std::size_t{256} << 10u;
    struct stat about = {};
    const auto fd = open_regular(path, about);
    if (!fd) return fd.error();
    std::vector<char> piece(kPiece);
    XXH3_state_t sum;
    XXH3_64bits_reset(&sum);
    for (;;) {
        const ssize_t got = ::read(fd->get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, errno);
        if (got == 0) return std::uint64_t{XXH3_64bits_digest(&sum)};
        XXH3_64bits_update(&sum, piece.data(), static_cast<std::size_t>(got));
    }
}

// What sets the list apart from the one that was read, its file aside; none when nothing does.
std::optional<std::string> declared_otherwise(const PolicyList& list, const ImageList& held,
                                              const ImageOrigin& origin) {
    if (held.id != list.source.id)
        return "has the list '" + held.id + "' where the policy has '" + list.source.id + "'";
    if (held.country == list.country && origin.declaration == declaration_of(list)) return {};
    return "list '" + list.source.id +
           "' was read under another [[list]]: keys, format, country, strict, "
           "wide, authority, rate, destination or automatic differ";
}

// A row's action that its list does not let rows have; none when there is no such.
std::optional<std::string> forbidden_action(const SubLists& sub_lists, const Policy& policy) {
    for (const SubList& sub : sub_lists.all()) {
        const ListSource& source = policy.lists[sub.list].source;
        if ((sub.action == Action::kAllow && !source.allows) ||
            (sub.action == Action::kThrottle && !source.has_rate) ||
            (sub.action == Action::kDivert && !source.has_destination))
            return "has rows of list '" + source.id +
                   "' with an action that its [[list]] does not let them have";
    }
    return {};
}

// What sets the list apart from what the image has of it; none when nothing does.
Result<std::optional<std::string>> difference(const PolicyList& list, const ImageList& held,
                                              const ImageOrigin& origin) {
    using Found = std::optional<std::string>;
    if (auto otherwise = declared_otherwise(list, held, origin)) return Found(*otherwise);
    const std::string name = "list '" + list.source.id + "' ";
    const auto now = looked_at(list);
    const std::string file = name + "is of an older or another '" + list.source.path + "': ";
    if (now.has_value() != origin.has_file)
        return Found(file + (now ? "it was not there then" : "it is not there now"));
    if (!now || (now->bytes == origin.bytes && now->written_ns == origin.written_ns))
        return Found{};
    if (now->bytes != origin.bytes)
        return Found(file + "it has " + std::to_string(now->bytes) + " octets and had " +
                     std::to_string(origin.bytes));
    const auto hash = hash_of(list.source.path);
    if (!hash) return hash.error();
    if (*hash == origin.hash) return Found{};
    return Found(file + "it says something else");
}

}  // namespace

Result<ImageOrigin> origin_of(const PolicyList& list) {
    ImageOrigin origin = looked_at(list).value_or(ImageOrigin{});
    origin.declaration = declaration_of(list);
    if (!origin.has_file) return origin;
    const auto hash = hash_of(list.source.path);
    if (!hash) return hash.error();
    origin.hash = *hash;
    return origin;
}

bool unchanged(const PolicyList& list, const ImageOrigin& origin) {
    const auto now = looked_at(list);
    if (now.has_value() != origin.has_file) return false;
    return !now || (now->bytes == origin.bytes && now->written_ns == origin.written_ns);
}

Status check_origins(const Image& image, const Policy& policy) {
    const auto refuse = [&](const std::string& what) {
        return Error::at(ErrorCode::kRefused, policy.path, policy.image_line,
                         "the image '" + policy.image_path + "' " + what +
                             "; compile it again: ringfence compile " + policy.path);
    };
    if (image.lists().size() != policy.lists.size())
        return refuse("has " + std::to_string(image.lists().size()) +
                      " lists where the policy has " + std::to_string(policy.lists.size()));
    if (image.origins().size() != image.lists().size())
        return refuse("does not say what it was made of");
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const auto found = difference(policy.lists[i], image.lists()[i], image.origins()[i]);
        if (!found) return found.error();
        if (*found) return refuse("is not of these lists: " + **found);
    }
    if (const auto what = forbidden_action(image.sub_lists(), policy)) return refuse(*what);
    return ok();
}

ImageOrigin declared(const PolicyList& list) {
    ImageOrigin origin;
    origin.declaration = declaration_of(list);
    return origin;
}

Status check_declared(const SharedLists& shared, const std::string& where, const Policy& policy) {
    const auto refuse = [&](const std::string& what) {
        return Error::at(ErrorCode::kRefused, policy.path, 0,
                         "the lists of " + where + " are not the policy's: " + what +
                             "; publish them under this policy");
    };
    if (shared.lists.size() != policy.lists.size())
        return refuse("there are " + std::to_string(shared.lists.size()) +
                      " where the policy has " + std::to_string(policy.lists.size()));
    if (shared.origins.size() != shared.lists.size())
        return refuse("it is not said how they were read");
    for (std::size_t i = 0; i < policy.lists.size(); ++i) {
        const auto found = declared_otherwise(policy.lists[i], shared.lists[i], shared.origins[i]);
        if (found) return refuse(*found);
    }
    if (const auto what = forbidden_action(shared.sub_lists, policy)) return refuse(*what);
    return ok();
}

std::string image::encode(std::span<const ImageOrigin> origins) {
    std::string text;
    for (const ImageOrigin& one : origins) {
        Origin origin;
        origin.declaration = one.declaration;
        origin.bytes = one.bytes;
        origin.written_ns = one.written_ns;
        origin.hash = one.hash;
        if (one.has_file) origin.flags = Origin::kHasFile;
        append(text, origin);
    }
    return text;
}

Result<std::vector<ImageOrigin>> image::decode_origins(std::string_view octets, std::size_t lists,
                                                       const std::string& file,
                                                       std::uint64_t offset) {
    const auto fault = [&](std::size_t at, std::string_view what) {
        return error_at(ErrorCode::kSyntax, file, Kind::kOrigins, offset + at, what);
    };
    if (octets.size() != lists * sizeof(Origin))
        return fault(0, "has not one origin for each list");
    std::vector<ImageOrigin> origins;
    Cursor cursor(octets);
    for (Origin one; cursor.take(one);) {
        const bool has_file = one.flags == Origin::kHasFile;
        const bool nothing = one.bytes == 0 && one.written_ns == 0 && one.hash == 0;
        if (one.zero != 0 || one.flags > Origin::kHasFile || (!has_file && !nothing))
            return fault(cursor.at() - sizeof one, "is an origin that makes no sense");
        origins.push_back({one.declaration, has_file, one.bytes, one.written_ns, one.hash});
    }
    return origins;
}

}  // namespace ringfence
