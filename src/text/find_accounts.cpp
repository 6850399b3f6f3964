#include <algorithm>
#include <array>
#include <span>

#include "src/text/extraction.hpp"

namespace ringfence {
namespace {

struct ServiceName {
    std::u16string_view name;
    AccountService service;
};

// What the services are called, folded. Han and mixed ones match with a separator between characters.
constexpr ServiceName kNames[] = {
    {u"\u5FAE\u4FE1", AccountService::kWeChat},  // weixin
    {u"\u8587\u4FE1", AccountService::kWeChat},  // the same in look-alike and homophone characters
    {u"\u5A01\u4FE1", AccountService::kWeChat},
    {u"\u5FBD\u4FE1", AccountService::kWeChat},
    {u"\u7EF4\u4FE1", AccountService::kWeChat},
    {u"v\u4FE1", AccountService::kWeChat},
    {u"\u5FAEx", AccountService::kWeChat},
    {u"\u52A0\u5FAE", AccountService::kWeChat},  // jia wei: "add wei"
    {u"\u52A0v", AccountService::kWeChat},
    {u"+v", AccountService::kWeChat},
    {u"vx", AccountService::kWeChat},
    {u"wx", AccountService::kWeChat},
    {u"wechat", AccountService::kWeChat},
    {u"weixin", AccountService::kWeChat},
    {u"qq", AccountService::kQq},
    {u"\u6263\u6263", AccountService::kQq},  // koukou
    {u"\u4F01\u9E45", AccountService::kQq},  // the penguin
    {u"q\u53F7", AccountService::kQq},
    {u"telegram", AccountService::kTelegram},
    {u"tg", AccountService::kTelegram},
    {u"\u7535\u62A5", AccountService::kTelegram},  // dianbao: telegram
    {u"\u98DE\u673A", AccountService::kTelegram},  // feiji: (paper) plane
    {u"whatsapp", AccountService::kWhatsApp},
};

// Han characters that stand between a service and an id: number, code, is, for, group, add, me, account,
// search, contact, service, same.
constexpr std::u16string_view kFillers =
    u"\u53F7\u7801\u662F\u4E3A\u7FA4\u52A0\u6211\u8D26\u5E10\u641C\u7D22\u6DFB\u8054\u7CFB\u5BA2"
    u"\u670D\u540C";
// ... and the one among them that says that an id follows.
constexpr char16_t kIdSign = u'\u53F7';
constexpr std::array<std::u16string_view, 12> kFillerWords = {
    u"id", u"me", u"at", u"my", u"is", u"no", u"on", u"add", u"us", u"number", u"num", u"contact"};

constexpr std::size_t kMaxGap = 16;  // units between a service and an id
constexpr std::size_t kMaxId = 32;   // units of the longest id of any service

constexpr bool is_separator(char16_t c) {
    return (c > 0 && c < 0x80 && !is_alnum(c) && c != u'+' && c != u'@' && c != u'_') ||
           (c >= 0x3001 && c <= 0x301F) || c == 0xB7;
}

// All of them, to be asked about at compile time.
constexpr auto kSeparators = [] {
    std::array<char16_t, 0x80> separators{u' '};
    std::size_t count = 0;
    for (unsigned c = 0; c <= 0x301F && count < separators.size(); ++c)
        if (is_separator(static_cast<char16_t>(c))) separators[count++] = static_cast<char16_t>(c);
    std::fill(separators.begin() + count, separators.end(), separators[0]);
    return separators;
}();

constexpr bool is_ascii(std::u16string_view name) {
    return std::all_of(name.begin(), name.end(), [](char16_t c) { return c < 0x80; });
}

// Whether the name may begin with its own units or, where it may be spaced out, with a separator behind the first, as the marks
// have it.
static_assert(std::ranges::all_of(kNames, [](const ServiceName& entry) {
    const char16_t third = entry.name.size() > 2 ? entry.name[2] : char16_t{0};
    return kernel::may_begin_name(entry.name[0], entry.name[1], third) &&
           (is_ascii(entry.name) || std::ranges::all_of(kSeparators, [&](char16_t separator) {
                return kernel::may_begin_name(entry.name[0], separator, entry.name[1]);
            }));
}));

// The names by their first unit, those of one unit in the order of kNames. Each first unit has a place of its own.
struct NamesByFirst {
    struct Names {
        char16_t first = 0;
        std::uint8_t begin = 0, end = 0;
    };
    static constexpr std::size_t kPlaces = 64;

    unsigned factor = 1;
    std::array<ServiceName, std::size(kNames)> names{};
    std::array<Names, kPlaces> places{};

