#include "ringfence/token/token.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "ringfence/source/file.hpp"

namespace ringfence {
namespace {

constexpr std::string_view kFirstLine = "ringfence-token-key";
constexpr std::string_view kRotation = "rotation ";
constexpr std::string_view kKey = "key ";
constexpr std::size_t kMaxKeyFile = 256;
constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kHashText = 22;  // base64url of kHashBytes without padding
constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

static_assert(kHashBytes >= crypto_generichash_BYTES_MIN);
static_assert(TokenKey::kBytes == crypto_generichash_KEYBYTES);

bool is_base64url(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_';
}

std::optional<std::uint16_t> rotation_from(std::string_view digits) {
    // No leading zeros: a rotation has one spelling.
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
    std::uint16_t rotation = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, rotation);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return rotation;
}

// Takes the first line off `text`; false when there is none that ends in LF.
bool take_line(std::string_view& text, std::string_view& line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    text.remove_prefix(end + 1);
    return true;
}

// Wipes the text of a key file when it goes.
struct SecretText {
    char bytes[kMaxKeyFile + 1] = {};
    std::size_t size = 0;

    SecretText() = default;
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;
    ~SecretText() { sodium_memzero(bytes, sizeof bytes); }
    std::string_view view() const { return {bytes, size}; }
};

Error unreadable(std::string_view path, int error) {
    return Error::at(ErrorCode::kUnreadable, path, 0,
                     "the key cannot be read: " + std::generic_category().message(error) +
                         "; check the path and its owner");
}

// Checks on the open file, so that it cannot be exchanged between the check and the reading.
Status read_secret(const std::string& path, SecretText& text) {
    // Not blocking: a pipe in the key's place must not hang a start-up.
    const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat about = {};
    if (!fd.open() || ::fstat(fd.get(), &about) != 0) return unreadable(path, errno);
    if (!S_ISREG(about.st_mode)) {
        return Error::at(ErrorCode::kUnreadable, path, 0, "is no regular file; name a key file");
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        char mode[8] = {};
        const auto end = std::to_chars(mode, mode + sizeof mode, about.st_mode & 0777u, 8).ptr;
        return Error::at(ErrorCode::kRefused, path, 0,
                         "others than its owner may use it (mode 0" + std::string(mode, end) +
                             "); run chmod 600, and rotate the key if it was read");
    }
    while (text.size < sizeof text.bytes) {
        const ssize_t got = ::read(fd.get(), text.bytes + text.size, sizeof text.bytes - text.size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path, errno);
        if (got == 0) break;
        text.size += static_cast<std::size_t>(got);
    }
    if (text.size > kMaxKeyFile) {
        return Error::at(ErrorCode::kSyntax, path, 1,
                         "is too long for a key file; name a key file");
    }
    return ok();
}

}  // namespace

std::optional<Token> Token::parse(std::string_view text) {
    const std::size_t apart = text.find('_');
    if (!text.starts_with('t') || apart == std::string_view::npos) return std::nullopt;
    const auto rotation = rotation_from(text.substr(1, apart - 1));
    const std::string_view hash = text.substr(apart + 1);
    if (!rotation || hash.size() != kHashText ||
        !std::all_of(hash.begin(), hash.end(), is_base64url)) {
        return std::nullopt;
    }
    // 22 characters carry 132 bits: the last four are zero, or two spellings would name one hash.
    if (std::string_view("AQgw").find(hash.back()) == std::string_view::npos) return std::nullopt;
    Token token;
    std::copy(text.begin(), text.end(), token.text_.begin());
    token.size_ = static_cast<std::uint8_t>(text.size());
    token.rotation_ = *rotation;
    return token;
}

void TokenKey::Wipe::operator()(unsigned char* bytes) const { sodium_free(bytes); }

Result<TokenKey::Bytes> TokenKey::allocate() {
    if (sodium_init() < 0) {
        return Error{ErrorCode::kUnsupported,
                     "the system gives no random numbers; tokens need them"};
    }
    // Wipes on free, stands between guard pages, and is locked into memory where the limits allow.
    Bytes key(static_cast<unsigned char*>(sodium_malloc(kBytes)));
    if (!key) return Error{ErrorCode::kOutOfMemory, "no memory for a token key; free some"};
    return key;
}

