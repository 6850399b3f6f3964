#include "ringfence/token/token.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <string>

#include "source/files.hpp"

namespace ringfence {
namespace {

using test::ScratchDir;

constexpr std::string_view kZeroToThirtyOne =
    "key 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

std::string key_file(const ScratchDir& dir, std::string_view text, mode_t mode = 0600) {
    const std::string path = dir.file("key", text);
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
}

std::string known_key(std::string_view rotation) {
    return "ringfence-token-key\nrotation " + std::string(rotation) + "\n" +
           std::string(kZeroToThirtyOne);
}

std::string load_error(const std::string& path) {
    const auto key = TokenKey::load(path);
    return key ? "no error" : key.error().text.substr(path.size());
}

TEST(Token, hides_the_number_and_shows_the_rotation) {
    const ScratchDir dir;
    const auto key = TokenKey::create(dir.path("key"), 3);
    ASSERT_TRUE(key) << key.error().text;
    const Token token = key->token(Number::from_digits("8613800001234"));
    EXPECT_TRUE(token.text().starts_with("t3_")) << token.text();
    EXPECT_EQ(token.text().size(), 25u);
    EXPECT_EQ(token.rotation(), 3u);
    EXPECT_EQ(token.text().find("1380000"), std::string_view::npos);
    EXPECT_EQ(token, key->token(Number::from_digits("8613800001234")));
}

// From Python's hashlib: blake2b(b"n\x03\x00" + b"8613800001234", key=bytes(range(32)),
// digest_size=16), base64.urlsafe_b64encode, and so on: tokens must stay what they are, or stored
// ones are lost.
TEST(Token, is_the_keyed_hash_that_its_header_names) {
    const ScratchDir dir;
    const auto key = TokenKey::load(key_file(dir, known_key("3")));
    ASSERT_TRUE(key) << key.error().text;
    EXPECT_EQ(key->token(Number::from_digits("8613800001234")).text(), "t3_gJTwU5DnT8xAXvUf37QwbQ");
    EXPECT_EQ(key->token("ICBC").text(), "t3_9s8kalCpJWiTtLlF7HG-2A");
    const auto large = TokenKey::load(key_file(dir, known_key("65535")));
    ASSERT_TRUE(large);
    EXPECT_EQ(large->token("").text(), "t65535__xG_aooY151uc1ViD_8JMA");
}

TEST(Token, differs_by_number_kind_key_and_rotation) {
    const ScratchDir dir;
    const auto a = TokenKey::create(dir.path("a"), 1);
    const auto b = TokenKey::create(dir.path("b"), 1);
    const auto three = TokenKey::load(key_file(dir, known_key("3")));
    const auto four = TokenKey::load(key_file(dir, known_key("4")));
    ASSERT_TRUE(a && b && three && four);
    std::set<std::string> tokens;
    for (const TokenKey* key : {&*a, &*b, &*three, &*four}) {
        for (const std::string_view digits :
             {"8613800001234", "8613800001235", "08613800001234", "1"}) {
            tokens.emplace(key->token(Number::from_digits(digits)).text().substr(3));
            tokens.emplace(key->token(digits).text().substr(3));
        }
    }
    EXPECT_EQ(tokens.size(), 4u * 4u * 2u);
}

TEST(Token, is_read_back_from_its_text_and_from_nothing_else) {
    const ScratchDir dir;
    for (const char* rotation : {"0", "3", "65535"}) {
        const auto key = TokenKey::load(key_file(dir, known_key(rotation)));
        ASSERT_TRUE(key);
        const Token token = key->token("x");
        const auto read = Token::parse(token.text());
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, token);
        EXPECT_EQ(read->rotation(), key->rotation());
    }
    const std::string hash = "AAAAAAAAAAAAAAAAAAAAAA";
    EXPECT_TRUE(Token::parse("t3_" + hash));
    for (const std::string& bad :
         {std::string(), std::string("t"), "t_" + hash, "t03_" + hash, "t65536_" + hash,
          "t-1_" + hash, "T3_" + hash, "t3-" + hash, "t3_" + hash + "A", "t3_" + hash.substr(1),
          "t3_" + hash.substr(1) + "B", "t3_" + hash.substr(1) + "=", "t3_+" + hash.substr(1)}) {
        EXPECT_FALSE(Token::parse(bad)) << bad;
    }
}

TEST(Token, keeps_its_key_file_to_its_owner) {
    const ScratchDir dir;
    const std::string path = dir.path("key");
    const mode_t before = ::umask(0);
    ASSERT_TRUE(TokenKey::create(path, 7));
    ::umask(before);
    struct stat about = {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777u, 0600u);
    const auto loaded = TokenKey::load(path);
    ASSERT_TRUE(loaded) << loaded.error().text;
    EXPECT_EQ(loaded->rotation(), 7u);
}

TEST(Token, loads_what_it_created) {
    const ScratchDir dir;
    const auto created = TokenKey::create(dir.path("key"), 65535);
    const auto loaded = TokenKey::load(dir.path("key"));
    ASSERT_TRUE(created && loaded);
    EXPECT_EQ(created->token("x"), loaded->token("x"));
}

TEST(Token, refuses_a_key_that_others_may_use) {
    const ScratchDir dir;
    for (const mode_t mode : {0644u, 0640u, 0604u, 0620u, 0601u, 0660u, 0610u}) {
        const auto refused = TokenKey::load(key_file(dir, known_key("3"), mode));
        ASSERT_FALSE(refused) << mode;
        EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
    }
    EXPECT_EQ(load_error(key_file(dir, known_key("3"), 0644)),
              ": others than its owner may use it (mode 0644); run chmod 600, and rotate the key "
              "if it was read");
    for (const mode_t mode : {0600u, 0400u}) {
        EXPECT_TRUE(TokenKey::load(key_file(dir, known_key("3"), mode))) << mode;
    }
}

TEST(Token, never_writes_over_a_key) {
    const ScratchDir dir;
    const std::string path = key_file(dir, known_key("3"));
    const auto refused = TokenKey::create(path, 4);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text,
              path + ": exists; a key is never written over, choose another path");
    EXPECT_EQ(test::contents(path), known_key("3"));
    EXPECT_FALSE(TokenKey::create(dir.path("none/key"), 1));
}

