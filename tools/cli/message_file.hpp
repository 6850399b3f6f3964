// message_file.hpp - the texts of a file of messages: an sms.csv, or one message a line.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "tools/cli/lines.hpp"
#include "tools/cli/row_text.hpp"

namespace ringfence::cli {

struct MessageText {
    std::uint64_t row = 0;  // data rows of an sms.csv, or lines, from 0
    std::u16string text;
};

// Threads: one thread per object.
class MessageFile {
public:
    // A name that ends in .csv or .csv.zst is an sms.csv; any other file, and "-", holds one message of UTF-8 a line.
    static Result<MessageFile> open(const std::string& path);

    // The next message that has a text; those of several parts come with the last. False at the end. Fails as the
    // readers do.
    Result<bool> next(MessageText& message);

    // Rows of an sms.csv passed over so far: bad ones, messages of data, and parts of messages that are not whole.
    std::uint64_t without_text() const { return without_text_ + texts_->parts_left(); }
    // Lines passed over so far, which have nothing on them.
    std::uint64_t empty_lines() const { return empty_lines_; }

private:
    explicit MessageFile(LineReader lines) : file_(std::move(lines)) {}
    explicit MessageFile(SmsFile rows) : file_(std::move(rows)) {}

    Result<bool> next_line(LineReader& lines, MessageText& message);
    Result<bool> next_row(SmsFile& rows, MessageText& message);

    std::variant<LineReader, SmsFile> file_;
    std::unique_ptr<RowText> texts_ = std::make_unique<RowText>();  // it does not move
    TextArena arena_;
    SmsRow row_;
    std::string line_;
    std::uint64_t lines_ = 0;
    std::uint64_t without_text_ = 0;
    std::uint64_t empty_lines_ = 0;
};

}  // namespace ringfence::cli