Result<TokenKey> TokenKey::load(const std::string& path) {
    auto key = allocate();
    if (!key) return key.error();
    SecretText text;
    if (Status read = read_secret(path, text); !read) return read.error();

    std::string_view left = text.view();
    std::string_view line;
    if (!take_line(left, line) || line != kFirstLine) {
        return Error::at(ErrorCode::kSyntax, path, 1,
                         "is not '" + std::string(kFirstLine) + "'; name a key file");
    }
    std::optional<std::uint16_t> rotation;
    if (take_line(left, line) && line.starts_with(kRotation)) {
        rotation = rotation_from(line.substr(kRotation.size()));
    }
    if (!rotation) {
        return Error::at(ErrorCode::kSyntax, path, 2,
                         "is not 'rotation N' with N from 0 to 65535; mend it");
    }
    std::size_t bytes = 0;
    if (!take_line(left, line) || !line.starts_with(kKey) ||
        line.size() != kKey.size() + 2 * kBytes ||
        sodium_hex2bin(key->get(), kBytes, line.data() + kKey.size(), 2 * kBytes, nullptr, &bytes,
                       nullptr) != 0 ||
        bytes != kBytes) {
        return Error::at(ErrorCode::kSyntax, path, 3,
                         "is not 'key ' and 64 hexadecimal digits; restore the file");
    }
    if (!left.empty()) {
        return Error::at(ErrorCode::kSyntax, path, 4, "something follows the key; remove it");
    }
    return TokenKey(std::move(*key), *rotation);
}

Result<TokenKey> TokenKey::create(const std::string& path, std::uint16_t rotation) {
    auto key = allocate();
    if (!key) return key.error();
    randombytes_buf(key->get(), kBytes);

    char hex[2 * kBytes + 1];
    sodium_bin2hex(hex, sizeof hex, key->get(), kBytes);
    SecretText text;
    const auto add = [&](std::string_view piece) {
        text.size += piece.copy(text.bytes + text.size, piece.size());
    };
    add(kFirstLine);
    add("\n");
    add(kRotation);
    add(std::to_string(rotation));
    add("\n");
    add(kKey);
    add({hex, 2 * kBytes});
    add("\n");
    sodium_memzero(hex, sizeof hex);

    FileDescriptor fd(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!fd.open()) {
        return Error::at(ErrorCode::kUnwritable, path, 0,
                         errno == EEXIST
                             ? "exists; a key is never written over, choose another path"
                             : "the key cannot be written: " +
                                   std::generic_category().message(errno) + "; check the path");
    }
    // One short write to a new file; a part of it is a failure, and no half key stays.
    const bool wrote =
        ::write(fd.get(), text.bytes, text.size) == static_cast<ssize_t>(text.size) &&
        ::fsync(fd.get()) == 0;
    if (!fd.close() || !wrote) {
        ::unlink(path.c_str());
        return Error::at(ErrorCode::kUnwritable, path, 0,
                         "the key cannot be written; free some space");
    }
    return TokenKey(std::move(*key), rotation);
}

Token TokenKey::token(Number number) const {
    std::array<char, Number::kMaxDigits> digits;
    const unsigned size = number.write_digits(digits);
    return token('n', {digits.data(), size});
}

Token TokenKey::token(std::string_view text) const { return token('t', text); }

Token TokenKey::token(char kind, std::string_view text) const {
    const unsigned char front[3] = {static_cast<unsigned char>(kind),
                                    static_cast<unsigned char>(rotation_ & 0xFFu),
                                    static_cast<unsigned char>(rotation_ >> 8u)};
    unsigned char hash[kHashBytes];
    crypto_generichash_state state;
    crypto_generichash_init(&state, key_.get(), kBytes, kHashBytes);
    crypto_generichash_update(&state, front, sizeof front);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()),
                              text.size());
    crypto_generichash_final(&state, hash, kHashBytes);
    sodium_memzero(&state, sizeof state);

    Token token;
    token.rotation_ = rotation_;
    token.text_[0] = 't';
    char* at = std::to_chars(token.text_.data() + 1, token.text_.data() + 6, rotation_).ptr;
    *at++ = '_';
    char base64[kHashText + 1];
    sodium_bin2base64(base64, sizeof base64, hash, kHashBytes, kVariant);
    at = std::copy_n(base64, kHashText, at);
    token.size_ = static_cast<std::uint8_t>(at - token.text_.data());
    return token;
}

}  // namespace ringfence
