#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include "bindings/python/src/bind.hpp"
#include "bindings/python/src/paths.hpp"
#include "ringfence/study/train.hpp"

namespace nb = nanobind;

namespace ringfence::python {
namespace {

void add_all(const nb::iterable& texts, bool spam, TrainingSet& set) {
    // One text is iterable too: its letters.
    if (nb::isinstance<nb::str>(texts))
        throw nb::type_error("train() takes a collection of texts, not one str");
    for (const nb::handle text : texts) {
        if (!nb::isinstance<nb::str>(text)) throw nb::type_error("train() takes texts, each a str");
        set.add(nb::cast<std::string>(text), spam);
    }
}

nb::dict report_of(const CrossValidation& tried) {
    nb::list thresholds;
    for (const ScoreThreshold& one : tried.thresholds) {
        nb::dict row;
        row["from"] = one.from;
        row["spam_found"] = one.spam;
        row["ham_found"] = one.ham;
        thresholds.append(row);
    }
    nb::dict report;
    report["spam"] = tried.spam;
    report["ham"] = tried.ham;
    report["folds"] = tried.folds;
    report["auc"] = tried.auc;
    report["auc_least"] = tried.auc_least;
    report["auc_most"] = tried.auc_most;
    report["precision"] = tried.precision;
    report["recall"] = tried.recall;
    report["f1"] = tried.f1;
    report["thresholds"] = thresholds;
    return report;
}

nb::dict train_model(const nb::iterable& spam, const nb::iterable& ham, nb::handle out,
                     std::uint64_t seed, unsigned bits, const std::string& view, unsigned epochs,
                     unsigned folds) {
    if (view != "light" && view != "dense")
        throw Raised{{ErrorCode::kInvalidArgument, "view: give 'light' or 'dense'"}};
    TrainOptions options;
    options.seed = seed;
    options.bits = bits;
    options.view = view == "dense" ? View::kDense : View::kLight;
    options.epochs = epochs;
    options.folds = folds;
    const std::string path = path_of(out);
    TrainingSet set(options.view);
    add_all(spam, true, set);
    add_all(ham, false, set);
    CrossValidation tried;
    {
        const nb::gil_scoped_release released;
        tried = value_of(cross_validate(set, options));
        require(value_of(train(set, options)).save(path));
    }
    return report_of(tried);
}

}  // namespace

void bind_train(nb::module_& module) {
    module.def(
        "train", &train_model, nb::arg("spam"), nb::arg("ham"), nb::arg("out"), nb::kw_only(),
        nb::arg("seed") = 1, nb::arg("bits") = 16, nb::arg("view") = "light",
        nb::arg("epochs") = 20, nb::arg("folds") = 5,
        nb::sig(
            "def train(spam: collections.abc.Iterable[str], ham: collections.abc.Iterable[str], "
            "out: str | os.PathLike[str], *, seed: int = 1, bits: int = 16, view: str = 'light', "
            "epochs: int = 20, folds: int = 5) -> dict[str, typing.Any]"),
        "Trains a score model on spam and honest messages, puts it into the file `out`, and gives "
        "how well models of the same making do on messages that they did not see "
        "(docs/score.md).");
}

}  // namespace ringfence::python
