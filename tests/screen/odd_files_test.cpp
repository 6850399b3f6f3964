// What is no file in the place of one that a policy names: a load that would wait for it, or read it without end, refuses it.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ringfence/screen/compile.hpp"
#include "ringfence/source/file.hpp"
#include "tests/score/sample_model.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

namespace fs = std::filesystem;
using test::sms;

class OddFiles : public testing::Test {
protected:
    OddFiles() {
        folder_.write("policy.toml", kPolicy);
        folder_.write("fraud.csv", "number\n13800001111\n");
        folder_.write("lines.txt", "13800003333\n");
        folder_.write("known.csv",
                      "id,text\nfee,\"Your parcel is held, pay the fee of 1.99 today\"\n");
        folder_.write("senders.csv", "sender\nMyShop\n");
        folder_.write("words.toml", "[alias]\nprize = [\"prize\"]\n");
        folder_.write("rules.toml", R"([pack]
id = "test"
data = ["words.toml"]
[[rule]]
id = "test.prize"
category = "fake_shopping"
action = "hold"
text = ["claimyour@prize"]
must_match = ["claim your prize"]
)");
        EXPECT_TRUE(
            test::made(test::sample_parts({{u"pri", 8'000}})).save(folder_.path("messages.model")));
    }

    struct Odd {
        const char* is;
        std::function<void(const std::string& path)> make;
    };
    static std::vector<Odd> odd_ones() {
        return {{"is a pipe; name a file",
                 [](const std::string& path) { ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); }},
                {"is a device; name a file",
                 [](const std::string& path) { fs::create_symlink("/dev/zero", path); }},
                {"is a socket; name a file",
                 [](const std::string& path) {
                     sockaddr_un name{};
                     name.sun_family = AF_UNIX;
                     ASSERT_LT(path.size(), sizeof name.sun_path);
                     path.copy(name.sun_path, path.size());
                     const FileDescriptor bound(::socket(AF_UNIX, SOCK_STREAM, 0));
                     ASSERT_EQ(
                         ::bind(bound.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name),
                         0);
                 }},
                {"is a directory; name a file",
                 [](const std::string& path) { fs::create_directory(path); }}};
    }

    static bool held(Screen& screen) {
        return screen.session()
                   .screen(sms("13800009999", "13800002222", "claim your prize"))
                   .action == Action::kHold;
    }

    // Each of the odd ones in the place of `file`: refused by a reload, which keeps the last good state, and by an open
    // that finds it. The texts begin with `place`.
    void expect_refused(const std::string& file, const std::string& place,
                        const char* policy = "policy.toml") {
        SCOPED_TRACE(file);
        auto screen = Screen::open(folder_.path(policy), {});
        ASSERT_TRUE(screen) << screen.error().text;
        const std::string kept = folder_.path(file + ".kept");
        fs::rename(folder_.path(file), kept);
        for (const Odd& odd : odd_ones()) {
            odd.make(folder_.path(file));
            const Status reloaded = screen->reload();
            ASSERT_FALSE(reloaded) << odd.is;
            EXPECT_EQ(reloaded.error().code, ErrorCode::kUnreadable);
            EXPECT_EQ(reloaded.error().text, place + odd.is);
            EXPECT_TRUE(held(*screen));
            EXPECT_EQ(screen->generation(), 1u);
            const auto opened = Screen::open(folder_.path(policy), {});
            ASSERT_FALSE(opened) << odd.is;
            EXPECT_EQ(opened.error().text, place + odd.is);
            fs::remove_all(folder_.path(file));
        }
        // A link to a file is as good as the file.
        fs::create_symlink(kept, folder_.path(file));
        const Status linked = screen->reload();
        EXPECT_TRUE(linked) << linked.error().text;
        fs::remove(folder_.path(file));
        fs::rename(kept, folder_.path(file));
    }
    std::string named_at(unsigned line, const std::string& file,
                         const std::string& policy = "policy.toml") const {
        return folder_.path(policy) + ":" + std::to_string(line) + ": '" + folder_.path(file) +
               "' ";
    }

    static constexpr const char* kPolicy = R"([screen]
country = "CN"
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
[[list]]
id = "lines"
file = "lines.txt"
format = "lines"
action = "reject"
[[templates]]
id = "known"
file = "known.csv"
action = "tag"
[senders]
file = "senders.csv"
[[patterns]]
file = "rules.toml"
[score]
model = "messages.model"
)";
    test::PolicyFolder folder_;
};

TEST_F(OddFiles, are_refused_as_lists) {
    expect_refused("fraud.csv", named_at(3, "fraud.csv"));
    expect_refused("lines.txt", named_at(7, "lines.txt"));
}

TEST_F(OddFiles, are_refused_as_templates_senders_rules_and_model) {
    expect_refused("known.csv", named_at(14, "known.csv"));
    expect_refused("senders.csv", named_at(17, "senders.csv"));
    expect_refused("rules.toml", named_at(19, "rules.toml"));
    expect_refused("words.toml", named_at(3, "words.toml", "rules.toml"));
    expect_refused("messages.model", named_at(21, "messages.model"));
}

TEST_F(OddFiles, are_refused_as_the_policy) {
    expect_refused("policy.toml", folder_.path("policy.toml") + ": ");
}

TEST_F(OddFiles, are_refused_as_an_image) {
    const std::string text = kPolicy;
    folder_.write("image.toml",
                  "[screen]\nimage = \"lists.rft\"\n" + text.substr(text.find('\n') + 1));
    const auto compiled = compile_lists(folder_.path("image.toml"), "", {});
    ASSERT_TRUE(compiled) << compiled.error().text;
    expect_refused("lists.rft", named_at(2, "lists.rft", "image.toml"), "image.toml");
}

// What is checked is what is opened: whatever stands there by then, opening it waits for nothing.
TEST_F(OddFiles, are_refused_as_a_journal) {
    folder_.write("policy.toml", std::string(kPolicy).insert(9, "journal = \"live.journal\"\n"));
    ASSERT_TRUE(Screen::open(folder_.path("policy.toml"), {})) << "with a good one";
    fs::remove(folder_.path("live.journal"));
    for (const Odd& odd : odd_ones()) {
        odd.make(folder_.path("live.journal"));
        for (const bool read_only : {false, true}) {
            ScreenOptions options;
            options.read_only = read_only;
            const auto screen = Screen::open(folder_.path("policy.toml"), options);
            ASSERT_FALSE(screen) << odd.is;
            EXPECT_NE(screen.error().text.find("live.journal"), std::string::npos)
                << odd.is << ": " << screen.error().text;
        }
        fs::remove_all(folder_.path("live.journal"));
    }
}

}  // namespace
}  // namespace ringfence