    constexpr NamesByFirst() {
        while (!fill()) factor += 2;
    }

    constexpr std::span<const ServiceName> of(char16_t first) const {
        const Names& found = places[place_of(first)];
        if (found.first != first) return {};
        return std::span(names).subspan(found.begin, std::size_t{found.end} - found.begin);
    }

private:
    constexpr std::size_t place_of(char16_t first) const {
        return (first * factor & 0xFFFFu) * kPlaces >> 16u;
    }

    constexpr bool fill() {
        places = {};
        std::uint8_t count = 0;
        for (const ServiceName& entry : kNames) {
            const char16_t first = entry.name[0];
            Names& of = places[place_of(first)];
            if (of.first == first) continue;
            if (of.first != 0) return false;
            of = {first, count, count};
            for (const ServiceName& other : kNames)
                if (other.name[0] == first) names[count++] = other;
            of.end = count;
        }
        return true;
    }
};
constexpr NamesByFirst kNamesByFirst;
static_assert(std::ranges::all_of(kNames, [](const ServiceName& entry) {
    return kNamesByFirst.of(entry.name[0]).front().name[0] == entry.name[0];
}));

bool is_id_unit(char16_t c) { return is_alnum(c) || c == u'_' || c == u'-'; }

class AccountFinder {
public:
    explicit AccountFinder(Extraction& text) : text_(text), units_(text.units) {}

    void run() {
        for (std::size_t at = text_.next_name(0); at < units_.size(); at = text_.next_name(at)) {
            at = text_.taken(at) ? at + 1 : std::max(look_at(at), at + 1);
        }
    }

private:
    // Where to go on: behind the account that begins at `at`, or at `at` when there is none.
    std::size_t look_at(std::size_t at) {
        if (units_.substr(at, 5) == u"wxid_" && !is_id_unit(text_.unit(at - 1))) {
            const std::size_t end = id_end(at);
            if (end - at >= 11) return tell(AccountService::kWeChat, at, end, at, end);
        }
        for (const ServiceName& entry : kNamesByFirst.of(units_[at])) {
            const std::size_t end = match(entry.name, at);
            if (end == at) continue;
            const std::size_t told = account_behind(entry.service, at, end);
            if (told != end) return told;
        }
        return at;
    }

    // The end of `name`, whose first unit stands at `at`, or `at`. A name with a Han character may have one separator
    // between two.
    std::size_t match(std::u16string_view name, std::size_t at) const {
        std::size_t end = at + 1;
        for (std::size_t i = 1; i < name.size(); ++i) {
            if (text_.unit(end) != name[i] && is_separator(text_.unit(end)) && !is_ascii(name))
                ++end;
            if (text_.unit(end) != name[i]) return at;
            ++end;
        }
        // A longer word is another word, but "vx" and a digit are a name and an id.
        return is_lower(name.back()) && is_lower(text_.unit(end)) ? at : end;
    }

    // Skips what stands between a name and an id; `named` says whether it announces one.
    std::size_t skip_gap(std::size_t at, bool& named) const {
        const std::size_t limit = std::min(units_.size(), at + kMaxGap);
        while (at < limit) {
            const char16_t c = units_[at];
            if (c == u':' || c == u'=' || c == u'@' || c == kIdSign) named = true;
            if (is_separator(c) || c == u'@' || (c >= 0x80 && kFillers.find(c) != kFillers.npos)) {
                ++at;
                continue;
            }
            const std::size_t word = filler_word(at);
            if (word == 0) break;
            if (units_.substr(at, word) == u"id") named = true;
            at += word;
        }
        return at;
    }

    std::size_t filler_word(std::size_t at) const {
        for (const std::u16string_view word : kFillerWords) {
            if (units_.substr(at, word.size()) == word &&
                !is_id_unit(text_.unit(at + word.size()))) {
                return word.size();
            }
        }
        return 0;
    }

    std::size_t id_end(std::size_t at) const {
        std::size_t end = at;
        while (end < units_.size() && !text_.taken(end) && is_id_unit(units_[end])) {
            if (++end - at > kMaxId) return end;  // of no service, however far it goes on
        }
        while (end > at && units_[end - 1] == u'-') --end;
        return end;
    }

