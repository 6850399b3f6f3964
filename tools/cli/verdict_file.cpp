#include "tools/cli/verdict_file.hpp"

#include "ringfence/source/time_text.hpp"

namespace ringfence::cli {
const std::string& Words::rule(const Verdict& verdict) {
    const auto [at, fresh] = rules_.try_emplace({verdict.generation, verdict.rule});
    if (fresh) at->second = screen_.rule_id(verdict);
    return at->second;
}

const std::string& Words::category(const Verdict& verdict) {
    const auto [at, fresh] = categories_.try_emplace({verdict.generation, verdict.category});
    if (fresh) at->second = screen_.category(verdict);
    return at->second;
}

Result<VerdictFile> VerdictFile::create(const std::string& path) {
    auto writer = CsvWriter::create(path, {"row", "time", "call_id", "action", "stage", "reason",
                                           "rule", "category", "risk", "generation", "flags"});
    if (!writer) return writer.error();
    return VerdictFile(std::move(*writer));
}

template <class Event>
Status VerdictFile::write(const Lane<Event>& lane, Words& words) {
    for (const RowNote& note : lane.rows) {
        const Verdict verdict = note.event ? lane.verdicts[*note.event] : words.bad_row();
        writer_.field(note.row).field(note.time ? format_time(*note.time) : std::string());
        writer_.field(note.call_id);
        writer_.field(name_of(verdict.action)).field(name_of(verdict.stage));
        writer_.field(name_of(verdict.reason)).field(words.rule(verdict));
        writer_.field(words.category(verdict)).field(verdict.risk).field(verdict.generation);
        writer_.field(joined_flags(verdict));
        if (auto status = writer_.end_row(); !status) return status;
    }
    return ok();
}

template Status VerdictFile::write(const Lane<Call>&, Words&);
template Status VerdictFile::write(const Lane<Sms>&, Words&);

}  // namespace ringfence::cli
