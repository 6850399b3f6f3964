// sender_reader.cpp - a register from its rows.
#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "ringfence/base/nearest.hpp"
#include "ringfence/base/trimmed.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/number/parse.hpp"
#include "ringfence/senders/register.hpp"
#include "ringfence/source/time_text.hpp"
#include "ringfence/source/utf8.hpp"
#include "ringfence/text/skeleton.hpp"
#include "src/senders/sender_keys.hpp"

namespace ringfence {
namespace {

constexpr std::array<std::string_view, 5> kColumns = {"sender", "binds", "trunks", "since",
                                                      "until"};

using Ids = std::map<std::string_view, std::uint32_t>;

Ids places_of(std::span<const std::string_view> ids) {
    Ids places;
    for (std::uint32_t i = 0; i < ids.size(); ++i) places.emplace(ids[i], i);
    return places;
}

Error bad(const std::string& what) { return {ErrorCode::kSyntax, what}; }

std::string quoted(std::string_view text) { return "'" + printable(text) + "'"; }

Result<std::optional<Time>> read_time(std::string_view text) {
    if (text.empty()) return std::optional<Time>{};
    const auto time = parse_time(text);
    if (!time)
        return bad(quoted(text) + " is no time; write it like 2027-01-31 or 2027-01-31T08:00:00Z");
    return time;
}

CsvOptions csv_options() {
    CsvOptions options;
    options.refuse_bad_utf8 = true;
    return options;
}

}  // namespace

// Gathers rows, then makes the indexes.
class SenderReader {
public:
    explicit SenderReader(const SenderSource& source)
        : source_(source), binds_(places_of(source.binds)), trunks_(places_of(source.trunks)) {}

    Status take_header(const CsvReader& csv) {
        if (auto status = check_columns(csv, kColumns, "sender", "a register of senders"); !status)
            return status;
        const CsvHeader& header = csv.header();
        for (std::size_t i = 0; i < kColumns.size(); ++i) columns_[i] = header.column(kColumns[i]);
        return ok();
    }

    // What is wrong with the row, without its place.
    Status take(const CsvRow& row) {
        const auto field = [&](std::size_t i) { return trimmed(row.get(columns_[i])); };
        SenderRegister::Grant grant;
        grant.line = row.line;
        if (auto status = read_ids(field(1), binds_, source_.binds, "[[bind]]", grant.binds);
            !status)
            return status;
        if (auto status = read_ids(field(2), trunks_, source_.trunks, "[[trunk]]", grant.trunks);
            !status)
            return status;
        const auto since = read_time(field(3));
        if (!since) return since.error();
        const auto until = read_time(field(4));
        if (!until) return until.error();
        if (*since && *until && **until <= **since)
            return bad("ends at " + quoted(field(4)) + ", before it begins at " + quoted(field(3)));
        grant.since = *since;
        grant.until = *until;
        return take_sender(field(0), std::move(grant));
    }

    SenderRegister finish() && {
        auto& made = register_;
        made.names_.assign(names_.begin(), names_.end());
        made.codes_.assign(codes_.begin(), codes_.end());
        auto& alike = made.look_alikes_;
        std::ranges::sort(alike);
        alike.erase(std::unique(alike.begin(), alike.end()), alike.end());
        alike.shrink_to_fit();
        return std::move(register_);
    }

private:
    static Status read_ids(std::string_view text, const Ids& known,
                           std::span<const std::string_view> ids, const char* table,
                           std::vector<std::uint32_t>& places) {
        while (!(text = trimmed(text)).empty()) {
            const std::string_view id = text.substr(0, text.find_first_of(" \t"));
            text.remove_prefix(id.size());
            const auto at = known.find(id);
            if (at == known.end()) {
                std::string what = std::string("no ") + table + " has the id " + quoted(id);
                const std::string_view nearest = nearest_name(id, ids);
                if (!nearest.empty()) what.append("; did you mean '").append(nearest).append("'?");
                return Error{ErrorCode::kDangling, what};
            }
            places.push_back(at->second);
        }
        std::ranges::sort(places);
        places.erase(std::unique(places.begin(), places.end()), places.end());
        return ok();
    }

    Status take_sender(std::string_view written, SenderRegister::Grant grant) {
        if (written.empty()) return bad("names no sender");
        for (const char c : written)
            if (static_cast<unsigned char>(c) < ' ')
                return bad(quoted(written) + " has a control character");
        const Address address = parse(AddressView(written));
        if (address.truncated)
            return bad(quoted(written) + " has more than 24 octets or digits, which no sender has");
        if (address.kind == AddressKind::kDigits) {
            const Normalized number = normalize(address, *source_.plan);
            add(codes_, std::string(code_key(address, number)), written, true, std::move(grant));
            return ok();
        }
        // A URI, a name in a disguise of digits, "anonymous": whatever is not read as it stands there.
        if (address.kind != AddressKind::kAlphanumeric || address.text() != written)
            return bad(quoted(written) +
                       " is neither a sender's name nor a number in plain digits");
        NameKey key;
        if (!name_key(written, key))
            return bad(quoted(written) + " is too long once its letters are taken apart");
        add(names_, std::u32string(key.text()), written, false, std::move(grant));
        return ok();
    }

    template <class Key>
    void add(std::map<Key, std::uint32_t>& index, Key key, std::string_view written, bool code,
             SenderRegister::Grant grant) {
        auto& senders = register_.senders_;
        const auto place = static_cast<std::uint32_t>(senders.size());
        const auto [at, fresh] = index.try_emplace(std::move(key), place);
        if (fresh) {
            senders.push_back({std::string(written), code, {}});
            for (const std::string& shown :
                 {std::string(written), capitals(written), small_letters(written)}) {
                NameKey alike;
                if (look_alike_key(shown, alike))
                    register_.look_alikes_.emplace_back(alike.text(), place);
            }
        }
        senders[at->second].grants.push_back(std::move(grant));
    }

    const SenderSource& source_;
    Ids binds_, trunks_;
    std::array<std::optional<std::size_t>, kColumns.size()> columns_;
    std::map<std::u32string, std::uint32_t> names_;
    std::map<std::string, std::uint32_t> codes_;
    SenderRegister register_;
};

Result<SenderRegister::Loaded> SenderRegister::load(const SenderSource& source) {
    return read(CsvReader::open(source.path, csv_options()), source);
}

Result<SenderRegister::Loaded> SenderRegister::from_text(std::string_view text,
                                                         const SenderSource& source) {
    return read(CsvReader::from_text(text, source.path, csv_options()), source);
}

Result<SenderRegister::Loaded> SenderRegister::read(Result<CsvReader> csv,
                                                    const SenderSource& source) {
    if (!csv) return csv.error();
    SenderReader reader(source);
    if (auto status = reader.take_header(*csv); !status) return status.error();
    auto report = read_rows(*csv, {"register", kMaxRows, source.strict},
                            [&](const CsvRow& row) { return reader.take(row); });
    if (!report) return report.error();
    return Loaded{std::move(reader).finish(), *std::move(report)};
}

}  // namespace ringfence
