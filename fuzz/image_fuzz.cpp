// Whatever the octets: an image is refused with a place and a remedy, or every answer it gives is well-formed and it
// takes changes. Once as they come, once with size and checksums made right, as who wants to do damage would. What was
// read is written down again in one way: reading that gives the same lists and tables.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

#include "image/answers.hpp"
#include "image/sample.hpp"

namespace {

using namespace ringfence;

void require(bool holds, std::string_view what) {
    if (holds) return;
    std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

// The octets that writing the image down gives; none when its entries are refused.
std::string written(const Image& image, const std::string& path) {
    const auto entries = image.entries();
    if (!entries) {
        require(entries.error().text.starts_with("x.rft: "), entries.error().text);
        return {};
    }
    const Status wrote = write_image(path, {image.tables(), image.sub_lists(), entries->book,
                                            image.lists(), image.serial(), image.origins()});
    require(static_cast<bool>(wrote), "an image that was read cannot be written");
    auto octets = read_file(path, std::size_t{1} << 30u);
    require(static_cast<bool>(octets), "an image that was written cannot be read");
    return *std::move(octets);
}

void check(const std::string& octets, const std::string& path) {
    const auto image = Image::from_bytes(octets, "x.rft");
    if (!image) {
        const Error& error = image.error();
        require(error.text.starts_with("x.rft: ") && error.text.find("; ") != error.text.npos,
                error.text);
        return;
    }
    const std::string again = written(*image, path);
    if (!again.empty()) {
        const auto second = Image::from_bytes(again, "x.rft");
        require(static_cast<bool>(second), "an image written of one that was read is refused");
        require(second->lists() == image->lists() && second->origins() == image->origins() &&
                    second->tables().numbers->size() == image->tables().numbers->size() &&
                    second->tables().keys->size() == image->tables().keys->size(),
                "an image written of one that was read says something else");
        require(written(*second, path) == again, "there are two ways to write an image down");
    }
    std::mt19937_64 random(octets.size());
    const std::string fault = sample::fault_in_answers(*image, random);
    require(fault.empty(), fault);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const sample::Folder folder;
    const std::string path = folder / "lists.rft";
    std::string octets(reinterpret_cast<const char*>(data), size);
    check(octets, path);
    sample::put(octets, sample::kFileBytesAt, std::uint64_t{octets.size()});
    sample::repair(octets);
    check(octets, path);
    return 0;
}
