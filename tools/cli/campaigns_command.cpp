#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ringfence/campaign/store.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/text/fold.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/row_text.hpp"
#include "tools/cli/terminal.hpp"

namespace ringfence::cli {
namespace {

// All that a file had of one campaign: exact, where the store estimates.
struct Total {
    std::uint64_t id = 0;
    std::uint64_t messages = 0;
    std::unordered_set<std::string> senders;
    std::uint64_t most_messages = 0;  // within the window
    unsigned most_senders = 0;
    Time first{};
    Time last{};
    std::vector<std::uint64_t> rows;  // the first few
};

class Campaigns {
public:
    static constexpr std::size_t kRowsNamed = 10;

    explicit Campaigns(CampaignStore store) : store_(std::move(store)) {}

    void take(const SmsRow& row) {
        ++rows_;
        const RowText::Answer answer =
            row.problem.empty() ? texts_.read(row.event) : RowText::Answer{};
        if (answer.status == RowStatus::kPartial) return;  // the part that completes it counts
        if (answer.status != RowStatus::kOk) {
            ++without_text_;
            return;
        }
        fold(answer.text->text(), folded_);
        Sketch made;
        if (!sketch(folded_.dense().text(), made)) {
            ++too_short_;
            return;
        }
        const std::string sender(row.event.sender.text);
        const Campaign campaign =
            store_.add(made, std::hash<std::string>()(sender), row.event.time);
        Total& total = totals_[campaign.id];
        if (total.messages++ == 0) {
            total.id = campaign.id;
            total.first = row.event.time;
        }
        total.senders.insert(sender);
        total.most_messages = std::max(total.most_messages, campaign.recent_messages);
        total.most_senders = std::max(total.most_senders, campaign.recent_senders);
        total.last = std::max(total.last, row.event.time);
        if (total.rows.size() < kRowsNamed) total.rows.push_back(row.row);
    }

    // The largest first.
    std::vector<const Total*> of_at_least(std::uint64_t messages) const {
        std::vector<const Total*> found;
        for (const auto& [id, total] : totals_)
            if (total.messages >= messages) found.push_back(&total);
        std::ranges::sort(found, [](const Total* a, const Total* b) {
            return a->messages != b->messages ? a->messages > b->messages : a->id < b->id;
        });
        return found;
    }

    std::uint64_t rows() const { return rows_; }
    std::uint64_t without_text() const { return without_text_; }
    std::uint64_t too_short() const { return too_short_; }
    std::uint64_t displaced() const { return store_.displaced(); }

private:
    CampaignStore store_;
    RowText texts_;
    FoldedText folded_;
    std::unordered_map<std::uint64_t, Total> totals_;
    std::uint64_t rows_ = 0;
    std::uint64_t without_text_ = 0;
    std::uint64_t too_short_ = 0;
};

Json as_json(const Total& total) {
    return {{"messages", total.messages},
            {"senders", total.senders.size()},
            {"most_messages_in_window", total.most_messages},
            {"most_senders_in_window", total.most_senders},
            {"first", format_time(total.first)},
            {"last", format_time(total.last)},
            {"rows", total.rows}};
}

std::string as_text(const Total& total) {
    std::string line =
        std::to_string(total.messages) + "\t" + std::to_string(total.senders.size()) + "\t" +
        std::to_string(total.most_messages) + "\t" + std::to_string(total.most_senders) + "\t" +
        format_time(total.first) + "\t" + format_time(total.last) + "\t";
    for (std::size_t i = 0; i < total.rows.size(); ++i)
        line.append(i == 0 ? "" : ",").append(std::to_string(total.rows[i]));
    return line;
}

}  // namespace

int run(const CampaignsCommand& command) {
    auto store = CampaignStore::create(
        {.campaigns = command.campaigns,
         .window_ms = std::int64_t{command.window_s} * 1'000,
         .keep_ms = std::max(CampaignOptions{}.keep_ms, std::int64_t{command.window_s} * 1'000),
         .similarity_percent = command.similarity});
    if (!store) return give_up(store.error());
    auto file = SmsFile::open(command.file, nullptr);
    if (!file) return give_up(file.error());

    Campaigns campaigns(std::move(*store));
    Progress progress("messages");
    TextArena arena;
    SmsRow row;
    while (true) {
        arena.clear();
        const auto more = file->next(row, arena);
        if (!more) return give_up(more.error());
        if (!*more) break;
        campaigns.take(row);
        progress.show(campaigns.rows());
    }
    if (campaigns.displaced() != 0)
        say_warning(std::to_string(campaigns.displaced()) +
                    " campaigns were forgotten for want of room, and counted anew if they came "
                    "again; give more --campaigns");
    if (campaigns.without_text() != 0)
        say_warning(std::to_string(campaigns.without_text()) +
                    " rows have no text: bad ones, and messages of data");

    if (!command.json &&
        !write_out("messages\tsenders\tmost_messages\tmost_senders\tfirst\tlast\trows\n"))
        return kExitUnwritable;
    for (const Total* total : campaigns.of_at_least(command.least))
        if (!write_out((command.json ? as_json(*total).dump() : as_text(*total)) + "\n"))
            return kExitUnwritable;
    return kExitOk;
}

}  // namespace ringfence::cli
