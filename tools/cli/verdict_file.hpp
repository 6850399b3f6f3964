// verdict_file.hpp - verdicts to calls.csv and sms.csv, one row for each row that came in.
#pragma once

#include <map>
#include <string>

#include "ringfence/screen/screen.hpp"
#include "ringfence/source/csv_writer.hpp"
#include "tools/cli/chunk.hpp"

namespace ringfence::cli {

// The words behind rule and category numbers, asked for once each.
class Words {
public:
    explicit Words(const Screen& screen) : screen_(screen) {}
    const std::string& rule(const Verdict& verdict);
    const std::string& category(const Verdict& verdict);
    Verdict bad_row() const { return screen_.bad_row(); }

private:
    using Key = std::pair<std::uint32_t, std::uint32_t>;  // generation, number
    const Screen& screen_;
    std::map<Key, std::string> rules_;
    std::map<Key, std::string> categories_;
};

// Threads: one thread at a time.
class VerdictFile {
public:
    // Creates or empties the file and writes its header.
    static Result<VerdictFile> create(const std::string& path);

    // Writes the rows of a lane in the order in which they came.
    template <class Event>
    Status write(const Lane<Event>& lane, Words& words);

    Status flush() { return writer_.flush(); }
    Status close() { return writer_.close(); }

private:
    explicit VerdictFile(CsvWriter writer) : writer_(std::move(writer)) {}

    CsvWriter writer_;
};

}  // namespace ringfence::cli
