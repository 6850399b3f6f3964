// message_screen.hpp - a Screen with some of the packs that ship, and messages sent to it as octets.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/screen/screen.hpp"
#include "ringfence/text/fold.hpp"
#include "screen/fixture.hpp"
#include "tests/base/source_folder.hpp"
#include "tests/text/gateway.hpp"

namespace ringfence::test {

class MessageScreen {
public:
    MessageScreen(const std::string& country, const std::vector<std::string>& packs) {
        const std::string rules = source_folder() + "rules/";
        std::string toml = "[screen]\ncountry = \"" + country + "\"\n";
        for (const std::string& pack : packs)
            toml += "[[patterns]]\nfile = \"" + rules + pack + ".toml\"\n";
        folder_.write("policy.toml", toml);
        screen_ = std::make_unique<Screen>(open_screen(folder_));
        session_ = std::make_unique<Session>(screen_->session());
    }

    const Screen& screen() const { return *screen_; }

    // The parts of `sent` as messages; they borrow from it.
    std::vector<Sms> messages_of(const Delivery& sent) {
        time_ += 1'000;
        ++reference_;
        std::vector<Sms> messages;
        for (const Octets& octets : sent.parts) {
            Sms message{.sender = AddressView("17000001234"),
                        .recipient = AddressView("17000005678")};
            message.content = octets;
            message.coding = sent.packed ? SmsCoding::kPdu : SmsCoding::kShortMessage;
            message.coding_scheme = sent.gsm7 ? 0x00 : 0x08;
            message.udhi = sent.udhi;
            message.time = time_from_ms(time_);
            if (sent.sar) {
                message.sar_ref = reference_;
                message.sar_total = static_cast<std::uint8_t>(sent.parts.size());
                message.sar_seq = static_cast<std::uint8_t>(messages.size() + 1);
            }
            messages.push_back(message);
        }
        return messages;
    }

    // The verdict on the whole of `text` from the part that completes it; the parts come in order, or from the
    // middle on. Earlier ones are judged as parts.
    Verdict judge_octets(std::u16string_view text, Carriage carriage, std::size_t first = 0) {
        const Delivery sent = deliver(text, carriage, static_cast<std::uint16_t>(reference_ + 1));
        const std::vector<Sms> messages = messages_of(sent);
        Verdict verdict;
        for (std::size_t k = 0; k < messages.size(); ++k) {
            verdict = session_->screen(messages[(k + first) % messages.size()]);
            EXPECT_EQ(verdict.has(VerdictFlag::kPartial), k + 1 < messages.size()) << to_utf8(text);
        }
        EXPECT_FALSE(verdict.has(VerdictFlag::kDegraded)) << to_utf8(text);
        return verdict;
    }

    Verdict judge_text(std::string_view text) {
        time_ += 1'000;
        return session_->screen(sms("17000001234", "17000005678", text, time_));
    }

private:
    PolicyFolder folder_;
    std::unique_ptr<Screen> screen_;
    std::unique_ptr<Session> session_;
    std::int64_t time_ = kNoon;
    std::uint16_t reference_ = 0;
};

}  // namespace ringfence::test