    // `end` when no account stands behind the name.
    std::size_t account_behind(AccountService service, std::size_t begin, std::size_t end) {
        bool named = false;
        const std::size_t at = skip_gap(end, named);
        if (at >= units_.size() || text_.taken(at)) return end;
        const std::size_t id = id_end(at);
        const std::u16string_view token = units_.substr(at, id - at);
        const auto digits =
            static_cast<std::size_t>(std::count_if(token.begin(), token.end(), is_digit));
        const bool letters = std::any_of(token.begin(), token.end(), is_lower);
        switch (service) {
            case AccountService::kWeChat:
                if (letters && is_lower(token[0]) && token.size() >= 6 && token.size() <= 20 &&
                    (named || digits > 0 || token.find(u'_') != token.npos)) {
                    return tell(service, begin, id, at, id);
                }
                if (!letters) return tell_digits(service, begin, end, at, 6, 11);
                return end;
            case AccountService::kQq:
                if (!letters) return tell_digits(service, begin, end, at, 5, 11);
                return end;
            case AccountService::kTelegram:
                if (letters && is_lower(token[0]) && token.size() >= 5 && token.size() <= 32 &&
                    token.find(u'-') == token.npos &&
                    (named || digits > 0 || token.find(u'_') != token.npos)) {
                    return tell(service, begin, id, at, id);
                }
                return end;
            case AccountService::kWhatsApp:
                if (!letters) return tell_digits(service, begin, end, at, 7, 15);
                return end;
            case AccountService::kNone: return end;
        }
        return end;
    }

    // An id of digits: the first group when it is long enough, otherwise groups joined while single
    // separators stand between.
    std::size_t tell_digits(AccountService service, std::size_t begin, std::size_t none,
                            std::size_t at, std::size_t least, std::size_t most) {
        std::array<char, 16> key{};
        std::size_t size = 0;
        if (text_.unit(at) == u'+') ++at;
        std::size_t end = at;
        std::size_t next = at;
        // An id in one group ends with it; one that is spaced out goes on as long as it may.
        std::size_t first = at;
        while (is_digit(text_.unit(first))) ++first;
        const bool spaced = service == AccountService::kWhatsApp || first - at < least;
        while (is_digit(text_.unit(next))) {
            std::size_t group = next;
            while (is_digit(text_.unit(group))) ++group;
            if (size + (group - next) > most) break;
            for (std::size_t i = next; i < group; ++i) key[size++] = static_cast<char>(units_[i]);
            end = group;
            if (!spaced) break;
            const char16_t c = text_.unit(group);
            next = c == u' ' || c == u'-' || c == u'.' ? group + 1 : units_.size();
        }
        // A lower-case letter or more digits right behind: something else.
        if (size < least || is_alnum(text_.unit(end))) return none;
        if (service == AccountService::kQq && key[0] == '0') return none;
        Found found;
        found.kind = FoundKind::kAccount;
        found.service = service;
        found.key = {key.data(), size};
        found.place = text_.place(at, end);
        text_.tell(found);
        // A telephone number that serves as an id is told as a number too; a QQ number is none.
        if (service == AccountService::kQq) text_.take(begin, end);
        return end;
    }

    std::size_t tell(AccountService service, std::size_t begin, std::size_t end, std::size_t id,
                     std::size_t id_end) {
        std::array<char, 32> key{};
        for (std::size_t i = id; i < id_end && i - id < key.size(); ++i) {
            key[i - id] = static_cast<char>(units_[i]);
        }
        Found found;
        found.kind = FoundKind::kAccount;
        found.service = service;
        found.key = {key.data(), std::min(id_end - id, key.size())};
        found.place = text_.place(id, id_end);
        text_.take(begin, end);
        text_.tell(found);
        return end;
    }

    Extraction& text_;
    std::u16string_view units_;
};

}  // namespace

void tell_chat_link(Extraction& text, std::string_view host, std::size_t path, std::size_t end) {
    const bool telegram = host == "t.me" || host == "telegram.me";
    const bool whatsapp = host == "wa.me";
    if (!telegram && !whatsapp) return;
    std::size_t at = path + 1;
    if (whatsapp && text.unit(at) == u'+') ++at;
    std::array<char, 32> key{};
    std::size_t size = 0;
    while (at + size < end && size < key.size()) {
        const char16_t c = text.unit(at + size);
        if (!(whatsapp ? is_digit(c) : is_alnum(c) || c == u'_')) break;
        key[size++] = static_cast<char>(c);
    }
    const std::string_view id(key.data(), size);
    if (size < 5 || (telegram && id == "joinchat")) return;
    Found found;
    found.kind = FoundKind::kAccount;
    found.service = telegram ? AccountService::kTelegram : AccountService::kWhatsApp;
    found.key = id;
    found.place = text.place(at, at + size);
    text.tell(found);
}

void find_accounts(Extraction& text) {
    if (text.seen().names != 0) AccountFinder(text).run();
}

}  // namespace ringfence
