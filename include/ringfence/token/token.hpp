// token.hpp - keyed pseudonyms of numbers and accounts.
//
// A token stands for a number in evidence, exports and links where the number itself must not
// appear. It is a keyed hash: an 11-digit number behind a plain hash is found again in minutes by
// trying them all, behind a key only by who holds the key. The token carries the rotation of the
// key that made it, so that tokens of two rotations are never taken for one another, and old ones
// can be told.
//
//     t3_kN8v...22 characters        't', rotation 3, '_', base64url of 128 bits
//
//     token = BLAKE2b-128(key, kind, rotation as 16 bits little-endian, text)
//     kind  = 'n' for a number, 't' for other text
//
// Key file (mode 0600 or stricter, or it is refused):
//     ringfence-token-key
//     rotation 3
//     key 00112233...64 hexadecimal digits
//
// Not promised: anonymity. A token is still personal data for whoever holds the key, and equal
// numbers have equal tokens under one key.
// Cost: about 0.5 us a token; no allocation.
// Source: RFC 7693 (BLAKE2, keyed), by libsodium's crypto_generichash.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/number/number.hpp"

namespace ringfence {

// A pseudonym as text.
class Token {
public:
    // 't', up to five digits, '_', 22 characters of base64url.
    static constexpr std::size_t kMaxSize = 29;

    // The token that `text` writes, or none when it is not of that shape. Threads: any thread.
    static std::optional<Token> parse(std::string_view text);

    std::string_view text() const { return {text_.data(), size_}; }
    std::uint16_t rotation() const { return rotation_; }

    friend bool operator==(const Token& a, const Token& b) { return a.text() == b.text(); }
    friend auto operator<=>(const Token& a, const Token& b) { return a.text() <=> b.text(); }

private:
    friend class TokenKey;
    Token() = default;

    std::array<char, kMaxSize> text_{};
    std::uint8_t size_ = 0;
    std::uint16_t rotation_ = 0;
};

// The key of one rotation, in memory that is wiped when it goes and kept out of core files where
// the system allows.
// Threads: any thread, once made.
class TokenKey {
public:
    static constexpr std::size_t kBytes = 32;

    // Reads the key file. Fails with kUnreadable; with kRefused when others than its owner may read
    // or write it; with kSyntax at the line that is not as above.
    // Threads: any thread.
    static Result<TokenKey> load(const std::string& path);

    // Makes a random key and writes it to a new file of mode 0600. Fails with kUnwritable, also
    // when the file exists: a key written over is every token lost.
    // Threads: any thread.
    static Result<TokenKey> create(const std::string& path, std::uint16_t rotation);

    std::uint16_t rotation() const { return rotation_; }

    // The token of a number; of any other text (an account, an alphanumeric sender), which never
    // equals that of a number. Neither fails.
    Token token(Number number) const;
    Token token(std::string_view text) const;

private:
    struct Wipe {
        void operator()(unsigned char* bytes) const;
    };
    using Bytes = std::unique_ptr<unsigned char, Wipe>;

    TokenKey(Bytes key, std::uint16_t rotation) : key_(std::move(key)), rotation_(rotation) {}
    static Result<Bytes> allocate();
    Token token(char kind, std::string_view text) const;

    Bytes key_;
    std::uint16_t rotation_;
};

}  // namespace ringfence
