// json_rows.cpp - lists that hold an object of JSON for each entry.
// Source: PhoneBlock's API (Blocklist).
#include <algorithm>
#include <array>
#include <vector>

#include "src/lists/foreign_shapes.hpp"
#include "src/lists/json_objects.hpp"

namespace ringfence {
namespace {

// PhoneBlock's rating as a category of ours; none for a caller who was found honest.
std::optional<std::string_view> category_of_rating(std::string_view rating) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kRatings = {
        {{"B_MISSED", ""},
         {"C_PING", "wangiri"},
         {"D_POLL", "poll"},
         {"E_ADVERTISING", "telemarketing"},
         {"F_GAMBLE", "gambling"},
         {"G_FRAUD", "fraud"}}};
    if (rating == "A_LEGITIMATE") return {};
    for (const auto& [name, category] : kRatings)
        if (rating == name) return category;
    return std::string_view{};
}

class JsonRows : public Rows {
public:
    JsonRows(ByteReader bytes, std::string name, ListFormat format)
        : Rows(std::move(bytes), std::move(name)), format_(format) {}

    Result<bool> next(RawRow& row) override {
        for (;;) {
            const auto more = objects_.next(members_);
            if (!more) return bad(bytes_.line(), more.error().text, row);
            if (!*more) return end();
            const auto taken = take_object();
            if (!taken) return bad(bytes_.line(), taken.error().text, row);
            if (!*taken) continue;
            row = text_.view(bytes_.line());
            return true;
        }
    }

private:
    // Makes text_ of members_; false when the object is no entry. Fails when it should be one and names no number.
    Result<bool> take_object() {
        text_.clear();
        std::string first, last;
        bool numbered = false;
        bool ranged = false;
        bool keep = true;
        for (JsonObjects::Member& one : members_) {
            if (one.name == "phone" || one.name == "pattern" || one.name == "number" ||
                (one.name == "name" && format_ == ListFormat::kHtable && text_.number.empty())) {
                numbered = true;
                text_.number = std::move(one.value);
                text_.kind = kKindByText;
            } else if (one.name == "start" || one.name == "end") {
                ranged = true;
                (one.name == "start" ? first : last) = std::move(one.value);
            } else if (!one.nested) {
                keep &= take_fact(one);
            }
        }
        if (text_.number.empty() && !first.empty() && !last.empty()) {
            text_.number = first + ".." + last;
            text_.kind = "range";
        }
        if (text_.number.empty()) {
            if (numbered) return Error{ErrorCode::kSyntax, "an entry has no number"};
            if (ranged) return Error{ErrorCode::kSyntax, "a range has no start or no end"};
            return false;
        }
        passed_over_ += !keep;
        return keep;
    }

    // What a member says beside the number; false when it keeps the entry off the list.
    bool take_fact(JsonObjects::Member& one) {
        if (one.name == "operator_name" || one.name == "source") {
            text_.source = std::move(one.value);
        } else if (one.name == "rating") {
            const auto category = category_of_rating(one.value);
            text_.category = category.value_or("");
            return category.has_value();
        } else if (one.name == "votes") {
            // 4 votes, where PhoneBlock begins to block, are half of certainty.
            const std::int64_t votes =
                std::clamp<std::int64_t>(integer_in(one.value).value_or(0), 0, 1'000'000);
            text_.confidence = std::to_string(votes * 100 / (votes + 4));
        } else if (one.name == "archived" || one.name == "whiteListed") {
            return one.value != "true";
        } else if (one.name == "dateAdded") {
            const auto ms = integer_in(one.value);
            if (ms && *ms > 0) text_.since = std::to_string(*ms / 1000);
        }
        return true;
    }

    ListFormat format_;
    JsonObjects objects_{bytes_};
    std::vector<JsonObjects::Member> members_;
};

}  // namespace

std::unique_ptr<ForeignRows> json_rows(ByteReader bytes, std::string name, ListFormat format) {
    return std::make_unique<JsonRows>(std::move(bytes), std::move(name), format);
}

}  // namespace ringfence
