// summary.hpp - what a run did: events by action and reason, time an event, and how it did against labels.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/policy/verdict.hpp"
#include "ringfence/screen/screen.hpp"
#include "ringfence/source/csv.hpp"
#include "tools/cli/chunk.hpp"

namespace ringfence::cli {

// Counts of one kind of event.
struct Tally {
    std::uint64_t rows = 0;
    std::uint64_t bad_rows =
        0;  // rows with a problem, those that were screened all the same included
    std::array<std::uint64_t, kActionCount> by_action{};
    std::map<std::string_view, std::uint64_t> by_reason;

    void add(const Verdict& verdict);
    void add(const Tally& other);
};

// What labels say of the verdicts: an event is caught when it is labelled fraud and got any action but
// allow, stopped when it got more than a tag.
struct LabelTally {
    std::uint64_t fraud = 0, fraud_caught = 0, fraud_stopped = 0;
    std::uint64_t honest = 0, honest_tagged = 0, honest_stopped = 0;
    std::uint64_t unlabelled = 0;  // rows that no label speaks of
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> by_type;  // caught, of

    void add(Action action, bool is_fraud, std::string_view type);
};

// Opens a file of labels (row,label,fraud_type). Fails as CsvReader does, and with kMissing.
Result<CsvReader> open_labels(const std::string& labels);

// Puts each label beside the verdict of its row, whatever their order. Fails with the place: for a row that was
// not screened or is labelled twice, and for a label that is none. Two bytes of memory a row.
Result<LabelTally> compare_with_labels(const std::string& verdicts, const std::string& labels);

struct Summary {
    std::string policy;
    std::string out;
    std::uint32_t generation = 0;
    unsigned threads = 1;
    bool interrupted = false;
    double wall_s = 0;
    double screening_ns = 0;  // thread time of screening an event, files aside; 0 without events
    Tally calls, messages;
    std::vector<RuleCounter> rules;  // of the policy
    std::vector<std::string> warnings;
    std::map<std::string, LabelTally> labels;  // "calls", "sms"

    std::string to_json() const;
    std::string to_text() const;
};

}  // namespace ringfence::cli
