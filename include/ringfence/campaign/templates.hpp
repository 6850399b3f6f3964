// templates.hpp - known messages: which of them is a message a near-copy of?
//
//     known.csv     id,text     --fold, sketch--> TemplateSet      the sketches and the ids; no text is kept
//
// A file is CSV with a column `text` and perhaps `id`, by which the message is named; without it, by its line. Rows that are
// copies of an earlier one add nothing.
//
// Readers: immutable, any number of threads.
// Cost: some 0.7 KB a template. A look-up is 17 probes; a copy that says the same is found by the first. Of templates that share a
// band 256 at most are met, and 8 compared: under 9 us where thousands have one opening.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/campaign/sketch.hpp"
#include "ringfence/source/csv.hpp"
#include "ringfence/source/row_report.hpp"

namespace ringfence {

struct TemplateSource {
    std::string path;     // also what errors call it
    bool strict = false;  // one bad row refuses the file
};

class TemplateSet {
public:
    static constexpr std::size_t kMaxRows = 500'000;
    static constexpr std::size_t kMaxId = 64;  // octets
    // How near a copy may be asked to be, in hundredths.
    static constexpr unsigned kLeastSimilarity = 30;
    static constexpr unsigned kMostSimilarity = 100;

    struct Loaded;
    // Reads the file. A row is bad whose text is not UTF-8 or too short to tell copies by, or whose id is too long, has a
    // control character, or is another row's. Fails as CsvReader and read_rows do, and with kMissing where there is no row. Threads: any thread.
    static Result<Loaded> load(const TemplateSource& source);
    // The same over text in memory, called source.path in errors. Threads: any thread.
    static Result<Loaded> from_text(std::string_view text, const TemplateSource& source);

    struct Near {
        std::string_view id;
        double similarity = 0;
    };
    // The nearest, if it is near enough. No allocation. Threads: any thread.
    std::optional<Near> find(const Sketch& sketch, unsigned similarity_percent) const;

    // Templates; rows that are copies are not counted. Threads: any thread.
    std::size_t size() const;
    std::size_t memory_bytes() const;

    TemplateSet(TemplateSet&&) noexcept;
    TemplateSet& operator=(TemplateSet&&) noexcept;
    ~TemplateSet();

private:
    class Inside;
    explicit TemplateSet(std::unique_ptr<const Inside> inside);
    static Result<Loaded> read(Result<CsvReader> csv, const TemplateSource& source);

    std::unique_ptr<const Inside> inside_;
};

struct TemplateSet::Loaded {
    TemplateSet templates;
    RowReport report;
};

}  // namespace ringfence
