// whole - a message's whole way to its verdict under a policy: octets, decode, fold, rules, score, extract, look up, decide;
// and behind it the sketch and the store of campaigns, which fold the text once more.
#include "bench/rounds.hpp"
#include "bench/text/stream.hpp"
#include "bench/text/subjects.hpp"
#include "ringfence/campaign/store.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/text/fold.hpp"

namespace ringfence::bench {
namespace {

constexpr std::size_t kSenders = 1'000;
constexpr double kNsAUs = 1e3;

class Gateway {
public:
    explicit Gateway(const std::string& policy) {
        auto screen = Screen::open(policy);
        if (!screen) give_up(screen.error().text);
        screen_.emplace(*std::move(screen));
        session_.emplace(screen_->session());
        auto store = CampaignStore::create();
        if (!store) give_up(store.error().text);
        store_.emplace(*std::move(store));
        for (std::size_t i = 0; i < kSenders; ++i)
            senders_.push_back("1069" + std::to_string(1'000'000 + i));
    }

    void take(const Stream& stream) {
        messages_.clear();
        for (const SmsContent& content : stream.messages) {
            Sms message{.sender = AddressView(senders_[messages_.size() % kSenders]),
                        .recipient = AddressView("13800001234")};
            message.content = content.octets;
            message.coding = SmsCoding::kPdu;
            message.coding_scheme = content.scheme;
            messages_.push_back(message);
        }
        verdicts_.resize(messages_.size());
    }

    // Each round is an hour later.
    void run(const Stream& stream) {
        now_ += std::chrono::hours(1);
        for (Sms& message : messages_) message.time = now_;
        session_->screen(std::span<const Sms>(messages_), verdicts_);
        for (std::size_t i = 0; i < messages_.size(); ++i) {
            decode(stream.messages[i], decoded_);
            fold(decoded_.text(), folded_);
            Sketch made;
            if (sketch(folded_.dense().text(), made)) store_->add(made, i % kSenders, now_);
        }
    }

private:
    std::optional<Screen> screen_;
    std::optional<Session> session_;
    std::optional<CampaignStore> store_;
    std::vector<std::string> senders_;
    std::vector<Sms> messages_;
    std::vector<Verdict> verdicts_;
    DecodedText decoded_;
    FoldedText folded_;
    Time now_ = time_from_ms(1'772'366'400'000);
};

}  // namespace

// The dearest of the streams.
void measure_whole(const Options& options, Figures& figures) {
    Gateway gateway(options.policy);
    std::vector<double> dearest;
    for (const char* name : {"zh", "en", "mix"}) {
        const Stream stream = load_stream(options.packs, name);
        gateway.take(stream);
        Rounds rounds;
        const std::size_t ours =
            rounds.add(std::string("whole, ") + name, static_cast<double>(stream.messages.size()),
                       [&] { gateway.run(stream); });
        rounds.run(options.rounds);
        rounds.log();
        std::vector<double> us = rounds.ns(ours);
        for (double& one : us) one /= kNsAUs;
        if (dearest.empty() || median(us) > median(dearest)) dearest = std::move(us);
    }
    figures.add("sms_whole_us_10k_mixed", dearest);
}

}  // namespace ringfence::bench
