#include "ringfence/pattern/expression.hpp"

#include <gtest/gtest.h>

#include "tests/pattern/fixtures.hpp"

namespace ringfence {
namespace {

using testing::parse;
using Kind = Element::Kind;

std::string refusal(std::string_view text, TextView view = TextView::kDense) {
    const auto expression = parse(text, view);
    return expression ? "accepted" : expression.error().text;
}

TEST(Expression, reads_phrases_gaps_and_classes) {
    const auto e = parse("加{0,6}(微信|qq)[0-9a]{5,11}");
    ASSERT_TRUE(e) << e.error().text;
    ASSERT_EQ(e->elements.size(), 4u);
    EXPECT_EQ(e->elements[0].phrases, std::vector<std::u16string>{u"加"});
    EXPECT_EQ(e->elements[1].kind, Kind::kGap);
    EXPECT_EQ(e->elements[1].max, 6);
    EXPECT_EQ(e->elements[2].phrases, (std::vector<std::u16string>{u"qq", u"微信"}));
    EXPECT_EQ(e->elements[3].ranges, (std::vector<UnitRange>{{u'0', u'9'}, {u'a', u'a'}}));
    EXPECT_EQ(e->elements[3].min, 5);
    EXPECT_EQ(min_width(*e), 1u + 0 + 2 + 5);
    EXPECT_EQ(max_width(*e), 1u + 6 + 2 + 11);
}

TEST(Expression, takes_the_phrases_of_an_alias_and_drops_doubles) {
    const auto e = parse("加(@wechat|微信|扣扣)?号");
    ASSERT_TRUE(e) << e.error().text;
    EXPECT_EQ(e->elements[1].phrases,
              (std::vector<std::u16string>{u"", u"vx", u"威信", u"微信", u"扣扣", u"薇信"}));
}

TEST(Expression, joins_aliases_and_letters_inside_a_group) {
    const auto e = parse("(加@wechat|群)");
    ASSERT_TRUE(e) << e.error().text;
    EXPECT_EQ(e->elements[0].phrases,
              (std::vector<std::u16string>{u"加vx", u"加威信", u"加微信", u"加薇信", u"群"}));
}

TEST(Expression, folds_letters_after_taking_the_grammar_apart) {
    // A full-width bracket is a letter, which the dense view drops; it never becomes a class.
    const auto e = parse("ＡＢ［Ｃ］");
    ASSERT_TRUE(e) << e.error().text;
    ASSERT_EQ(e->elements.size(), 1u);
    EXPECT_EQ(e->elements[0].phrases, std::vector<std::u16string>{u"abc"});
    const auto light = parse("［a］", TextView::kLight);
    ASSERT_TRUE(light) << light.error().text;
    EXPECT_EQ(light->elements[0].phrases, std::vector<std::u16string>{u"[a]"});
}

TEST(Expression, takes_a_view_of_its_own) {
    const auto e = parse("light:t.cn/");
    ASSERT_TRUE(e) << e.error().text;
    EXPECT_EQ(e->view, TextView::kLight);
    EXPECT_EQ(e->elements[0].phrases, std::vector<std::u16string>{u"t.cn/"});
}

TEST(Expression, refuses_what_it_cannot_mean_and_says_why) {
    EXPECT_NE(refusal("").find("nothing in it must be there"), std::string::npos);
    EXPECT_NE(refusal("(a)?").find("nothing in it must be there"), std::string::npos);
    EXPECT_NE(refusal("[0-9]{0,3}").find("nothing in it must be there"), std::string::npos);
    EXPECT_NE(refusal("{3}a").find("between two things"), std::string::npos);
    EXPECT_NE(refusal("a{3}").find("between two things"), std::string::npos);
    EXPECT_NE(refusal("a{1}{2}b").find("two gaps"), std::string::npos);
    EXPECT_NE(refusal("a{2,1}b").find("n <= m"), std::string::npos);
    EXPECT_NE(refusal("a{0,101}b").find("at most 100"), std::string::npos);
    EXPECT_NE(refusal("a{x}b").find("{n} or {n,m}"), std::string::npos);
    EXPECT_NE(refusal("a|b").find("only inside ( )"), std::string::npos);
    EXPECT_NE(refusal("a?").find("'?' only"), std::string::npos);
    EXPECT_NE(refusal("(a|)").find("empty phrase"), std::string::npos);
    EXPECT_NE(refusal("(a").find("'('"), std::string::npos);
    EXPECT_NE(refusal("(a{1}b)").find("phrases and aliases only"), std::string::npos);
    EXPECT_NE(refusal("[]").find("'['"), std::string::npos);
    EXPECT_NE(refusal("[z-a]").find("backwards"), std::string::npos);
    EXPECT_NE(refusal("\\d{3}").find("[0-9]"), std::string::npos);
    EXPECT_NE(refusal("@nobody").find("no alias '@nobody'"), std::string::npos);
    EXPECT_NE(refusal("，。").find("folds to nothing"), std::string::npos);
    EXPECT_NE(refusal("<free>").find("light view"), std::string::npos);
    EXPECT_NE(refusal("<!a", TextView::kLight).find("letter or digit"), std::string::npos);
    EXPECT_NE(refusal("a-> b", TextView::kLight).find("letter or digit"), std::string::npos);
    EXPECT_NE(refusal("\xFF").find("UTF-8"), std::string::npos);
}

TEST(Expression, refuses_bombs) {
    std::string wide;
    for (int i = 0; i < 5; ++i) wide += "a{0,100}";
    EXPECT_NE(refusal(wide + "a").find("span more than"), std::string::npos);
    std::string many = "a";
    for (int i = 0; i < 60; ++i) many += "[0-9]";
    EXPECT_NE(refusal(many).find("more than 48 parts"), std::string::npos);
    std::string group = "(";
    for (int i = 0; i < 300; ++i) group += "a" + std::to_string(i) + "|";
    EXPECT_NE(refusal(group + "b)").find("more than 256"), std::string::npos);
    EXPECT_NE(refusal("(@wechat@wechat@wechat@wechat@wechat)").find("too many phrases"),
              std::string::npos);
    EXPECT_NE(refusal(std::string(3000, 'a')).find("2048 bytes"), std::string::npos);
    EXPECT_NE(refusal(std::string(100, 'a')).find("64 units"), std::string::npos);
}

TEST(Expression, names_the_byte_of_a_fault) {
    EXPECT_NE(refusal("微信{x}a").find("byte 7"), std::string::npos) << refusal("微信{x}a");
}

}  // namespace
}  // namespace ringfence
