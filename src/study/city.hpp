// city.hpp - who lives in the synthetic city, and the events they make.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "ringfence/study/generate.hpp"
#include "src/study/random.hpp"

namespace ringfence::study {

// What the labels call it; the first is no fraud. Names are those of fraud_types.
enum class FraudType : std::uint8_t {
    kNone,
    kTaskRebate,
    kFakeInvestment,
    kFakeShopping,
    kFakeCourierService,
    kFakeLoan,
    kFakeCredit,
    kFakeBossOrFriend,
    kFakeAuthority,
    kRomance,
    kGameTrade,
    kEtcPoints,
    kGambling,
    kCardTrade,
    kSimbox,
    kWangiri,
    kCallBombing,
};
inline constexpr std::size_t kFraudTypes = 17;
inline constexpr std::int64_t kSecondMs = 1000;
inline constexpr std::size_t kStories = 10;  // kTaskRebate to kGameTrade: what a caller tells

std::string_view name_of(FraudType type);

struct Subscriber {
    std::uint64_t number = 0;  // 11 digits
    std::uint64_t imei = 0;
    std::uint32_t cell = 0;
};

enum class CityTrunk : std::uint8_t { kSubscriber, kNational, kInternational };
enum class CityRoaming : std::uint8_t { kNotAsked, kYes, kNo, kUnknown };

struct CallEvent {
    std::int64_t ms = 0;
    std::uint64_t order = 0;  // of making: breaks ties
    std::string calling;
    std::string called;
    std::string redirecting;
    std::uint64_t call_id = 0;
    std::uint64_t imei = 0;
    std::uint32_t cell = 0;
    CityTrunk trunk = CityTrunk::kSubscriber;
    CityRoaming roaming = CityRoaming::kNotAsked;
    bool emergency = false;
    FraudType fraud = FraudType::kNone;
};

enum class CityCoding : std::uint8_t { kText, kPdu, kShortMessage };

struct SmsEvent {
    std::int64_t ms = 0;
    std::uint64_t order = 0;
    std::string sender;
    std::string recipient;
    std::string content;  // UTF-8 text, or octets
    std::uint16_t sar_ref = 0;
    std::uint8_t sar_total = 0;
    std::uint8_t sar_seq = 0;
    std::uint8_t scheme = 0;  // dcs or data_coding
    CityCoding coding = CityCoding::kText;
    bool udhi = false;
    FraudType fraud = FraudType::kNone;
};

// A row of one of the lists.
struct ListedNumber {
    std::string number;
    bool prefix = false;
    std::string category;
};

// The people, and the pools of numbers that events draw from.
class City {
public:
    explicit City(const CityOptions& options);

    const std::vector<Subscriber>& subscribers() const { return subscribers_; }
    const Subscriber& anybody(Random& random) const {
        return subscribers_[random.below(subscribers_.size())];
    }
    // Somebody whom `index` knows: the same dozen every time.
    const Subscriber& friend_of(std::size_t index, Random& random) const;

    // Numbers that no subscriber has, nor anybody before.
    std::uint64_t new_mobile(Random& random);
    std::uint64_t new_virtual_mobile(Random& random);  // of the resellers' ranges
    std::uint64_t new_iot(Random& random);             // 13 digits

    std::int64_t start_ms() const { return start_ms_; }

    std::vector<ListedNumber> fraud_list;
    std::vector<ListedNumber> allow_list;

private:
    std::uint64_t unused(std::uint64_t number, Random& random, std::uint64_t spread);

    std::int64_t start_ms_;
    std::unordered_set<std::uint64_t> used_;
    std::vector<Subscriber> subscribers_;
};

// A landline of any area, without trunk 0: 10 or 11 digits. City landlines are those of area 755.
std::string landline(Random& random);
std::string city_landline(Random& random);
std::uint64_t imei(Random& random);

// A moment of the day, in ms from its start: when people are awake; when offices are open.
std::int64_t waking_ms(Random& random);
std::int64_t office_ms(Random& random);

// Exactly options.calls events, and options.sms, in the order of time. Both add to the city's
// lists.
std::vector<CallEvent> make_calls(City& city, const CityOptions& options);
std::vector<SmsEvent> make_messages(City& city, const CityOptions& options);

}  // namespace ringfence::study
