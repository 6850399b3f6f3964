// The messages of the day, and the disguises that some of them wear.
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "ringfence/text/fold.hpp"
#include "src/study/city.hpp"
#include "src/study/encode_sms.hpp"

namespace ringfence::study {
namespace {

struct Template {
    FraudType type;
    std::string_view text;
};

#include "src/study/city_messages.inc"

// Rows in a thousand; messages between people are the rest.
constexpr unsigned kFraudShare = 150;
constexpr unsigned kPortShare = 480;
constexpr unsigned kBankShare = 90;
constexpr unsigned kOperatorShare = 40;
constexpr unsigned kWarningShare = 20;
constexpr unsigned kBinaryShare = 2;

constexpr auto kBankCodes =
    std::to_array<std::string_view>({"95588", "95533", "95599", "95566", "95555", "95559"});
constexpr auto kOperatorCodes = std::to_array<std::string_view>({"10086", "10010", "10000"});
constexpr auto kPortPrefixes =
    std::to_array<std::string_view>({"1069", "10690", "106575", "106550", "106590", "10658"});
constexpr auto kAbroadPrefixes =
    std::to_array<std::string_view>({"+8559", "+639", "+601", "+959", "00852", "+1415", "+447"});
// Hosts that nobody has: the reserved top-level domains and example names (RFC 2606).
constexpr auto kHosts = std::to_array<std::string_view>(
    {"etc-query.example", "a7k2.test", "kf-tuikuan.example.com", "jr88.invalid",
     "pay-9x.example.net", "yb.gov-cn.example", "t1.example.org", "vip888.test"});
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

template <class T, std::size_t kSize>
const T& pick(Random& random, const T (&from)[kSize]) {
    return from[random.below(kSize)];
}

std::string digits(Random& random, unsigned size) {
    std::string text(1, static_cast<char>('1' + random.below(9)));
    while (text.size() < size) text.push_back(static_cast<char>('0' + random.below(10)));
    return text;
}

std::string letters(Random& random, unsigned size) {
    std::string text;
    while (text.size() < size) text.push_back(kAlphabet[random.below(kAlphabet.size())]);
    return text;
}

// Octets of the UTF-8 character that begins with `first`.
std::size_t character_size(char first) {
    const auto octet = static_cast<unsigned char>(first);
    return octet < 0x80 ? 1 : octet < 0xE0 ? 2 : octet < 0xF0 ? 3 : 4;
}

std::string full_width(std::string_view text, bool digits_only) {
    std::string out;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!digit && (digits_only || !letter)) {
            out.push_back(c);
            continue;
        }
        // U+FF01 stands for '!', and so on.
        const unsigned point = 0xFF01u + static_cast<unsigned>(c - '!');
        out.push_back(static_cast<char>(0xE0u | point >> 12u));
        out.push_back(static_cast<char>(0x80u | (point >> 6u & 0x3Fu)));
        out.push_back(static_cast<char>(0x80u | (point & 0x3Fu)));
    }
    return out;
}

// The digits 1 to 9 in circles.
std::string circled(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= '1' && c <= '9') {
            out.append("\xE2\x91").push_back(static_cast<char>(0xA0 + (c - '1')));
        } else {
            out.push_back(c);
        }
    }
    return out;
}

std::string with_look_alikes(std::string_view text, Random& random) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        const auto* swap = std::find_if(std::begin(kLookAlikes), std::end(kLookAlikes),
                                        [&](const Swap& s) { return rest.starts_with(s.from); });
        if (swap != std::end(kLookAlikes) && random.per_mille(700)) {
            out.append(random.pick(swap->to));
            at += swap->from.size();
        } else {
            const std::size_t size = character_size(text[at]);
            out.append(rest.substr(0, size));
            at += size;
        }
    }
    return out;
}

// Blanks between Han characters, never inside what is ASCII.
std::string with_blanks(std::string_view text, Random& random) {
    const std::string_view blank = pick(random, kBlanks);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = character_size(text[at]);
        out.append(text.substr(at, size));
        at += size;
        if (size == 3 && at < text.size() && character_size(text[at]) == 3 &&
            random.per_mille(350)) {
            out.append(blank);
        }
    }
    return out;
}

class Post {
public:
    Post(City& city, const CityOptions& options)
        : city_(city), random_(options.seed ^ 0x736D730000000001u), total_(options.sms) {
        rows_.reserve(total_);
        // Senders of fraud each write to many.
        for (std::uint64_t i = 0; i < 8 + total_ / 400; ++i) spammers_.push_back(spammer());
    }

