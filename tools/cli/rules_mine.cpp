// `ringfence rules mine`: phrases proposed for rules.
#include <algorithm>
#include <cstdio>

#include "ringfence/study/mine.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/rules_verbs.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

// All messages of the file, folded; what is the same then is there once: a swindle comes in copies, and copies of a letter
// to one are no sign that many have it.
Result<std::vector<std::u16string>> folded_texts(const std::string& path, View view) {
    auto file = MessageFile::open(path);
    if (!file) return file.error();
    std::vector<std::u16string> texts;
    FoldedText folded;
    MessageText message;
    Progress progress("messages");
    while (true) {
        const auto more = file->next(message);
        if (!more) return more.error();
        if (!*more) break;
        fold(message.text, folded);
        texts.emplace_back(folded.view(view).text());
        progress.show(texts.size());
    }
    if (file->without_text() != 0)
        say_warning(path + ": " + std::to_string(file->without_text()) + " rows have no text");
    std::ranges::sort(texts);
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return texts;
}

double precision_of(const MinedPhrase& one) {
    return static_cast<double>(one.spam) / static_cast<double>(one.spam + one.ham);
}

std::string as_text(const MinedPhrase& one) {
    std::array<char, 16> precision{};
    std::snprintf(precision.data(), precision.size(), "%.3f", precision_of(one));
    return std::to_string(one.spam) + "\t" + std::to_string(one.ham) + "\t" + precision.data() +
           "\t" + std::to_string(one.adds) + "\t" + on_one_line(to_utf8(one.phrase));
}

Json as_json(const MinedPhrase& one) {
    return {{"phrase", to_utf8(one.phrase)},
            {"spam", one.spam},
            {"ham", one.ham},
            {"precision", precision_of(one)},
            {"adds", one.adds}};
}

}  // namespace

int mine_rules(const RulesCommand& command) {
    if (command.spam == "-" && command.ham == "-")
        return give_up({ErrorCode::kInvalidArgument,
                        "rules mine: standard input is one file; give --spam or --ham another"});
    const MineOptions options{.view = command.view == "light" ? View::kLight : View::kDense,
                              .least = command.least,
                              .precision = command.precision,
                              .min_units = command.min_units,
                              .max_units = command.max_units,
                              .most = command.most};
    const auto spam = folded_texts(command.spam, options.view);
    if (!spam) return give_up(spam.error());
    const auto ham = folded_texts(command.ham, options.view);
    if (!ham) return give_up(ham.error());
    const auto mined = mine_phrases(*spam, *ham, options);
    if (!mined) return give_up(mined.error());
    if (!command.json && !write_out("spam\tham\tprecision\tadds\tphrase\n")) return kExitUnwritable;
    for (const MinedPhrase& one : *mined)
        if (!write_out((command.json ? as_json(one).dump() : as_text(one)) + "\n"))
            return kExitUnwritable;
    return kExitOk;
}

}  // namespace ringfence::cli