TEST(Token, names_the_line_that_is_wrong) {
    const ScratchDir dir;
    const std::string head = "ringfence-token-key\nrotation 3\n";
    EXPECT_EQ(load_error(dir.path("none")),
              ": the key cannot be read: No such file or directory; check the path and its owner");
    EXPECT_EQ(load_error(dir.path("")), ": is no regular file; name a key file");
    EXPECT_EQ(load_error(key_file(dir, "")), ":1: is not 'ringfence-token-key'; name a key file");
    EXPECT_EQ(load_error(key_file(dir, std::string(5'000, 'x'))),
              ":1: is too long for a key file; name a key file");
    for (const char* rotation : {"", "65536", "-1", "3x", "03", " 3"}) {
        EXPECT_EQ(load_error(key_file(dir, known_key(rotation))),
                  ":2: is not 'rotation N' with N from 0 to 65535; mend it");
    }
    const std::string digits(kZeroToThirtyOne);
    for (const std::string& key :
         {std::string(), std::string("key 00\n"), digits.substr(0, digits.size() - 1),
          digits.substr(0, 66) + "g" + digits.substr(67)}) {
        EXPECT_EQ(load_error(key_file(dir, head + key)),
                  ":3: is not 'key ' and 64 hexadecimal digits; restore the file")
            << key;
    }
    EXPECT_EQ(load_error(key_file(dir, head + digits + "more\n")),
              ":4: something follows the key; remove it");
    const std::string crlf =
        "ringfence-token-key\r\nrotation 3\r\n" + digits.substr(0, digits.size() - 1) + "\r\n";
    EXPECT_EQ(load_error(key_file(dir, crlf)), "no error");
}

}  // namespace
}  // namespace ringfence
