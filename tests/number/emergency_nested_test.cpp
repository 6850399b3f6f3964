// Every emergency code of every plan in every documented form, with what may stand around it two deep; and the
// neighbours of those forms, which are none.
#include <set>
#include <string>
#include <vector>

#include "number/metadata_patterns.hpp"
#include "number/reading.hpp"

namespace ringfence {
namespace {

using Texts = std::vector<std::string>;

Texts with_all(const Texts& befores, const Texts& texts) {
    Texts made;
    for (const std::string& before : befores)
        for (const std::string& text : texts) made.push_back(before + text);
    return made;
}

void append(Texts& to, const Texts& more) { to.insert(to.end(), more.begin(), more.end()); }

Texts prefixes_of(const DialPlan& plan) {
    Texts prefixes;
    for (const std::string_view one : plan.row().international_prefixes) prefixes.emplace_back(one);
    return prefixes;
}

const Texts& some_areas() {
    static const Texts areas = {"10", "21", "755", "951"};
    return areas;
}

const Texts& all_areas() {
    static const Texts areas = [] {
        Texts made;
        for (const model::ChinaArea& one : model::kChinaAreas) made.emplace_back(one.area);
        return made;
    }();
    return areas;
}

// The code, and what may be dialled for it at home: behind an area code, behind the trunk prefix.
Texts home_forms(const DialPlan& plan, const std::string& code, const Texts& areas) {
    Texts forms = {code};
    if (plan.country() == CountryCode("CN")) {
        append(forms, with_all(areas, {code}));
        if (code == "12110") append(forms, {"12110755", "121100755"});
    }
    if (!plan.trunk_prefix().empty())
        append(forms, with_all({std::string(plan.trunk_prefix())}, forms));
    return forms;
}

// All of docs/emergency-numbers.md in digits and '+', but for what reads as a number of the plan.
Texts dialled_forms(const DialPlan& plan, const std::string& code,
                    const Texts& areas = some_areas()) {
    const Texts home = home_forms(plan, code, areas);
    const std::string calling_code(plan.country_calling_code());
    const Texts prefixes = prefixes_of(plan);
    Texts forms = home;
    append(forms, with_all({"+"}, home));
    append(forms, with_all(prefixes, home));
    append(forms, with_all({"+" + calling_code}, home));
    append(forms, with_all(with_all(prefixes, {calling_code}), home));
    // Without + the trunk prefix alone is not taken off: that is a local number elsewhere.
    append(forms, {calling_code + code});
    for (const std::string& form : home)
        if (plan.country() == CountryCode("CN") && form != "0" + code && form != "012110755" &&
            form != "0121100755")
            forms.push_back(calling_code + form);
    return forms;
}

// A number, a service code or another emergency, and so not this one.
bool is_number(const Normalized& n) {
    return n.valid && !n.emergency && !has(n.oddities, Oddity::kUnknownRange);
}

std::string full_width(const std::string& text) {
    std::string wide;
    for (const char c : text) {
        const unsigned code = 0xFF00u + static_cast<unsigned char>(c) - 0x20u;
        wide += static_cast<char>(0xE0u | code >> 12u);
        wide += static_cast<char>(0x80u | (code >> 6u & 0x3Fu));
        wide += static_cast<char>(0x80u | (code & 0x3Fu));
    }
    return wide;
}

// What says before a number whether the caller is shown. One is enough: two are none.
Texts restricted(const DialPlan& plan, const std::string& text) {
    Texts befores = {"*31#", "#31#"};
    const std::string_view code = plan.country_calling_code();
    if (code == "1") append(befores, {"*67", "*82", "1167", "1182"});
    if (code == "44") append(befores, {"141", "1470"});
    if (code == "33") append(befores, {"3651"});
    return with_all(befores, {text});
}

// What ends a number: '#', fillers, or both.
Texts ended(const std::string& text) { return {text + "#", text + "F", text + "FF", text + "#F"}; }

class EmergencyNested : public testing::Test {
protected:
    void is_emergency(const std::string& text, const DialPlan& plan) {
        ++asked_;
        const Normalized n = normalize(parse(std::string_view(text)), plan);
        EXPECT_TRUE(n.emergency) << plan.country().text() << " " << text;
        EXPECT_EQ(n.kind, NumberKind::kEmergency) << plan.country().text() << " " << text;
    }
    // As text, in full width (fillers come from octets and have none), and as a URI.
    void is_emergency_written(const std::string& text, const DialPlan& plan) {
        is_emergency(text, plan);
        if (text.find('F') == std::string::npos) is_emergency(full_width(text), plan);
        is_emergency("sip:" + escaped(text) + "@gw.example", plan);
        is_emergency("tel:" + escaped(text), plan);
    }
    static std::string escaped(const std::string& text) {
        std::string made;
        for (const char c : text) made += c == '#' ? std::string("%23") : std::string(1, c);
        return made;
    }
    unsigned asked_ = 0;
};

TEST_F(EmergencyNested, holds_in_every_form_with_two_wrappers) {
    for (const DialPlan& plan : DialPlan::all()) {
        for (const std::string_view number : plan.emergency_numbers()) {
            for (const std::string& form : dialled_forms(plan, std::string(number))) {
                if (is_number(normalize(parse(std::string_view(form)), plan))) continue;
                is_emergency_written(form, plan);
                is_emergency("tel:" + form + ";phone-context=gw.example", plan);
                for (const std::string& once : ended(form)) is_emergency_written(once, plan);
                for (const std::string& once : restricted(plan, form)) {
                    const Address address = parse(std::string_view(once));
                    if (is_number(normalize(address, plan))) continue;
                    is_emergency_written(once, plan);
                    for (const std::string& twice : ended(once)) is_emergency_written(twice, plan);
                }
            }
        }
    }
    EXPECT_GT(asked_, 20'000u);
}

TEST_F(EmergencyNested, holds_behind_a_foreign_context) {
    for (const DialPlan& plan : DialPlan::all()) {
        for (const std::string_view number : plan.emergency_numbers()) {
            for (const std::string& form : dialled_forms(plan, std::string(number))) {
                if (form.starts_with('+') ||
                    is_number(normalize(parse(std::string_view(form)), plan)))
                    continue;
                // A context of which no number can be made: no country has this code.
                const std::string text = "tel:" + form + ";phone-context=+210";
                is_emergency(text, plan);
            }
        }
    }
}

TEST_F(EmergencyNested, is_not_what_has_a_digit_more_or_less) {
    unsigned others = 0;
    for (const DialPlan& plan : DialPlan::all()) {
        std::set<std::string> forms;
        std::set<std::string> all;
        for (const std::string_view number : plan.emergency_numbers()) {
            for (std::string& form : dialled_forms(plan, std::string(number)))
                forms.insert(std::move(form));
            for (std::string& form : dialled_forms(plan, std::string(number), all_areas()))
                all.insert(std::move(form));
        }
        const auto known = [&](const std::string& text) {
            if (all.contains(text)) return true;
            if (text.starts_with('+') && all.contains(text.substr(1))) return true;
            // Zeros too many before the country code, which are passed over.
            const std::size_t first = text.find_first_not_of(text.starts_with('+') ? "+0" : "0");
            return first != std::string::npos && all.contains("+" + text.substr(first)) &&
                   text.substr(first).starts_with(plan.country_calling_code()) && first > 0;
        };
        const auto is_none = [&](const std::string& text) {
            if (known(text) || text.empty()) return;
            ++others;
            EXPECT_FALSE(normalize(parse(std::string_view(text)), plan).emergency)
                << plan.country().text() << " " << text;
        };
        for (const std::string& form : forms) {
            for (std::size_t at = 0; at < form.size(); ++at) {
                std::string shorter = form;
                is_none(shorter.erase(at, 1));
            }
            for (char c = '0'; c <= '9'; ++c) {
                for (std::size_t at = form.starts_with('+') ? 1 : 0; at <= form.size(); ++at) {
                    std::string longer = form;
                    is_none(longer.insert(at, 1, c));
                }
            }
        }
    }
    EXPECT_GT(others, 10'000u);
}

TEST_F(EmergencyNested, takes_off_the_forms_by_name) {
    for (const char* text :
         {"86010110", "086010110", "#31#+86110#", "*31#0086010110", "#31#０１０１１０#", "+010110",
          "+0110", "+00110", "0010110", "000110"})
        EXPECT_TRUE(read(text).emergency) << text;
    EXPECT_EQ(meaning("86010110"),
              "86110 country_code emergency country_before_short trunk_after_country");
    EXPECT_EQ(name_of(read("000999", "SG").form), "prefix");
    EXPECT_TRUE(read("000999", "SG").emergency);
    EXPECT_FALSE(read("000999", "SG").valid);
    EXPECT_TRUE(read("000999", "SG").number.empty());
    EXPECT_FALSE(read("000999", "CN").emergency);
    EXPECT_FALSE(read("860101100").emergency);
    EXPECT_FALSE(read("8601011").emergency);
    EXPECT_FALSE(read("440999", "GB").emergency);
}

TEST(BareCountryCode, is_no_number) {
    for (const char* text : {"+86", "0086", "+44", "0044", "+1", "+852", "00", "tel:+49"}) {
        const Normalized n = read(text);
        EXPECT_TRUE(n.number.empty()) << text;
        EXPECT_EQ(n.size, 0) << text;
        EXPECT_FALSE(n.valid) << text;
        EXPECT_EQ(n.form, Form::kMalformed) << text;
        EXPECT_TRUE(has(n.oddities, Oddity::kBadLength)) << text;
    }
    EXPECT_EQ(read("+44").country, CountryCode("GB"));
    EXPECT_TRUE(read("86", "GB", TypeOfNumber::kInternational).number.empty());
    // Georgia's country code, and Singapore's fire brigade.
    EXPECT_TRUE(read("+995", "SG").emergency);
    EXPECT_EQ(read("+995", "SG").form, Form::kPlus);
    EXPECT_FALSE(read("+995", "CN").emergency);
}

}  // namespace
}  // namespace ringfence
