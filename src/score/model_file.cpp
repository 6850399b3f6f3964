// model_file.cpp - a model as octets, and back.
//
//      0  "rfscore", 0         24  view    40  scale       64  checksum of all but itself
//      8  version              28  bits    48  spam        72  zeros
//     12  features             32  bias    52  ham         80  2^bits weights
//     16  octets of the file               56  seed
//
// Numbers are little-endian, bias and scale of IEEE 754 in 64 bits. A change of what grams are, or of what their places
// are, is another number of features.
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ringfence/score/model.hpp"
#include "ringfence/source/file.hpp"
#include "ringfence/source/fresh_file.hpp"

namespace ringfence {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::array<char, 8> kMagic = {'r', 'f', 's', 'c', 'o', 'r', 'e', '\0'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kFeatures = 1;

struct Header {
    std::array<char, 8> magic = kMagic;
    std::uint32_t version = kVersion;
    std::uint32_t features = kFeatures;
    std::uint64_t file_bytes = 0;
    std::uint32_t view = 0;
    std::uint32_t bits = 0;
    double bias = 0;
    double scale = 0;
    std::uint32_t spam = 0;
    std::uint32_t ham = 0;
    std::uint64_t seed = 0;
    std::uint64_t checksum = 0;
    std::uint64_t zeros = 0;
};
static_assert(sizeof(Header) == ScoreModel::kHeaderBytes && alignof(Header) == 8);

// Of all octets, as if the checksum's own were zero.
std::uint64_t checksum_of(const Header& header, std::string_view weights) {
    Header blank = header;
    blank.checksum = 0;
    const std::uint64_t of_header = XXH3_64bits(&blank, sizeof blank);
    return XXH3_64bits_withSeed(weights.data(), weights.size(), of_header);
}

}  // namespace

std::string ScoreModel::to_bytes() const {
    Header header;
    const std::size_t weights = (parts_.weights.size() - 1) * sizeof(std::int16_t);
    header.file_bytes = sizeof header + weights;
    header.view = static_cast<std::uint32_t>(parts_.view);
    header.bits = parts_.bits;
    header.bias = parts_.bias;
    header.scale = parts_.scale;
    header.spam = parts_.spam;
    header.ham = parts_.ham;
    header.seed = parts_.seed;
    std::string octets(sizeof header + weights, '\0');
    std::memcpy(octets.data() + sizeof header, parts_.weights.data(), weights);
    header.checksum = checksum_of(header, std::string_view(octets).substr(sizeof header));
    std::memcpy(octets.data(), &header, sizeof header);
    return octets;
}

Result<ScoreModel> ScoreModel::from_bytes(std::string_view octets, const std::string& name) {
    const auto damaged = [&](const std::string& what) {
        return Error::at(ErrorCode::kSyntax, name, 0,
                         what + "; train the model again, or copy it again");
    };
    if (octets.size() < sizeof(Header))
        return damaged("has " + std::to_string(octets.size()) +
                       " octets, fewer than the header of a model");
    Header header;
    std::memcpy(&header, octets.data(), sizeof header);
    if (header.magic != kMagic) return damaged("is no model of ringfence train");
    if (header.version != kVersion || header.features != kFeatures)
        return Error::at(ErrorCode::kUnsupported, name, 0,
                         "is a model of version " + std::to_string(header.version) + "." +
                             std::to_string(header.features) +
                             ", and this is read here: 1.1; train the model again");
    if (header.file_bytes != octets.size())
        return damaged("has " + std::to_string(octets.size()) + " octets, and says that it has " +
                       std::to_string(header.file_bytes));
    if (header.checksum != checksum_of(header, octets.substr(sizeof header)))
        return damaged("does not have its checksum");
    if (header.zeros != 0) return damaged("has something where there are zeros");
    if (header.bits > kMostBits) return damaged("there are not 2^8 to 2^20 weights");
    if (octets.size() - sizeof header != sizeof(std::int16_t) << header.bits)
        return damaged("does not have as many weights as it says");
    ScoreParts parts;
    if (header.view > static_cast<std::uint32_t>(View::kDense))
        return damaged("the view is neither light nor dense");
    parts.view = static_cast<View>(header.view);
    parts.bits = header.bits;
    parts.bias = header.bias;
    parts.scale = header.scale;
    parts.spam = header.spam;
    parts.ham = header.ham;
    parts.seed = header.seed;
    parts.weights.resize(std::size_t{1} << header.bits);
    std::memcpy(parts.weights.data(), octets.data() + sizeof header,
                parts.weights.size() * sizeof(std::int16_t));
    auto model = of(std::move(parts));
    if (!model) return damaged(model.error().text);
    return model;
}

Result<ScoreModel> ScoreModel::load(const std::string& path) {
    constexpr std::size_t kMost = kHeaderBytes + (sizeof(std::int16_t) << kMostBits);
    const auto octets = read_file(path, kMost);
    if (!octets) return octets.error();
    return from_bytes(*octets, path);
}

Status ScoreModel::save(const std::string& path) const {
    auto fresh = FreshFile::beside(path, 0666, FreshFile::OldMode::kKept);
    if (!fresh) return fresh.error();
    auto file = fresh->output();
    if (!file) return file.error();
    if (auto status = file->write(to_bytes()); !status) return status;
    if (auto status = file->close(); !status) return status;
    return fresh->put_in_place();
}

}  // namespace ringfence