    std::vector<SmsEvent> run() {
        constexpr std::array<std::uint16_t, 7> kKinds = {kFraudShare,
                                                         kPortShare,
                                                         kBankShare,
                                                         kOperatorShare,
                                                         kWarningShare,
                                                         kBinaryShare,
                                                         1000 - kFraudShare - kPortShare -
                                                             kBankShare - kOperatorShare -
                                                             kWarningShare - kBinaryShare};
        while (rows_.size() < total_) {
            switch (random_.weighted(kKinds)) {
                case 0: fraud(); break;
                case 1: port(); break;
                case 2: bank(); break;
                case 3: write(random_.pick(kOperatorCodes), kOperatorTexts); break;
                case 4: write(random_.per_mille(500) ? "12381" : "96110", kWarningTexts); break;
                case 5: binary(); break;
                default: person(); break;
            }
        }
        std::sort(rows_.begin(), rows_.end(), [](const SmsEvent& a, const SmsEvent& b) {
            return std::pair(a.ms, a.order) < std::pair(b.ms, b.order);
        });
        return std::move(rows_);
    }

private:
    static constexpr std::uint64_t kPlain = 11;  // and every other from 6 on

    struct Spammer {
        std::string sender;
        FraudType type = FraudType::kNone;
        std::string_view text;
        std::uint64_t disguise = 0;
        std::int64_t from_ms = 0;  // when the campaign begins
    };

    Spammer spammer() {
        Spammer spammer;
        constexpr std::array<std::uint16_t, 5> kSenders = {350, 250, 250, 100, 50};
        switch (random_.weighted(kSenders)) {
            case 0: spammer.sender = std::to_string(city_.new_virtual_mobile(random_)); break;
            case 1:
                spammer.sender = random_.pick(kAbroadPrefixes);
                spammer.sender.append(digits(random_, 8));
                break;
            case 2: spammer.sender = port_number(); break;
            // From a false base station: whatever sender it likes.
            case 3: spammer.sender = std::string(random_.pick(kBankCodes)); break;
            default: spammer.sender = "INFO" + digits(random_, 2); break;
        }
        const bool english = random_.per_mille(60);
        const Template& choice =
            english ? pick(random_, kFraudEnglish) : pick(random_, kFraudTexts);
        spammer.type = choice.type;
        spammer.text = choice.text;
        spammer.disguise = english ? kPlain : random_.below(12);
        spammer.from_ms = waking_ms(random_);
        const bool own = spammer.sender.size() > 8 && spammer.sender.front() != 'I';
        if (own && random_.per_mille(400)) {
            city_.fraud_list.push_back({spammer.sender, false, std::string(name_of(spammer.type))});
        }
        return spammer;
    }

    std::string port_number() {
        const std::string prefix(random_.pick(kPortPrefixes));
        return prefix +
               digits(random_, static_cast<unsigned>(random_.between(6, 20 - prefix.size())));
    }

    std::string amount() {
        return random_.per_mille(500) ? std::to_string(random_.between(1, 99) * 100)
                                      : std::to_string(random_.between(50, 9999));
    }

    std::string slot(char name) {
        switch (name) {
            case 'u':
                return std::string(random_.per_mille(500) ? "https://" : "")
                    .append(random_.pick(kHosts))
                    .append("/")
                    .append(letters(random_, 5));
            case 't': return std::to_string(city_.anybody(random_).number);
            case 'w': return letters(random_, 2).append(digits(random_, 6));
            case 'q': return digits(random_, 9);
            case 'g': return "@" + letters(random_, 8);
            case 'a': return amount();
            case 'n': return std::string(pick(random_, kSurnames));
            case 'b': return std::string(pick(random_, kBanks));
            case 'c': return digits(random_, 6);
            case 'o': return "YT" + digits(random_, 11);
            default: return digits(random_, 4);
        }
    }

