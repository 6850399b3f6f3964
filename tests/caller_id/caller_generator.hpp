// caller_generator.hpp - callers at random, as the model describes them, and the digits for each.
//
// Numbers of fiction where a country has them. Used against `judge` alone, and through a whole Screen.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "caller_id/caller_id_model.hpp"

namespace ringfence::model {

class CallerGenerator {
public:
    explicit CallerGenerator(unsigned seed) : random_(seed) {}

    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
    std::string digits(unsigned n) {
        std::string text;
        while (text.size() < n) text.push_back(static_cast<char>('0' + below(10)));
        return text;
    }
    template <class T>
    const T& one_of(const std::vector<T>& all) {
        return all[below(static_cast<unsigned>(all.size()))];
    }

    Described describe() {
        Described caller;
        caller.what = static_cast<What>(below(model::kWhatCount));
        do caller.written = static_cast<Written>(below(model::kWrittenCount));
        while (!can_be_written(caller.what, caller.written));
        caller.medium = below(5) == 0 ? Medium::kSms : Medium::kCall;
        caller.place = static_cast<Place>(below(4));
        caller.listed = static_cast<Listed>(below(3));
        caller.roaming = static_cast<Roaming>(below(3));
        caller.redirected_by_mobile = below(3) == 0;
        caller.verstat_failed = below(8) == 0;
        return caller;
    }

    // The national number; foreign ones with their country code.
    std::string national(What what) {
        switch (what) {
            case What::kNobody: return "";
            case What::kName: return one_of<std::string>({"ICBC", "Bank", "Apple"});
            case What::kZeros:
                return one_of<std::string>({"000", "+0", "+000"}) + digits(below(8) + 1);
            case What::kEmergency:
                return one_of<std::string>({"110", "119", "120", "122", "12110", "12395", "95110"});
            case What::kProtected: return one_of<std::string>({"95588", "95533", "10086", "10010"});
            case What::kAreaProtected: return one_of<std::string>({"10", "755", "21"}) + "96110";
            case What::kShort: return one_of<std::string>({"12345", "12306", "12315"});
            case What::kSmsPort: return one_of<std::string>({"1069", "10657", "10655"}) + digits(8);
            case What::kSharedCost: return one_of<std::string>({"400", "800"}) + digits(7);
            case What::kIot: return one_of<std::string>({"1440", "14861"}) + digits(8);
            case What::kReserved: return one_of<std::string>({"154", "164"}) + digits(8);
            case What::kMobile:
                return one_of<std::string>({"138", "139", "1700", "186"}) + "0000" + digits(4);
            case What::kLandline:
                return one_of<std::string>({"10", "21", "755"}) +
                       one_of<std::string>({"62", "83"}) + digits(6);
            case What::kLongMobile: return "1380000" + digits(5);
            case What::kForeign:
                return one_of<std::string>({"4420794600", "3363998", "12025550"}) + "1" + digits(1);
            case What::kForeignListed: return "9591234" + digits(5);
        }
        return "";
    }

    std::string write(const Described& caller) {
        std::string number = national(caller.what);
        if (caller.what == What::kMobile) number.resize(11);
        if (caller.what == What::kIot) number.resize(13, '7');
        if (caller.what == What::kForeign) {
            // 020 7946 0xxx, 06 39 98 xx xx, 202 555 01xx
            if (number.starts_with("44")) number.resize(12, '5');
            if (number.starts_with("33")) number.resize(11, '5');
            if (number.starts_with("12")) number.resize(11, '5');
        }
        const bool foreign = caller.what == What::kForeign || caller.what == What::kForeignListed;
        switch (caller.written) {
            case Written::kBare: return number;
            case Written::kTrunkZero: return "0" + number;
            case Written::kPlusHome: return (foreign ? "+" : "+86") + number;
            case Written::kZerosHome: return (foreign ? "00" : "0086") + number;
            case Written::kPlusBare: return "+" + number;
            case Written::kZerosBare: return "00" + number;
        }
        return number;
    }

private:
    static bool can_be_written(What what, Written written) {
        switch (what) {
            case What::kNobody:
            case What::kName:
            case What::kZeros: return written == Written::kBare;
            case What::kForeign:
            case What::kForeignListed:
                return written == Written::kPlusHome || written == Written::kZerosHome;
            case What::kMobile:
                return written != Written::kPlusBare && written != Written::kZerosBare;
            case What::kLandline:
            case What::kAreaProtected:
                return written == Written::kTrunkZero || written == Written::kPlusHome ||
                       written == Written::kZerosHome;
            case What::kLongMobile:
                return written == Written::kBare || written == Written::kPlusHome;
            case What::kIot:
            case What::kReserved:
                return written == Written::kBare || written == Written::kPlusHome ||
                       written == Written::kZerosHome;
            case What::kSmsPort:
            case What::kSharedCost:
            case What::kEmergency:
            case What::kProtected:
            case What::kShort: return written != Written::kTrunkZero;
        }
        return false;
    }

    std::mt19937 random_;
};

}  // namespace ringfence::model
