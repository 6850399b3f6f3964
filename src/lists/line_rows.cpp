// line_rows.cpp - lists that hold an entry a line.
// Source: Kamailio's modules secfilter and htable (RPC commands secfilter.print, htable.dump).
#include <algorithm>
#include <array>

#include "src/lists/foreign_shapes.hpp"

namespace ringfence {
namespace {

std::size_t digits_in(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

// Readers that make at most one row of a line.
class RowsOfLines : public Rows {
public:
    using Rows::Rows;

    Result<bool> next(RawRow& row) final {
        bool cut = false;
        for (;;) {
            const std::uint64_t line = bytes_.line();
            if (!bytes_.line(line_, kMaxForeignField, cut)) return end();
            if (cut) return bad(line, "the line is longer than any entry", row);
            text_.clear();
            if (!take(without_blanks(line_))) continue;
            row = text_.view(line);
            return true;
        }
    }

private:
    // Makes text_, which is empty, of a line without its outer blanks; false when the line is no row.
    virtual bool take(std::string_view line) = 0;

    std::string line_;
};

class LineRows : public RowsOfLines {
public:
    using RowsOfLines::RowsOfLines;

private:
    bool take(std::string_view entry) override {
        if (entry.empty() || entry.front() == '#' || entry.front() == ';') return false;
        text_.number = entry;
        text_.kind = kKindByText;
        for (const std::string_view between : {"..", " - ", "\xE2\x80\x93", "-", ",", ";", "\t"}) {
            if (take_range(entry, between)) break;
        }
        return true;
    }

    // A hyphen may also stand within a number: each end of a range has at least so many digits.
    static constexpr std::size_t kFewestDigits = 6;

    bool take_range(std::string_view entry, std::string_view between) {
        const std::size_t at = entry.find(between);
        if (at == std::string_view::npos) return false;
        const std::string_view first = without_blanks(entry.substr(0, at));
        const std::string_view last = without_blanks(entry.substr(at + between.size()));
        if (digits_in(first) < kFewestDigits || digits_in(last) < kFewestDigits) return false;
        text_.number.assign(first).append("..").append(last);
        text_.kind = "range";
        return true;
    }
};

// secfilter.print: headings, and under them "    0001 -> value".
class SecfilterPrintRows : public RowsOfLines {
public:
    SecfilterPrintRows(ByteReader bytes, std::string name, ListFormat format)
        : RowsOfLines(std::move(bytes), std::move(name)),
          destinations_(format == ListFormat::kSecfilterDst) {}

private:
    bool take(std::string_view line) override {
        constexpr std::string_view kArrow = " -> ";
        const std::size_t arrow = line.find(kArrow);
        if (arrow == std::string_view::npos) {
            read_heading(line);
            return false;
        }
        const bool domain = section_ == "Domain";
        if (destinations_ ? section_ != "Destinations" : !domain && section_ != "User") {
            ++passed_over_;
            return false;
        }
        text_.number = without_blanks(line.substr(arrow + kArrow.size()));
        text_.kind = domain ? std::string_view("domain") : kKindByText;
        if (allow_ && !destinations_) text_.action = "allow";
        return true;
    }

    void read_heading(std::string_view text) {
        constexpr std::array<std::string_view, 6> kSections = {
            "Destinations", "User-agent", "Country", "Domain", "IP Address", "User"};
        if (std::find(kSections.begin(), kSections.end(), text) != kSections.end()) section_ = text;
        if (text.starts_with("[+] ")) allow_ = text == "[+] Whitelisted";
    }

    bool destinations_;
    bool allow_ = false;
    std::string section_;
};

// htable.dump as kamcmd prints it: "name: value" a line, within braces, of which the name is the entry. It is given
// when its brace closes: until then the dump may be cut off within it.
class KamcmdRows : public Rows {
public:
    using Rows::Rows;

    Result<bool> next(RawRow& row) override {
        bool cut = false;
        for (;;) {
            const std::uint64_t line = bytes_.line();
            if (!bytes_.line(line_, kMaxForeignField, cut)) return end_of_dump(row);
            if (cut) return bad(line, "the line is longer than any entry", row);
            const std::string_view said = without_blanks(line_);
            if (said.starts_with(kName)) {
                const bool given = give(row);
                waiting_ = without_blanks(said.substr(kName.size()));
                named_at_ = line;
                if (given) return true;
            } else if (said == "}") {
                if (depth_ != 0) --depth_;
                if (give(row)) return true;
            } else if (said == "{" || said == "slot: {") {
                ++depth_;
            }
        }
    }

private:
    static constexpr std::string_view kName = "name:";

    bool give(RawRow& row) {
        if (named_at_ == 0) return false;
        text_.clear();
        text_.number = std::exchange(waiting_, {});
        text_.kind = kKindByText;
        row = text_.view(std::exchange(named_at_, 0));
        return true;
    }

    Result<bool> end_of_dump(RawRow& row) {
        if (bytes_.error() || depth_ == 0) return end();
        depth_ = 0;
        return bad(bytes_.line(), "the dump ends inside a brace: it is cut off", row);
    }

    std::string line_;
    std::string waiting_;
    std::uint64_t named_at_ = 0;  // its line; 0: none waits for its brace
    std::size_t depth_ = 0;
};

}  // namespace

std::unique_ptr<ForeignRows> line_rows(ByteReader bytes, std::string name) {
    return std::make_unique<LineRows>(std::move(bytes), std::move(name));
}

std::unique_ptr<ForeignRows> secfilter_print_rows(ByteReader bytes, std::string name,
                                                  ListFormat format) {
    return std::make_unique<SecfilterPrintRows>(std::move(bytes), std::move(name), format);
}

std::unique_ptr<ForeignRows> kamcmd_rows(ByteReader bytes, std::string name) {
    return std::make_unique<KamcmdRows>(std::move(bytes), std::move(name));
}

}  // namespace ringfence
