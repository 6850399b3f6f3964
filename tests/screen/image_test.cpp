// A screen opened from an image does what one opened from the files does, whatever comes after.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "ringfence/screen/compile.hpp"
#include "src/screen/loaded_lists.hpp"
#include "tests/base/deep.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using test::call;
using test::counter;
using test::kNoon;
using test::sms;

constexpr std::int64_t kDay = 86'400'000;

// Two policies of the same lists: files.toml reads them, image.toml reads lists.rft.
class ScreenImage : public testing::Test {
protected:
    ScreenImage() {
        for (const bool image : {false, true}) {
            const std::string name = image ? "image" : "files";
            folder_.write(name + ".toml", "[screen]\ncountry = \"FR\"\njournal = \"" + name +
                                              ".journal\"\n" +
                                              (image ? "image = \"lists.rft\"\n" : "") + kLists);
        }
        folder_.write("fraud.csv", fraud(0));
        folder_.write("partners.csv", "number\n0639980003\n0639980004\n");
        folder_.write("hosts.csv",
                      "number,kind,source\nphish.example.com,domain,press\nEXEMPLE,sender,\n");
    }

    // 400 numbers; every rank of `salt` gives another list.
    static std::string fraud(unsigned salt) {
        std::string text = "number,kind,action,category,expires,source,since,confidence\n";
        for (unsigned i = salt; i < 400 + salt; ++i) {
            text += "06399" + std::to_string(80'000 + i) + ",";
            text += i % 7 == 0 ? ",hold," : ",,";
            text += i % 5 == 0 ? "gambling," : ",";
            text += i % 3 == 0 ? "2026-03-0" + std::to_string(2 + i % 7) + "," : ",";
            text += i % 4 == 0 ? "arcep,2026-01-02,80\n" : ",,\n";
        }
        return text + "0162,prefix,,telemarketing,,arcep,,\n" +
               "0639985000..0639985999,range,,,2026-03-04,,,\n";
    }

    Result<CompileReport> compile(CompileListsOptions options = {}) const {
        return compile_lists(folder_.path("image.toml"), "", options);
    }
    Result<Screen> open(const std::string& name) const {
        ScreenOptions options;
        options.seed = 2026;
        options.now = time_from_ms(kNoon);
        return Screen::open(folder_.path(name + ".toml"), options);
    }
    std::string refusal() const {
        const auto screen = open("image");
        return screen ? "" : screen.error().text;
    }

    static constexpr const char* kLists = R"(
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
category = "fraud_card"
party = ["calling", "text"]
max_age_hours = 48
[[list]]
id = "partners"
file = "partners.csv"
action = "allow"
tenant = 7
[[list]]
id = "hosts"
file = "hosts.csv"
keys = "domain"
action = "reject"
automatic = true
)";
    test::PolicyFolder folder_;
};

