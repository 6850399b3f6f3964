// phone_library.hpp - libphonenumber as a reader of numbers under China's plan.
#pragma once

#include <memory>
#include <string>

namespace ringfence::bench {

class PhoneLibrary {
public:
    virtual ~PhoneLibrary() = default;
    virtual void parse(const std::string& text) = 0;
    // Country code and national number; empty for no number.
    virtual std::string e164_digits(const std::string& text) = 0;
};

// Null when it was not built in.
std::unique_ptr<PhoneLibrary> make_phone_library();

}  // namespace ringfence::bench
