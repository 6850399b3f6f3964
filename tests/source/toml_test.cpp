#include "ringfence/source/toml.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

#include "source/files.hpp"

namespace ringfence {
namespace {

constexpr std::string_view kPolicy = R"(# a policy
[screen]
country = "CN"
depth = 3
share = 0.5
strict = true

[[list]]
id = "fraud"
party = ["calling", "text"]

[[list]]
id = "friends"
party = "called"
catgory = "x"
)";

TomlDocument parsed(std::string_view text) {
    auto document = TomlDocument::parse(text, "p.toml");
    EXPECT_TRUE(document) << document.error().text;
    return std::move(*document);
}

std::string parse_error(std::string_view text) {
    const auto document = TomlDocument::parse(text, "p.toml");
    return document ? "no error" : document.error().text;
}

template <class T>
std::string error_of(const Result<T>& result) {
    return result ? "no error" : result.error().text;
}

TEST(Toml, gives_typed_values_with_their_lines) {
    const auto document = parsed(kPolicy);
    const auto screen = **document.root().table("screen");
    EXPECT_EQ(screen.line(), 2u);
    EXPECT_EQ(*screen.string("country"), "CN");
    EXPECT_EQ(*screen.integer("depth", 0, 10), 3);
    EXPECT_EQ(*screen.number_or("share", 0, 0, 1), 0.5);
    EXPECT_EQ(*screen.number_or("depth", 0, 0, 9), 3.0) << "a whole number is a number";
    EXPECT_TRUE(*screen.boolean_or("strict", false));
    EXPECT_EQ(screen.find("share")->line(), 5u);

    const auto lists = *document.root().tables("list");
    ASSERT_EQ(lists.size(), 2u);
    EXPECT_EQ(lists[1].line(), 12u);
    EXPECT_EQ(lists[1].path(), "list[1]");
    EXPECT_EQ(*lists[0].strings("party"), (std::vector<std::string_view>{"calling", "text"}));
    EXPECT_EQ(*lists[1].strings("party"), (std::vector<std::string_view>{"called"}));
}

TEST(Toml, gives_the_fallback_for_an_absent_key) {
    const auto document = parsed("");
    const auto root = document.root();
    EXPECT_EQ(*root.string_or("a", "x"), "x");
    EXPECT_EQ(*root.integer_or("a", 7, 0, 1), 7);
    EXPECT_EQ(*root.number_or("a", 7.5, 0, 1), 7.5);
    EXPECT_TRUE(*root.boolean_or("a", true));
    EXPECT_TRUE(root.strings("a")->empty());
    EXPECT_TRUE(root.tables("a")->empty());
    EXPECT_FALSE(root.table("a")->has_value());
    EXPECT_TRUE(root.entries().empty());
}

TEST(Toml, names_an_unknown_key_its_line_and_the_nearest) {
    const auto document = parsed(kPolicy);
    const auto lists = *document.root().tables("list");
    EXPECT_EQ(error_of(lists[1].only_keys({"id", "party", "category"})),
              "p.toml:15: unknown key 'catgory' in 'list[1]'; did you mean 'category'?");
    EXPECT_EQ(error_of(lists[1].only_keys({"id", "party"})),
              "p.toml:15: unknown key 'catgory' in 'list[1]'; use one of id, party");
    EXPECT_EQ(error_of(document.root().only_keys({"screens", "list"})),
              "p.toml:2: unknown key 'screen'; did you mean 'screens'?");
    EXPECT_TRUE(lists[1].only_keys({"id", "party", "catgory"}));
}

TEST(Toml, says_which_type_it_wants) {
    const auto document = parsed(
        "a = 7\nb = 'x'\nc = [1]\nd = {}\ne = 1.5\nf = 1979-05-27\nlist = {}\ng = ['x', 2]\n");
    const auto root = document.root();
    EXPECT_EQ(error_of(root.string("a")), "p.toml:1: 'a' is 7; give a string in quotes");
    EXPECT_EQ(error_of(root.integer("b", 0, 1)), "p.toml:2: 'b' is 'x'; give a whole number");
    EXPECT_EQ(error_of(root.integer("e", 0, 1)), "p.toml:5: 'e' is 1.5; give a whole number");
    EXPECT_EQ(error_of(root.number_or("c", 0, 0, 1)), "p.toml:3: 'c' is an array; give a number");
    EXPECT_EQ(error_of(root.boolean_or("d", true)), "p.toml:4: 'd' is a table; give true or false");
    EXPECT_EQ(error_of(root.table("a")), "p.toml:1: 'a' is 7; give a table");
    EXPECT_EQ(error_of(root.string("f")),
              "p.toml:6: 'f' is a date or time; give a string in quotes");
    EXPECT_EQ(error_of(root.tables("list")),
              "p.toml:7: 'list' is a table; give one or more tables, each under [[list]]");
    EXPECT_EQ(error_of(root.tables("c")),
              "p.toml:3: 'c[0]' is 1; give one or more tables, each under [[c]]");
    EXPECT_EQ(error_of(root.strings("a")),
              "p.toml:1: 'a' is 7; give strings in quotes, between brackets");
    EXPECT_EQ(error_of(root.strings("g")), "p.toml:8: 'g[1]' is 2; give a string in quotes");
    EXPECT_EQ(root.string("a").error().code, ErrorCode::kWrongType);
}

TEST(Toml, names_what_is_missing) {
    const auto document = parsed(kPolicy);
    EXPECT_EQ(error_of((*document.root().tables("list"))[1].string("file")),
              "p.toml:12: 'list[1]' has no 'file'; add file = \"...\"");
    EXPECT_EQ(error_of(document.root().integer("n", 0, 1)),
              "p.toml:1: the document has no 'n'; add n = a whole number");
}

TEST(Toml, keeps_numbers_in_their_range) {
    const auto document = parsed("a = 700\nb = 1.5\nc = nan\n");
    EXPECT_EQ(error_of(document.root().integer("a", 1, 100)),
              "p.toml:1: 'a' is 700; give a whole number from 1 to 100");
    EXPECT_EQ(error_of(document.root().number_or("b", 0, 0, 1)),
              "p.toml:2: 'b' is 1.5; give a number from 0 to 1");
    EXPECT_EQ(error_of(document.root().number_or("c", 0, 0, 1)),
              "p.toml:3: 'c' is nan; give a number from 0 to 1");
}

TEST(Toml, names_the_nearest_of_the_values_allowed) {
    constexpr std::array<std::string_view, 3> kNames = {"allow", "reject", "drop"};
    const auto document = parsed("a = 'rejcet'\nb = 'quarantine'\nc = 'drop'\n");
    EXPECT_EQ(error_of(document.root().find("a")->one_of(kNames)),
              "p.toml:1: 'a' is 'rejcet'; did you mean 'reject'?");
    EXPECT_EQ(error_of(document.root().find("b")->one_of(kNames)),
              "p.toml:2: 'b' is 'quarantine'; use one of allow, reject, drop");
    EXPECT_EQ(*document.root().find("c")->one_of(kNames), 2u);
}

TEST(Toml, keeps_the_order_of_the_file) {
    const auto document = parsed("z = 1\n\"a\" = 2\nm = { y = 1, b = 2 }\n");
    std::string order;
    for (const TomlEntry& entry : document.root().entries()) {
        order.append(entry.key).append(std::to_string(entry.line));
    }
    EXPECT_EQ(order, "z1a2m3");
    std::string inside;
    for (const TomlEntry& entry : (**document.root().table("m")).entries())
        inside.append(entry.key);
    EXPECT_EQ(inside, "yb");
}

TEST(Toml, names_the_line_of_a_syntax_error) {
    EXPECT_TRUE(parse_error("a = 1\nb = \n").starts_with("p.toml:2: "))
        << parse_error("a = 1\nb = \n");
    EXPECT_TRUE(parse_error("a = 1\n\na = 2\n").starts_with("p.toml:3: "));
    EXPECT_TRUE(parse_error("a = \"open\n").starts_with("p.toml:1: "));
    EXPECT_TRUE(parse_error(std::string_view("a = \"\0\"\n", 8)).starts_with("p.toml:1: "));
    EXPECT_TRUE(parse_error("a = 1\nb = \"\xFF\"\n").starts_with("p.toml:2: "));
    EXPECT_EQ(parse_error("a = \"\n\nb\"").find('\n'), std::string::npos) << "one line";
}

TEST(Toml, takes_a_byte_order_mark_and_crlf) {
    const auto document = parsed(
        "\xEF\xBB\xBF"
        "a = 1\r\n[b]\r\nc = 2\r\n");
    EXPECT_EQ(document.root().find("a")->line(), 1u);
    EXPECT_EQ((**document.root().table("b")).find("c")->line(), 3u);
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all.append(part);
    return all;
}

TEST(Toml, survives_letters_where_the_parser_looks_for_blanks) {
    for (const std::string letter :
         {"\xC4\x9D", "\xD0\xB6", "\xE2\xB1\x9E", "\xE5\xA5\xBD", "\xF0\x9F\x98\x80"}) {
        EXPECT_TRUE(parse_error("\n" + letter + " = 1").starts_with("p.toml:2: "));
        EXPECT_TRUE(parse_error("a = " + letter).starts_with("p.toml:1: "));
        EXPECT_EQ(
            *parsed("\"" + letter + "\" = \"\"\"\\\n  " + letter + "\"\"\"").root().string(letter),
            letter);
    }
}

TEST(Toml, survives_a_bracket_of_the_wrong_kind) {
    EXPECT_EQ(parse_error("# ]\na = '}'\nb = [1, }\n"),
              "p.toml:3: a bracket closes none of its kind; correct the brackets");
    EXPECT_TRUE(parse_error("a = [1}\n").starts_with("p.toml:1: "));
    EXPECT_TRUE(parse_error("\na = {b = 1]\n").starts_with("p.toml:2: "));
    EXPECT_TRUE(parse_error("]\n").starts_with("p.toml:1: "));
}

TEST(Toml, refuses_what_nests_too_deep) {
    const std::size_t deep = TomlDocument::kMaxDepth;
    EXPECT_EQ(parse_error(repeated("a.", deep) + "a = 1"), "no error");
    EXPECT_EQ(parse_error("\n" + repeated("a.", deep + 1) + "a = 1"),
              "p.toml:2: a key has more than 32 dots; nest less");
    EXPECT_EQ(parse_error("[" + repeated("a.", 1'000'000) + "a]"),
              "p.toml:1: a key has more than 32 dots; nest less");
    EXPECT_EQ(parse_error(repeated("\"=\".", deep + 1) + "a = 1"),
              "p.toml:1: a key has more than 32 dots; nest less");
    EXPECT_NE(parse_error("a = " + repeated("[", 100'000) + repeated("]", 100'000)), "no error");
    EXPECT_NE(parse_error("a = " + repeated("{b=", 100'000) + "1" + repeated("}", 100'000)),
              "no error");
}

TEST(Toml, counts_no_dots_inside_text) {
    EXPECT_EQ(parse_error("a = '" + repeated(".", 100) + "'"), "no error");
    EXPECT_EQ(parse_error("a = \"\\\"" + repeated(".", 100) + "\""), "no error");
    EXPECT_EQ(parse_error("a = '''\n'" + repeated(".", 100) + "''''\nb = 1"), "no error");
    EXPECT_EQ(parse_error("# " + repeated(".", 100) + "\na = 1"), "no error");
    EXPECT_EQ(parse_error("a = [" + repeated("1.5, ", 100) + "]"), "no error");
}

TEST(Toml, outlives_the_move_of_its_document) {
    auto document = parsed("a = 'text'");
    const auto root = document.root();
    const auto moved = std::move(document);
    EXPECT_EQ(*root.string("a"), "text");
    EXPECT_EQ(moved.name(), "p.toml");
}

TEST(Toml, reads_a_file_and_names_it) {
    const test::ScratchDir dir;
    const auto document = TomlDocument::read(dir.file("p.toml", "a = 1"));
    ASSERT_TRUE(document);
    EXPECT_EQ(document->root().error("b", ErrorCode::kDangling, "what").text,
              dir.path("p.toml") + ":1: what");
    EXPECT_EQ(TomlDocument::read(dir.path("none")).error().text,
              dir.path("none") + ": does not exist; check the path");
}

}  // namespace
}  // namespace ringfence
