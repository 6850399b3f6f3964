// Images as files: published whole or not at all, and what an image of version 1 holds.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/source_folder.hpp"
#include "image/sample.hpp"

namespace ringfence {
namespace {

using sample::Folder;

TEST(ImageFile, is_read_back_and_replaced_whole) {
    const Folder folder;
    const auto made = sample::fiction();
    ASSERT_TRUE(write_image(folder / "a.rft", made.contents(1)));
    ASSERT_TRUE(write_image(folder / "a.rft", made.contents(2)));
    const auto image = Image::read(folder / "a.rft");
    ASSERT_TRUE(image) << image.error().text;
    EXPECT_EQ(image->serial(), 2u);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a.rft"});
    struct stat about = {};
    ASSERT_EQ(::stat((folder / "a.rft").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777u, 0600u);
}

TEST(ImageFile, a_disk_that_is_full_leaves_the_old_image) {
    const Folder folder;
    const auto made = sample::fiction();
    ASSERT_TRUE(write_image(folder / "a.rft", made.contents(1)));
    // A limit on the size of files stands in for a full disk.
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
    rlimit tight = old;
    tight.rlim_cur = 10'000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto wrote = write_image(folder / "a.rft", made.contents(2));
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, before);
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().code, ErrorCode::kUnwritable);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"a.rft"});
    const auto image = Image::read(folder / "a.rft");
    ASSERT_TRUE(image);
    EXPECT_EQ(image->serial(), 1u);
}

TEST(ImageFile, says_where_it_cannot_write) {
    const Folder folder;
    const auto made = sample::fiction();
    const auto nowhere = write_image(folder / "none/a.rft", made.contents());
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::kUnwritable);
    std::filesystem::create_directory(folder / "taken");
    const auto taken = write_image(folder / "taken", made.contents());
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().text.find("taken: is a directory"), std::string::npos);
    EXPECT_EQ(folder.names(), std::vector<std::string>{"taken"});
    const auto device = write_image("/dev/full/a.rft", made.contents());
    ASSERT_FALSE(device);
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    std::filesystem::permissions(
        folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    const auto locked = write_image(folder / "a.rft", made.contents());
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().code, ErrorCode::kUnwritable);
}

TEST(ImageFile, what_is_no_image_is_told) {
    const Folder folder;
    for (const auto& [path, code] : {std::pair{folder / "absent", ErrorCode::kUnreadable},
                                     {folder.path(), ErrorCode::kUnreadable},
                                     {std::string("/dev/zero"), ErrorCode::kUnreadable}}) {
        const auto image = Image::read(path);
        ASSERT_FALSE(image) << path;
        EXPECT_EQ(image.error().code, code) << image.error().text;
    }
    ASSERT_TRUE(write_file(folder / "list.csv", "number\n" + std::string(200, '1')));
    const auto list = Image::read(folder / "list.csv");
    ASSERT_FALSE(list);
    EXPECT_NE(list.error().text.find("is no image"), std::string::npos);
}

TEST(ImageFile, lists_that_are_not_those_of_the_tables_are_refused) {
    const Folder folder;
    auto made = sample::fiction();
    made.lists.push_back({"third", {}, {}, {}});
    const auto wrote = write_image(folder / "a.rft", made.contents());
    ASSERT_FALSE(wrote);
    EXPECT_EQ(wrote.error().code, ErrorCode::kInvalidArgument);
}

// The file was written when the format was made and never changes: set RINGFENCE_WRITE_SAMPLE to write the first of
// a new version beside it.
TEST(ImageFile, the_committed_image_of_version_1_is_read_and_answers) {
    const std::string path = test::source_folder() + "tests/image/sample_v1.rft";
    const auto made = sample::fiction();
    if (std::getenv("RINGFENCE_WRITE_SAMPLE") != nullptr && !std::filesystem::exists(path)) {
        ASSERT_TRUE(write_image(path, made.contents(1)));
    }
    const auto image = Image::read(path);
    ASSERT_TRUE(image) << image.error().text;
    EXPECT_EQ(image->serial(), 1u);
    EXPECT_EQ(image->lists(), made.lists);
    const TableSet& tables = image->tables();
    EXPECT_EQ(tables.numbers->size(), 30u);
    const auto on = tables.numbers->lists(Number::from_digits("33639980010"));
    EXPECT_EQ(std::vector<ListIndex>(on.begin(), on.end()), (std::vector<ListIndex>{0, 1}));
    EXPECT_TRUE(tables.numbers->lists(Number::from_digits("33639980099")).empty());
    EXPECT_EQ(tables.prefixes->longest_match(Number::from_digits("33639981234")).size(), 2u);
    EXPECT_EQ(tables.prefixes->longest_match(Number::from_digits("33639982100")).size(), 1u);
    EXPECT_EQ(tables.keys->find_domain("a.bad.example").length, 11u);
    const auto entries = image->entries();
    ASSERT_TRUE(entries) << entries.error().text;
    const auto note = entries->book.find(0, Number::from_digits("33639980010"));
    ASSERT_TRUE(note);
    EXPECT_EQ(note->source, "arcep");
    EXPECT_EQ(note->expires, time_from_ms(1'772'366'400'000 + 86'400'000));
}

}  // namespace
}  // namespace ringfence
