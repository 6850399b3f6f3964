#include "ringfence/campaign/templates.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ringfence/base/trimmed.hpp"
#include "ringfence/source/utf8.hpp"
#include "ringfence/text/fold.hpp"
#include "src/campaign/sketch_index.hpp"

namespace ringfence {
namespace {

constexpr std::array<std::string_view, 2> kColumns = {"id", "text"};

struct Template {
    std::string id;
    Sketch sketch;
};

// Rows into templates.
class TemplateReader {
public:
    explicit TemplateReader(const CsvHeader& header)
        : id_(header.column("id")), text_(header.column("text")) {}

    Status take(const CsvRow& row) {
        const auto bad = [](std::string what) {
            return Error{ErrorCode::kSyntax, std::move(what)};
        };
        Template made;
        made.id = trimmed(row.get(id_));
        const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
        if (made.id.size() > TemplateSet::kMaxId || std::ranges::any_of(made.id, is_control))
            return bad("id '" + printable(made.id) +
                       "' is over 64 octets or has a control character");
        if (made.id.empty()) made.id = "line " + std::to_string(row.line);
        if (!sketch(fold_to_string(row.get(text_), View::kDense), made.sketch))
            return bad("the text is too short to tell copies by; it takes " +
                       std::to_string(Sketch::kFewestUnits) +
                       " letters, a run of digits counted as one");
        if (!ids_.insert(made.id).second)
            return bad("a second message '" + printable(made.id) + "'; give each an id of its own");
        templates_.push_back(std::move(made));
        return ok();
    }

    std::vector<Template> finish() && { return std::move(templates_); }

private:
    std::optional<std::size_t> id_, text_;
    std::unordered_set<std::string> ids_;
    std::vector<Template> templates_;
};

}  // namespace

class TemplateSet::Inside {
public:
    explicit Inside(std::vector<Template> templates)
        : index_(static_cast<std::uint32_t>(templates.size())) {
        for (Template& each : templates) {
            if (index_.nearest(each.sketch, kMostSimilarity).place != SketchIndex::kNone) continue;
            index_.put(static_cast<std::uint32_t>(ids_.size()), each.sketch);
            ids_.push_back(std::move(each.id));
        }
    }

    std::optional<Near> find(const Sketch& sketch, unsigned similarity_percent) const {
        if (ids_.empty()) return {};
        const SketchIndex::Near near = index_.nearest(sketch, similarity_percent);
        if (near.place == SketchIndex::kNone) return {};
        return Near{ids_[near.place], near.similarity};
    }

    std::size_t size() const { return ids_.size(); }
    std::size_t memory_bytes() const {
        return sizeof *this + index_.memory_bytes() + ids_.capacity() * sizeof(std::string);
    }

private:
    SketchIndex index_;
    std::vector<std::string> ids_;
};

TemplateSet::TemplateSet(std::unique_ptr<const Inside> inside) : inside_(std::move(inside)) {}
TemplateSet::TemplateSet(TemplateSet&&) noexcept = default;
TemplateSet& TemplateSet::operator=(TemplateSet&&) noexcept = default;
TemplateSet::~TemplateSet() = default;

Result<TemplateSet::Loaded> TemplateSet::load(const TemplateSource& source) {
    return read(CsvReader::open(source.path, {.refuse_bad_utf8 = true}), source);
}

Result<TemplateSet::Loaded> TemplateSet::from_text(std::string_view text,
                                                   const TemplateSource& source) {
    return read(CsvReader::from_text(text, source.path, {.refuse_bad_utf8 = true}), source);
}

Result<TemplateSet::Loaded> TemplateSet::read(Result<CsvReader> csv, const TemplateSource& source) {
    if (!csv) return csv.error();
    if (auto status = check_columns(*csv, kColumns, "text", "a file of known messages"); !status)
        return status.error();
    TemplateReader reader(csv->header());
    auto report = read_rows(*csv, {"file of known messages", kMaxRows, source.strict},
                            [&](const CsvRow& row) { return reader.take(row); });
    if (!report) return report.error();
    if (report->rows == 0)
        return Error{ErrorCode::kMissing,
                     csv->name() + ": holds no message; a file of known messages has one at least"};
    return Loaded{TemplateSet(std::make_unique<const Inside>(std::move(reader).finish())),
                  *std::move(report)};
}

std::optional<TemplateSet::Near> TemplateSet::find(const Sketch& sketch,
                                                   unsigned similarity_percent) const {
    return inside_->find(sketch, similarity_percent);
}
std::size_t TemplateSet::size() const { return inside_->size(); }
std::size_t TemplateSet::memory_bytes() const { return inside_->memory_bytes(); }

}  // namespace ringfence
