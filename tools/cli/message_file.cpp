#include "tools/cli/message_file.hpp"

#include "ringfence/text/fold.hpp"

namespace ringfence::cli {

Result<MessageFile> MessageFile::open(const std::string& path) {
    if (path.ends_with(".csv") || path.ends_with(".csv.zst")) {
        auto rows = SmsFile::open(path, nullptr);
        if (!rows) return rows.error();
        return MessageFile(std::move(*rows));
    }
    auto lines = LineReader::open(path);
    if (!lines) return lines.error();
    return MessageFile(std::move(*lines));
}

Result<bool> MessageFile::next(MessageText& message) {
    if (auto* rows = std::get_if<SmsFile>(&file_)) return next_row(*rows, message);
    return next_line(std::get<LineReader>(file_), message);
}

Result<bool> MessageFile::next_line(LineReader& lines, MessageText& message) {
    while (true) {
        auto more = lines.next(line_);
        if (!more || !*more) return more;
        message.row = lines_++;
        message.text = to_utf16(line_);
        if (!message.text.empty()) return true;
        ++empty_lines_;
    }
}

Result<bool> MessageFile::next_row(SmsFile& rows, MessageText& message) {
    while (true) {
        arena_.clear();
        auto more = rows.next(row_, arena_);
        if (!more || !*more) return more;
        const RowText::Answer answer =
            row_.problem.empty() ? texts_->read(row_.event) : RowText::Answer{};
        if (answer.status == RowStatus::kPartial) continue;
        if (answer.status != RowStatus::kOk) {
            ++without_text_;
            continue;
        }
        message.row = row_.row;
        message.text = answer.text->text();
        return true;
    }
}

}  // namespace ringfence::cli
