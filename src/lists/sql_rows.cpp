// sql_rows.cpp - lists as a dump of the table in which another program keeps them.
// Source: Kamailio's modules secfilter and htable (tables).
#include <set>
#include <vector>

#include "ringfence/source/utf8.hpp"
#include "src/lists/foreign_shapes.hpp"
#include "src/lists/sql_tuples.hpp"

namespace ringfence {
namespace {

// What secfilter's numbers for types mean, and its actions.
constexpr std::string_view kTypeDomain = "2";
constexpr std::string_view kTypeUser = "4";
constexpr std::string_view kActionBlock = "0";
constexpr std::string_view kActionAllow = "1";
constexpr std::string_view kActionDestination = "2";

class SqlRows : public Rows {
public:
    SqlRows(ByteReader bytes, std::string name, ListFormat format)
        : Rows(std::move(bytes), std::move(name)), format_(format) {}

    Result<bool> next(RawRow& row) override {
        for (;;) {
            const auto more = tuples_.next(fields_);
            if (!more) return bad(bytes_.line(), more.error().text, row);
            if (!*more) return end();
            if (!tuples_.wanted()) {
                pass_over_table();
                continue;
            }
            text_.clear();
            const bool taken = format_ == ListFormat::kHtable ? take_htable() : take_secfilter();
            if (!taken) {
                ++passed_over_;
                continue;
            }
            row = text_.view(bytes_.line());
            return true;
        }
    }

private:
    static constexpr std::size_t kMaxTold = 100;

    static SqlTable table_of(ListFormat format) {
        if (format == ListFormat::kHtable)  // one is made for each purpose, under its name
            return {"htable",
                    {"id", "key_name", "key_type", "value_type", "key_value", "expires"},
                    {"key_name", "key_value"},
                    true};
        return {"secfilter", {"id", "action", "type", "data"}, {"action", "type", "data"}, false};
    }

    void pass_over_table() {
        ++passed_over_;
        if (told_.size() == kMaxTold || !told_.insert(tuples_.table()).second) return;
        std::string text = "the table '" + printable(tuples_.table()) + "' is passed over: ";
        text += format_ == ListFormat::kHtable ? "it is not called 'htable', and the dump gives it "
                                                 "no columns key_name and key_value"
                                               : "entries are the rows of 'secfilter'";
        warnings_.push_back(Error::at(ErrorCode::kMissing, name_, bytes_.line(), text));
    }

    std::string_view field(std::string_view column) const {
        const auto at = tuples_.column(column);
        return at && *at < fields_.size() ? std::string_view(fields_[*at]) : std::string_view{};
    }

    bool take_htable() {
        text_.number = field("key_name");
        text_.kind = kKindByText;
        if (const auto until = integer_in(field("expires")); until && *until > 0)
            text_.expires = std::to_string(*until);
        return !text_.number.empty();
    }

    bool take_secfilter() {
        const std::string_view action = field("action");
        const std::string_view type = field("type");
        text_.number = field("data");
        text_.kind = kKindByText;
        if (format_ == ListFormat::kSecfilterDst) return action == kActionDestination;
        if (action == kActionAllow) {
            text_.action = "allow";
        } else if (action != kActionBlock) {
            return false;
        }
        if (type == kTypeDomain) text_.kind = "domain";
        return type == kTypeDomain || type == kTypeUser;
    }

    ListFormat format_;
    SqlTuples tuples_{bytes_, table_of(format_)};
    std::set<std::string> told_;  // tables
    std::vector<std::string> fields_;
};

}  // namespace

std::unique_ptr<ForeignRows> sql_rows(ByteReader bytes, std::string name, ListFormat format) {
    return std::make_unique<SqlRows>(std::move(bytes), std::move(name), format);
}

}  // namespace ringfence
