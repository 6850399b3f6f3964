#include "ringfence/screen/explanation.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "ringfence/source/utf8.hpp"

namespace ringfence {
namespace {

using Json = nlohmann::ordered_json;

Json to_json_object(const ExplainedParty& party) {
    return Json{{"role", party.role},
                {"arrived", party.arrived},
                {"number", party.number.empty() ? Json(nullptr) : Json(party.number)},
                {"form", party.form},
                {"kind", party.kind},
                {"country", party.country.empty() ? Json(nullptr) : Json(party.country)},
                {"oddities", party.oddities}};
}

Json to_json_object(const ExplainedFinding& finding) {
    Json object{{"stage", finding.stage},
                {"party", finding.party},
                {"reason", finding.reason},
                {"action", finding.action},
                {"rule", finding.rule},
                {"category", finding.category},
                {"place", finding.place},
                {"risk", finding.risk},
                {"match_offset", finding.match_offset},
                {"match_length", finding.match_length},
                {"shadow", finding.shadow},
                {"won", finding.won},
                {"why", finding.why}};
    if (!finding.like.empty()) object["like"] = finding.like;
    if (!finding.about.empty()) object["about"] = finding.about;
    if (!finding.language.empty()) object["language"] = finding.language;
    return object;
}

Json to_json_object(const ExplainedScore& score) {
    Json grams = Json::array();
    for (const ExplainedScore::Gram& gram : score.grams)
        grams.push_back({{"gram", gram.gram}, {"weight", gram.weight}});
    return Json{{"score", score.score}, {"from", score.from}, {"grams", std::move(grams)}};
}

// What the peer of a call, or of an SMS, gets: each code that is sent.
void append_codes(const Explanation& told, std::string& out) {
    std::string codes;
    const auto append = [&](const char* format, std::uint32_t code) {
        if (code == 0) return;
        std::array<char, 32> shown{};
        std::snprintf(shown.data(), shown.size(), format, code);
        codes.append(codes.empty() ? "  peer gets " : ", ").append(shown.data());
    };
    if (told.decode_status.empty()) {
        append("SIP %u", told.sip_code);
        append("Q.850 %u", told.q850_cause);
    } else {
        append("SMPP submit 0x%02X", told.smpp_status);
        append("SMPP deliver 0x%02X", told.smpp_deliver_status);
    }
    if (!codes.empty()) out.append(codes).append("\n");
}

}  // namespace

std::string Explanation::to_json() const {
    Json parts = Json::array();
    for (const ExplainedParty& party : parties) parts.push_back(to_json_object(party));
    Json found = Json::array();
    for (const ExplainedFinding& finding : findings) found.push_back(to_json_object(finding));

    Json object{{"action", name_of(verdict.action)},
                {"stage", name_of(verdict.stage)},
                {"reason", name_of(verdict.reason)},
                {"rule", rule},
                {"category", category},
                {"risk", verdict.risk},
                {"flags", flag_names(verdict)},
                {"generation", verdict.generation},
                {"codes",
                 {{"sip", sip_code},
                  {"q850", q850_cause},
                  {"smpp", smpp_status},
                  {"smpp_deliver", smpp_deliver_status}}},
                {"parties", std::move(parts)},
                {"findings", std::move(found)}};
    if (!decode_status.empty()) {
        object["decode_status"] = decode_status;
        object["decode_oddities"] = decode_oddities;
        object["text"] = text;
    }
    if (score) object["score"] = to_json_object(*score);
    // Text that arrived may not be UTF-8: what is not becomes U+FFFD.
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Explanation::to_text() const {
    // Outside text must not end a line, nor move a terminal.
    const auto shown = [](std::string_view outside) {
        return printable(outside, std::string_view::npos);
    };
    std::string out(name_of(verdict.action));
    out.append(" (").append(name_of(verdict.stage)).append(": ").append(name_of(verdict.reason));
    if (!rule.empty()) out.append(", rule ").append(rule);
    if (!category.empty()) out.append(", category ").append(category);
    out.append(")\n");
    for (const std::string_view flag : flag_names(verdict))
        out.append("  flag: ").append(flag).append("\n");
    for (const ExplainedParty& party : parties) {
        out.append("  ").append(party.role).append(" '").append(shown(party.arrived)).append("': ");
        out.append(party.number.empty() ? "no number" : party.number);
        out.append(", ").append(party.form).append(" form, ").append(party.kind);
        if (!party.country.empty()) out.append(", ").append(party.country);
        for (const std::string& oddity : party.oddities) out.append(", ").append(oddity);
        out.append("\n");
    }
    if (!decode_status.empty()) {
        out.append("  text (").append(decode_status);
        for (const std::string& oddity : decode_oddities) out.append(", ").append(oddity);
        out.append("): ").append(shown(text)).append("\n");
    }
    if (score) {
        out.append("  score ").append(std::to_string(score->score));
        out.append(", a finding from ").append(std::to_string(score->from)).append(" on");
        for (std::size_t i = 0; i < score->grams.size(); ++i) {
            const ExplainedScore::Gram& gram = score->grams[i];
            std::array<char, 32> weight{};
            std::snprintf(weight.data(), weight.size(), "%+.2f", gram.weight);
            out.append(i == 0 ? "; '" : ", '").append(shown(gram.gram)).append("' ");
            out.append(weight.data());
        }
        out.append("\n");
    }
    for (const ExplainedFinding& finding : findings) {
        out.append(finding.won ? "  * " : "    ");
        out.append(finding.stage).append(": ").append(finding.party).append(" ");
        out.append(finding.reason).append(" -> ").append(finding.action);
        if (!finding.rule.empty()) out.append(" [").append(finding.rule).append("]");
        out.append(", ").append(finding.place);
        if (!finding.like.empty()) out.append(", like '").append(shown(finding.like)).append("'");
        if (!finding.about.empty()) out.append(", ").append(finding.about);
        if (!finding.language.empty()) out.append(", rule of language ").append(finding.language);
        out.append("; ").append(finding.why).append("\n");
    }
    if (findings.empty()) out.append("    nothing was found\n");
    append_codes(*this, out);
    return out;
}

}  // namespace ringfence
