// The coding of a message changes nothing of its verdict, and one that cannot be read gets what the policy says.
#include <array>
#include <vector>

#include "tests/screen/fixture.hpp"

namespace ringfence {
namespace {

using namespace test;

using Octets = std::vector<std::uint8_t>;

// "give the host a thumb up and get a commission back", which a rule of the usual policy holds.
const Octets kGb18030 = {0xB8, 0xF8, 0xD6, 0xF7, 0xB2, 0xA5, 0xB5, 0xE3,
                         0xD4, 0xDE, 0xBE, 0xCD, 0xB7, 0xB5, 0xD3, 0xB6};

class CodingOfMessages : public UsualPolicy {
protected:
    static Sms short_message(const Octets& octets, unsigned coding) {
        Sms message = sms("10690000000001", "13800002222", "");
        message.coding = SmsCoding::kShortMessage;
        message.coding_scheme = static_cast<std::uint8_t>(coding);
        message.content = octets;
        return message;
    }
};

TEST_F(CodingOfMessages, is_read_by_data_coding) {
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    EXPECT_EQ(session.screen(short_message(kGb18030, 15)).action, Action::kHold);
    EXPECT_EQ(session.screen(short_message(kGb18030, 3)).action, Action::kAllow);
}

TEST_F(CodingOfMessages, is_read_by_the_default_of_its_bind) {
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\n[[patterns]]\nfile = \"rules.toml\"\n"
                  "[[bind]]\nid = \"gb\"\ndefault_alphabet = \"gb18030\"\n"
                  "[[bind]]\nid = \"ks\"\ndefault_alphabet = \"ks_c_5601\"\n"
                  "[[bind]]\nid = \"jis\"\ndefault_alphabet = \"shift_jis\"\n"
                  "[[bind]]\nid = \"ru\"\ndefault_alphabet = \"cyrillic\"\n"
                  "[[bind]]\nid = \"he\"\ndefault_alphabet = \"hebrew\"\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    for (const char* bind : {"ks", "jis", "ru", "he"}) {
        Sms message = short_message(kGb18030, 0);
        message.bind = screen.bind(bind);
        ASSERT_NE(message.bind.index, 0);
        EXPECT_EQ(session.screen(message).action, Action::kAllow) << bind;
    }
    Sms message = short_message(kGb18030, 0);
    message.bind = screen.bind("gb");
    EXPECT_EQ(session.screen(message).action, Action::kHold);
}

TEST_F(CodingOfMessages, of_a_national_language_is_read) {
    folder_.write(
        "policy.toml",
        "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"hosts\"\nfile = \"hosts.csv\"\nkeys = "
        "\"domain\"\naction = \"reject\"\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    // "paisa phish.example.com" in Devanagari and the capital letters of the single shift table.
    Octets octets = {6, 0x24, 1, 6, 0x25, 1, 6, 0x3D, 0x5A, 0x4C, 0x50, ' '};
    for (const char letter : std::string("phish.example.com")) {
        octets.push_back(static_cast<std::uint8_t>(letter));
    }
    Sms message = short_message(octets, 0);
    message.udhi = true;
    EXPECT_EQ(session.screen(message).reason, Reason::kTextList);
}

TEST_F(CodingOfMessages, that_nobody_knows_gets_what_the_policy_says) {
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\n[failure]\ndecode_error = \"reject\"\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Verdict unknown = session.screen(short_message(kGb18030, 11));
    EXPECT_EQ(unknown.action, Action::kReject);
    EXPECT_EQ(unknown.reason, Reason::kDecodeError);
    EXPECT_TRUE(unknown.has(VerdictFlag::kDegraded));
    Sms compressed = short_message(kGb18030, 0x20);
    compressed.coding = SmsCoding::kPdu;
    EXPECT_EQ(session.screen(compressed).reason, Reason::kDecodeError);
    // Octets without a text are no error: they are what they are.
    EXPECT_EQ(session.screen(short_message(kGb18030, 4)).action, Action::kAllow);
}

// A part that cannot be read is no way around the policy, whichever it is.
TEST_F(CodingOfMessages, of_one_part_decides_for_the_whole) {
    folder_.write("policy.toml",
                  "[screen]\ncountry = \"CN\"\n[failure]\ndecode_error = \"reject\"\n");
    Screen screen = open_screen(folder_);
    Session session = screen.session();
    const Octets text = {'h', 'e', 'l', 'l', 'o'};
    const Octets no_text = {0xC4, 0xE3, 0xBA, 0xC3};
    struct Part {
        const Octets& octets;
        std::uint8_t coding;
        bool readable;
    };
    const Part kGood = {text, 1, true}, kUnknown = {text, 11, false}, kNoText = {no_text, 1, false};
    std::uint16_t reference = 0;
    for (const auto& parts :
         {std::array{kUnknown, kGood}, std::array{kGood, kUnknown}, std::array{kNoText, kGood},
          std::array{kGood, kNoText}, std::array{kGood, kGood}}) {
        SCOPED_TRACE(++reference);
        for (std::uint8_t i = 0; i < 2; ++i) {
            Sms part = short_message(parts[i].octets, parts[i].coding);
            part.sar_ref = reference;
            part.sar_total = 2;
            part.sar_seq = static_cast<std::uint8_t>(i + 1);
            const Verdict verdict = session.screen(part);
            const bool readable = parts[i].readable && (i == 0 || parts[0].readable);
            EXPECT_EQ(verdict.action, readable ? Action::kAllow : Action::kReject);
            EXPECT_EQ(verdict.has(VerdictFlag::kDegraded), !readable);
        }
    }
    const auto told = screen.explain(short_message(no_text, 1));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->decode_status, "error");
    EXPECT_EQ(told->decode_oddities, std::vector<std::string>{"invalid_octet"});
    EXPECT_NE(told->to_json().find("\"decode_oddities\":[\"invalid_octet\"]"), std::string::npos);
}

}  // namespace
}  // namespace ringfence