// What both screens say, and count.
void expect_alike(Screen& files, Screen& image, std::mt19937_64& random) {
    Session of_files = files.session();
    Session of_image = image.session();
    for (unsigned i = 0; i < 200; ++i) {
        std::string caller = "+336399" + std::to_string(80'000 + random() % 600);
        if (i % 10 == 0) caller = "+3316200" + std::to_string(1000 + random() % 9000);
        if (i % 10 == 1) caller = "+33639985" + std::to_string(100 + random() % 900);
        Call one = call(caller.c_str(), "+33639989999");
        one.tenant = i % 4 == 0 ? 7 : 0;
        const Verdict a = of_files.screen(one);
        const Verdict b = of_image.screen(one);
        ASSERT_EQ(a.action, b.action) << caller;
        ASSERT_EQ(a.stage, b.stage) << caller;
        ASSERT_EQ(a.reason, b.reason) << caller;
        ASSERT_EQ(a.rule, b.rule) << caller;
        ASSERT_EQ(files.category(a), image.category(b)) << caller;
        ASSERT_EQ(a.flags, b.flags) << caller;
    }
    for (const char* text : {"voir www.phish.example.com", "appelez +33639980012", "bonjour"}) {
        const Verdict a = of_files.screen(sms("Exemple", "+33639989999", text));
        const Verdict b = of_image.screen(sms("Exemple", "+33639989999", text));
        ASSERT_EQ(a.action, b.action) << text;
        ASSERT_EQ(a.rule, b.rule) << text;
    }
    for (const char* name :
         {"list.fraud.rows", "list.partners.rows", "list.hosts.rows", "tables.numbers",
          "lists.live_changes", "lists.expired", "lists.notes"})
        ASSERT_EQ(counter(files, name), counter(image, name)) << name;
}

std::map<std::pair<ListIndex, std::string>, EntryNote> known(const LoadedLists& loaded) {
    std::map<std::pair<ListIndex, std::string>, EntryNote> all;
    for (ListIndex list = 0; list < loaded.sub_lists.all().size(); ++list) {
        loaded.book.each_rule(list, [&](const ListEntry& entry) {
            const std::string text = std::to_string(static_cast<int>(entry.kind)) + entry.text +
                                     ".." + entry.last + std::to_string(entry.max_length);
            all[{list, text}] = *loaded.book.find(list, entry);
        });
        loaded.book.each_number(list, [&](Number number, const EntryNote& note) {
            all[{list, std::to_string(number.rank())}] = note;
        });
    }
    return all;
}

TEST_F(ScreenImage, holds_what_the_files_say_and_who_says_so) {
    const auto made = compile();
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_EQ(made->rows, 406u);
    EXPECT_EQ(made->numbers, 400u);
    EXPECT_EQ(made->names, 2u);
    EXPECT_EQ(made->bytes, std::filesystem::file_size(folder_.path("lists.rft")));
    const auto policy = Policy::load(folder_.path("image.toml"));
    ASSERT_TRUE(policy);
    const std::map<std::string, std::uint64_t> none;
    const auto files = lists_of_files(*policy, {none});
    const auto image = lists_of_image(*policy, {none});
    ASSERT_TRUE(files) << files.error().text;
    ASSERT_TRUE(image) << image.error().text;
    EXPECT_EQ(files->rows, image->rows);
    EXPECT_EQ(files->written, image->written);
    EXPECT_GT(known(*files).size(), 100u);
    EXPECT_EQ(known(*files), known(*image));
}

TEST_F(ScreenImage, lives_on_as_one_from_files) {
    ASSERT_TRUE(compile());
    constexpr std::uint64_t kSeed = 731;
    SCOPED_TRACE(kSeed);
    std::mt19937_64 random(kSeed);
    auto files = open("files");
    auto image = open("image");
    ASSERT_TRUE(files) << files.error().text;
    ASSERT_TRUE(image) << image.error().text;
    Time now = time_from_ms(kNoon);
    const unsigned steps = test::deep() ? 20'000 : 300;
    for (unsigned i = 0; i < steps; ++i) {
        std::string entry = "+336399" + std::to_string(80'000 + random() % 600);
        if (random() % 8 == 0) entry = "+3316" + std::to_string(2 + random() % 3) + "*";
        ListChange change{.list = random() % 4 == 0 ? "partners" : "fraud", .entry = entry};
        if (random() % 2 == 0) {
            if (random() % 2 == 0) change.expires = now + Milliseconds(random() % kDay);
            change.source = "duty";
            const auto a = files->add(change);
            const auto b = image->add(change);
            ASSERT_EQ(static_cast<bool>(a), static_cast<bool>(b)) << entry;
        } else {
            const auto a = files->remove(change);
            const auto b = image->remove(change);
            ASSERT_EQ(static_cast<bool>(a), static_cast<bool>(b)) << entry;
        }
        if (i % 10 == 0) {
            now += Milliseconds(random() % (kDay / 8));
            ASSERT_TRUE(files->advance(now));
            ASSERT_TRUE(image->advance(now));
        }
        if (i % 60 == 30) {
            ASSERT_TRUE(files->reload());
            ASSERT_TRUE(image->reload());
        }
        if (i % 20 == 0) {
            ASSERT_NO_FATAL_FAILURE(expect_alike(*files, *image, random)) << i;
        }
    }
}

TEST_F(ScreenImage, live_changes_outlive_a_restart_and_a_reconciled_list_asks_for_a_new_image) {
    ASSERT_TRUE(compile());
    std::mt19937_64 random(732);
    for (unsigned round = 0; round < 2; ++round) {
        auto files = open("files");
        auto image = open("image");
        ASSERT_TRUE(files) << files.error().text;
        ASSERT_TRUE(image) << image.error().text;
        ASSERT_NO_FATAL_FAILURE(expect_alike(*files, *image, random));
        for (Screen* screen : {&*files, &*image}) {
            ASSERT_TRUE(screen->add({.list = "fraud", .entry = "+33639980555", .source = "duty"}));
            if (round == 0) {
                ASSERT_TRUE(screen->remove({.list = "fraud", .entry = "+33639980011"}));
            }
            ASSERT_TRUE(screen->add({.list = "hosts", .entry = "evil.example"}));
            ASSERT_TRUE(screen->advance(time_from_ms(kNoon)));
        }
        ASSERT_NO_FATAL_FAILURE(expect_alike(*files, *image, random));
    }
    auto files = open("files");
    auto image = open("image");
    folder_.write("fraud.csv", fraud(100));
    for (Screen* screen : {&*files, &*image}) {
        const auto report = screen->reconcile("fraud");
        ASSERT_TRUE(report) << report.error().text;
        EXPECT_GT(report->removed, 0u);
    }
    ASSERT_NO_FATAL_FAILURE(expect_alike(*files, *image, random));
    // The file is newer than the image: the last good lists stay until it is compiled.
    EXPECT_TRUE(files->reload());
    const auto stale = image->reload();
    ASSERT_FALSE(stale);
    EXPECT_EQ(stale.error().code, ErrorCode::kRefused);
    EXPECT_EQ(counter(*image, "reload.failed"), 1u);
    ASSERT_NO_FATAL_FAILURE(expect_alike(*files, *image, random));
    ASSERT_TRUE(compile());
    EXPECT_TRUE(image->reload());
    ASSERT_NO_FATAL_FAILURE(expect_alike(*files, *image, random));
}

TEST_F(ScreenImage, refuses_an_image_of_other_lists_by_name) {
    EXPECT_EQ(refusal(),
              folder_.path("image.toml") + ":4: the image '" + folder_.path("lists.rft") +
                  "' is not there; compile it: ringfence compile " + folder_.path("image.toml"));
    ASSERT_TRUE(compile());
    EXPECT_EQ(refusal(), "");
    const std::string fraud_csv = folder_.path("fraud.csv");
    const auto says = [&](std::string_view what) {
        const std::string text = refusal();
        EXPECT_NE(text.find(what), text.npos) << text;
        EXPECT_NE(text.find("compile it again: ringfence compile"), text.npos) << text;
    };

    // A copy has another date and says the same.
    std::filesystem::last_write_time(
        fraud_csv, std::filesystem::file_time_type::clock::now() - std::chrono::hours(5));
    EXPECT_EQ(refusal(), "");
    std::string other = fraud(0);
    other[other.find("arcep")] = 'b';
    folder_.write("fraud.csv", other);
    std::filesystem::last_write_time(
        fraud_csv, std::filesystem::file_time_type::clock::now() - std::chrono::hours(6));
    says("list 'fraud' is of an older or another '" + fraud_csv + "': it says something else");
    folder_.write("fraud.csv", fraud(0) + "0639989000,,,,,,,\n");
    says("octets and had");
    folder_.remove("fraud.csv");
    says("it is not there now");
    folder_.write("fraud.csv", fraud(0));
    EXPECT_EQ(refusal(), "");

    const auto rewrite = [&](const std::string& from, const std::string& to) {
        std::string text =
            std::string("[screen]\ncountry = \"FR\"\nimage = \"lists.rft\"\n") + kLists;
        if (!from.empty()) text.replace(text.find(from), from.size(), to);
        folder_.write("image.toml", text);
    };
    // What a list means may change under an image; how it is read, and which lists there are, may not.
    rewrite("action = \"reject\"", "action = \"hold\"\nshadow = true");
    EXPECT_EQ(refusal(), "");
    rewrite("max_age_hours = 48", "wide = true");
    says("list 'fraud' was read under another [[list]]");
    rewrite("tenant = 7", "tenant = 7\nautomatic = true\n[expiry]\nautomatic_days = 60");
    says("list 'partners' was read under another [[list]]");
    rewrite("id = \"partners\"", "id = \"friends\"");
    says("has the list 'partners' where the policy has 'friends'");
    rewrite(
        "[[list]]\nid = \"partners\"",
        "[[list]]\nid = \"more\"\nfile = \"m.csv\"\naction = \"tag\"\n[[list]]\nid = \"partners\"");
    says("has 3 lists where the policy has 4");
    rewrite("", "");
    EXPECT_EQ(refusal(), "");
    folder_.write("lists.rft", "nonsense");
    EXPECT_NE(refusal().find("lists.rft: has 8 octets and is no image"), std::string::npos);
}

TEST_F(ScreenImage, the_date_of_a_list_is_that_of_its_file_when_it_was_compiled) {
    const auto now = std::filesystem::file_time_type::clock::now();
    std::filesystem::last_write_time(folder_.path("fraud.csv"), now - std::chrono::hours(72));
    ASSERT_TRUE(compile());
    std::filesystem::last_write_time(folder_.path("fraud.csv"), now);  // a copy
    auto image = open("image");
    ASSERT_TRUE(image) << image.error().text;
    const auto time = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    const auto hours =
        (static_cast<std::uint64_t>(to_ms(time) / 1000) - counter(*image, "list.fraud.written_s")) /
        3'600;
    EXPECT_TRUE(hours == 71 || hours == 72) << hours;
    const Verdict verdict =
        image->session().screen(call("+33639989998", "+33639989999", to_ms(time)));
    EXPECT_EQ(verdict.reason, Reason::kFeedStale);
}

TEST_F(ScreenImage, compiling_refuses_what_a_switch_would_miss) {
    folder_.write("fraud.csv", "number\n3950\n");
    folder_.write("partners.csv", "number\n3951\n");
    folder_.remove("hosts.csv");
    const auto absent = compile();
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::kMissing);
    EXPECT_NE(absent.error().text.find("hosts.csv' of list 'hosts' is not there"),
              std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(folder_.path("lists.rft")));
    const auto forced = compile({.force = true});
    ASSERT_TRUE(forced) << forced.error().text;
    EXPECT_NE(forced->warnings.front().find("hosts.csv' of list 'hosts'"), std::string::npos);
    {
        auto files = open("files");
        auto image = open("image");
        ASSERT_TRUE(image) << image.error().text;
        ASSERT_EQ(image->warnings().size(), 1u);
        EXPECT_NE(image->warnings()[0].find("hosts.csv' of list 'hosts'"), std::string::npos);
        const Call one = call("+33639989998", "+33639989999");
        EXPECT_EQ(image->session().screen(one).reason, files->session().screen(one).reason);
    }
    folder_.write("hosts.csv", "number\n");
    EXPECT_NE(refusal().find("it was not there then"), std::string::npos);
    ASSERT_TRUE(compile());

    const auto over = compile_lists(folder_.path("image.toml"), folder_.path("fraud.csv"));
    ASSERT_FALSE(over);
    EXPECT_EQ(over.error().code, ErrorCode::kRefused);
    const auto nowhere = compile_lists(folder_.path("files.toml"), "");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::kInvalidArgument);
    folder_.write("fraud.csv", "number\n3950\n\nx\n");
    const auto bad = compile();
    ASSERT_TRUE(bad);
    EXPECT_EQ(bad->bad_rows, 1u);
    ASSERT_EQ(bad->warnings.size(), 1u);
    EXPECT_NE(bad->warnings[0].find("fraud.csv:4: "), std::string::npos);
}

}  // namespace
}  // namespace ringfence
