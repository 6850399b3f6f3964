#include "bench/numbers/phone_library.hpp"

#if defined(RINGFENCE_HAS_PHONENUMBER)
#include <phonenumbers/phonenumberutil.h>

namespace ringfence::bench {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

class Libphonenumber : public PhoneLibrary {
public:
    void parse(const std::string& text) override { util_.Parse(text, "CN", &number_); }
    std::string e164_digits(const std::string& text) override {
        if (util_.Parse(text, "CN", &number_) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
        std::string written;
        util_.Format(number_, PhoneNumberUtil::E164, &written);
        return written.substr(1);
    }

private:
    const PhoneNumberUtil& util_ = *PhoneNumberUtil::GetInstance();
    PhoneNumber number_;
};

}  // namespace

std::unique_ptr<PhoneLibrary> make_phone_library() { return std::make_unique<Libphonenumber>(); }

}  // namespace ringfence::bench
#else
namespace ringfence::bench {
std::unique_ptr<PhoneLibrary> make_phone_library() { return nullptr; }
}  // namespace ringfence::bench
#endif