    std::string fill(std::string_view text) {
        std::string out;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '{' && at + 2 < text.size() && text[at + 2] == '}') {
                out.append(slot(text[at + 1]));
                at += 2;
            } else {
                out.push_back(text[at]);
            }
        }
        return out;
    }

    std::string disguised(const std::string& text, std::uint64_t how) {
        switch (how) {
            case 0: return full_width(text, true);
            case 1: return full_width(text, false);
            case 2: return with_blanks(text, random_);
            case 3: return with_look_alikes(text, random_);
            case 4: return circled(with_look_alikes(text, random_));
            case 5: return with_blanks(with_look_alikes(text, random_), random_);
            default: return text;
        }
    }

    void fraud() {
        const Spammer& spammer = spammers_[random_.below(spammers_.size())];
        fraud_ = spammer.type;
        const std::string text = fill(spammer.text);
        // A campaign runs for an hour or two.
        at_ms_ = spammer.from_ms + static_cast<std::int64_t>(random_.below(5400)) * kSecondMs;
        send(spammer.sender, disguised(text, spammer.disguise));
        fraud_ = FraudType::kNone;
        at_ms_ = -1;
    }

    // One of `texts`. Draws in a body of its own: arguments are evaluated in no fixed order.
    template <std::size_t kSize>
    void write(std::string_view sender, const std::string_view (&texts)[kSize]) {
        send(sender, fill(pick(random_, texts)));
    }

    void port() { write(port_number(), kPortTexts); }

    void bank() {
        // Some banks send under a name.
        if (random_.per_mille(100)) {
            write("CITYBANK", kBankTexts);
        } else {
            write(random_.pick(kBankCodes), kBankTexts);
        }
    }

    void person() {
        const std::size_t index = random_.below(city_.subscribers().size());
        const std::string_view text =
            random_.per_mille(120) ? pick(random_, kPersonEnglish) : pick(random_, kPersonTexts);
        recipient_ = std::to_string(city_.friend_of(index, random_).number);
        send(std::to_string(city_.subscribers()[index].number), fill(text));
        recipient_.clear();
    }

    // Settings for a device, which nobody reads.
    void binary() {
        SmsEvent row = begun(port_number());
        row.coding = CityCoding::kPdu;
        row.scheme = 0x04;
        const std::uint64_t size = random_.between(8, 120);
        for (std::uint64_t i = 0; i < size; ++i)
            row.content.push_back(static_cast<char>(random_.below(256)));
        add(std::move(row));
    }

    SmsEvent begun(std::string_view sender) {
        SmsEvent row;
        row.sender = sender;
        row.recipient =
            recipient_.empty() ? std::to_string(city_.anybody(random_).number) : recipient_;
        row.fraud = fraud_;
        row.ms = at_ms_ >= 0 ? at_ms_ : waking_ms(random_);
        return row;
    }

    void add(SmsEvent row) {
        if (rows_.size() >= total_) return;
        row.ms = city_.start_ms() + std::min(row.ms, kDayMs - 1) / kSecondMs * kSecondMs;
        row.order = rows_.size();
        rows_.push_back(std::move(row));
    }

    // As text, as a mobile's PDU or as a gateway's short message; in parts where it is long, unless
    // the last rows of the day leave no room for all of them.
    void send(std::string_view sender, const std::string& text) {
        SmsEvent row = begun(sender);
        row.coding = random_.pick(
            std::array{CityCoding::kText, CityCoding::kPdu, CityCoding::kShortMessage});
        if (row.coding == CityCoding::kText) {
            row.content = text;
            return add(std::move(row));
        }
        const bool pdu = row.coding == CityCoding::kPdu;
        const auto reference = static_cast<std::uint16_t>(random_.below(pdu ? 256 : 65536));
        Concatenation concatenation = Concatenation::kHeader8;
        if (random_.per_mille(300)) concatenation = Concatenation::kHeader16;
        if (!pdu && random_.per_mille(500)) concatenation = Concatenation::kSar;

        std::vector<std::uint8_t> septets;
        const bool gsm = to_septets(text, septets);
        const auto parts = gsm ? gsm_parts(septets, pdu ? Packing::kPacked : Packing::kOctet,
                                           concatenation, reference)
                               : ucs2_parts(to_utf16(text), concatenation, reference);
        row.scheme = gsm ? 0 : 8;
        if (rows_.size() + parts.size() > total_) {
            row.coding = CityCoding::kText;
            row.scheme = 0;
            row.content = text;
            return add(std::move(row));
        }
        const bool swapped = parts.size() > 1 && random_.per_mille(100);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            // Parts overtake one another now and then.
            const SmsPart& part = parts[swapped ? parts.size() - 1 - i : i];
            SmsEvent piece = row;
            piece.content = part.octets;
            piece.udhi = part.udhi;
            if (concatenation == Concatenation::kSar && parts.size() > 1) {
                piece.sar_ref = reference;
                piece.sar_total = static_cast<std::uint8_t>(parts.size());
                piece.sar_seq = part.seq;
            }
            piece.ms += static_cast<std::int64_t>(i) * kSecondMs;
            add(std::move(piece));
        }
    }

    City& city_;
    Random random_;
    std::uint64_t total_;
    std::vector<Spammer> spammers_;
    std::vector<SmsEvent> rows_;
    // What the message being written is.
    FraudType fraud_ = FraudType::kNone;
    std::int64_t at_ms_ = -1;
    std::string recipient_;
};

}  // namespace

std::vector<SmsEvent> make_messages(City& city, const CityOptions& options) {
    return Post(city, options).run();
}

}  // namespace ringfence::study
