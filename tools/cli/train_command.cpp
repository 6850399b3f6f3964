#include <filesystem>
#include <string>

#include "ringfence/study/train.hpp"
#include "ringfence/text/fold.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/message_file.hpp"
#include "tools/cli/printed.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

// How many rows were passed over: nothing to learn from, or there already.
Result<std::uint64_t> read_messages(const std::string& path, bool spam, TrainingSet& set) {
    auto file = MessageFile::open(path);
    if (!file) return file.error();
    std::uint64_t messages = 0, passed_over = 0;
    Progress progress("messages");
    MessageText message;
    while (true) {
        const auto more = file->next(message);
        if (!more) return more.error();
        if (!*more) break;
        passed_over += set.add(to_utf8(message.text), spam) ? 0 : 1;
        progress.show(++messages);
    }
    if ((spam ? set.spam() : set.ham()) == 0)
        return Error{ErrorCode::kMissing,
                     "train: " + path +
                         " has no message with a letter or digit; a model takes both " +
                         "spam and ham"};
    return passed_over + file->without_text() + file->empty_lines();
}

// The model must not be put over the messages, under whatever name.
bool is_same_file(const std::string& out, const std::string& in) {
    std::error_code code;  // one of them is not there: not the same
    return std::filesystem::equivalent(out, in, code);
}

double rounded(double value) {
    constexpr double kPlaces = 1e5;
    return static_cast<double>(static_cast<std::int64_t>(value * kPlaces + 0.5)) / kPlaces;
}

double share(std::size_t part, std::size_t all) {
    return static_cast<double>(part) / static_cast<double>(all);
}

Json as_json(const CrossValidation& tried, const ScoreModel& model, const std::string& path,
             std::uint64_t passed_over) {
    Json thresholds = Json::array();
    for (const ScoreThreshold& one : tried.thresholds)
        thresholds.push_back({{"from", one.from},
                              {"spam_found", one.spam},
                              {"ham_found", one.ham},
                              {"recall", rounded(share(one.spam, tried.spam))},
                              {"false_positives", rounded(share(one.ham, tried.ham))}});
    return {{"model", path},
            {"spam", model.spam()},
            {"ham", model.ham()},
            {"passed_over", passed_over},
            {"folds", tried.folds},
            {"auc", rounded(tried.auc)},
            {"auc_least", rounded(tried.auc_least)},
            {"auc_most", rounded(tried.auc_most)},
            {"precision", rounded(tried.precision)},
            {"recall", rounded(tried.recall)},
            {"f1", rounded(tried.f1)},
            {"thresholds", thresholds}};
}

std::string as_text(const CrossValidation& tried, const ScoreModel& model, const std::string& path,
                    std::uint64_t passed_over) {
    std::string out = printed("%u spam and %u ham in ", model.spam(), model.ham()) + path +
                      printed("; %llu rows passed over: repeated ones, and ones without a letter\n",
                              static_cast<unsigned long long>(passed_over));
    out += printed("on messages left out, %u folds: AUC %.4f (%.4f to %.4f)\n", tried.folds,
                   tried.auc, tried.auc_least, tried.auc_most);
    out += printed("with 500 and more called spam: precision %.4f, recall %.4f, F1 %.4f\n",
                   tried.precision, tried.recall, tried.f1);
    out += "  from   of the spam    of the ham\n";
    for (const ScoreThreshold& one : tried.thresholds)
        out += printed("  %4u  %6zu %.4f %6zu %.4f\n", one.from, one.spam,
                       share(one.spam, tried.spam), one.ham, share(one.ham, tried.ham));
    return out;
}

}  // namespace

int run(const TrainCommand& command) {
    if (command.spam == "-" && command.ham == "-")
        return give_up({ErrorCode::kInvalidArgument,
                        "train: standard input is one file; give --spam or --ham another"});
    for (const std::string& in : {command.spam, command.ham})
        if (is_same_file(command.out, in))
            return give_up(
                {ErrorCode::kInvalidArgument, "train: --out is the file of messages " + in +
                                                  ", which the model would replace; give another"});
    TrainOptions options;
    options.seed = command.seed;
    options.bits = command.bits;
    options.epochs = command.epochs;
    options.folds = command.folds;
    options.view = command.view == "dense" ? View::kDense : View::kLight;
    TrainingSet set(options.view);
    const auto spam = read_messages(command.spam, true, set);
    if (!spam) return give_up(spam.error());
    const auto ham = read_messages(command.ham, false, set);
    if (!ham) return give_up(ham.error());
    // Before the model: what is not known to be any good is not written.
    const auto tried = cross_validate(set, options);
    if (!tried) return give_up({tried.error().code, "train: " + tried.error().text});
    const auto model = train(set, options);
    if (!model) return give_up({model.error().code, "train: " + model.error().text});
    if (auto status = model->save(command.out); !status) {
        say_error(status.error().text);
        return kExitUnwritable;
    }
    const std::uint64_t passed_over = *spam + *ham;
    const bool written =
        write_out(command.json ? one_line(as_json(*tried, *model, command.out, passed_over)) + "\n"
                               : as_text(*tried, *model, on_one_line(command.out), passed_over));
    return written ? kExitOk : kExitUnwritable;
}

}  // namespace ringfence::cli
