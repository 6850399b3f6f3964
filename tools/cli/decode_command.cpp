
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/text/extract.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/row_text.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

class Decoder {
public:
    explicit Decoder(const DialPlan& plan) : plan_(plan) {}

    Json describe(const SmsRow& row) {
        Json object{{"row", row.row},    {"text", nullptr},
                    {"status", "error"}, {"oddities", Json::array()},
                    {"folded", nullptr}, {"found", Json::array()}};
        if (!row.problem.empty()) {
            object["error"] = row.problem;
            return object;
        }
        const auto [status, text] = texts_.read(row.event);
        object["status"] = name_of(status);
        describe_oddities(object);
        describe_marks(object);
        if (text == nullptr) return object;
        fold(text->text(), folded_);
        if (status == RowStatus::kOk) object["text"] = to_utf8(text->text());
        object["folded"] = to_utf8(folded_.light().text());
        const auto tell = [&](const Found& found) {
            Json item{{"kind", name_of(found.kind)},
                      {"key", found.key},
                      {"offset", found.place.offset},
                      {"length", found.place.length}};
            if (found.service != AccountService::kNone) item["service"] = name_of(found.service);
            object["found"].push_back(std::move(item));
        };
        extract(folded_, &plan_, tell);
        extract_values(folded_, tell);
        return object;
    }

private:
    void describe_oddities(Json& object) const {
        for (const std::string_view oddity : names_of(texts_.decoded().oddities))
            object["oddities"].push_back(oddity);
    }

    // What scheme and header said; names only what they said.
    void describe_marks(Json& object) const {
        const DecodedText& decoded = texts_.decoded();
        const MessageMarks& marks = decoded.marks;
        object["alphabet"] = name_of(decoded.alphabet);
        if (const Concatenation& part = decoded.concatenation; part.total > 0)
            object["part"] = {{"ref", part.ref}, {"total", part.total}, {"seq", part.seq}};
        if (marks.message_class != MessageMarks::kNoClass) object["class"] = marks.message_class;
        if (marks.waiting != MessageWaiting::kNone) {
            object["message_waiting"] = name_of(marks.waiting);
            object["waiting_active"] = marks.waiting_active;
        }
        if (marks.auto_delete) object["auto_delete"] = true;
        if (marks.has_ports)
            object["ports"] = {{"destination", marks.destination_port},
                               {"source", marks.source_port}};
        if (marks.locking_language != 0) object["locking_language"] = marks.locking_language;
        if (marks.single_language != 0) object["single_language"] = marks.single_language;
    }

    const DialPlan& plan_;
    RowText texts_;
    FoldedText folded_;
};

std::string as_text(const Json& object) {
    std::string out = std::to_string(object["row"].get<std::uint64_t>());
    out.append("\t").append(object["status"].get<std::string>()).append("\t");
    out.append(object["text"].is_null() ? "-" : on_one_line(object["text"].get<std::string>()));
    for (const auto& item : object["found"]) {
        out.append("\t")
            .append(item["kind"].get<std::string>())
            .append(":")
            .append(on_one_line(item["key"].get<std::string>()));
    }
    return out;
}

}  // namespace

int run(const DecodeCommand& command) {
    const DialPlan* plan = DialPlan::find(CountryCode(command.country));
    if (plan == nullptr) {
        say_error("--country '" + command.country + "': there is no plan for it");
        return kExitBadInput;
    }
    auto file = SmsFile::open(command.file, nullptr);
    if (!file) {
        return give_up(file.error());
    }
    Decoder decoder(*plan);
    TextArena arena;
    SmsRow row;
    Progress progress("decoding", Progress::kBesideRows);
    for (std::uint64_t rows = 0;; progress.show(++rows)) {
        arena.clear();
        const auto more = file->next(row, arena);
        if (!more) {
            return give_up(more.error());
        }
        if (!*more) return kExitOk;
        const Json object = decoder.describe(row);
        const std::string out = command.json ? one_line(object) : as_text(object);
        if (!write_out(out + "\n")) return kExitUnwritable;
    }
}

}  // namespace ringfence::cli
