#include "ringfence/source/csv_writer.hpp"

#include <utility>

namespace ringfence {
namespace {

constexpr std::size_t kFlushAt = std::size_t{256} << 10u;

}  // namespace

CsvWriter::CsvWriter(OutputFile file) : file_(std::move(file)) {
    buffer_.reserve(kFlushAt + kFlushAt / 4);
}

void CsvWriter::swap(CsvWriter& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(buffer_, other.buffer_);
    std::swap(whole_, other.whole_);
    std::swap(row_begun_, other.row_begun_);
    std::swap(failed_, other.failed_);
}

CsvWriter::~CsvWriter() {
    // A failure cannot be told from here; close() tells it.
    static_cast<void>(close());
}

Result<CsvWriter> CsvWriter::create(const std::string& path,
                                    std::initializer_list<std::string_view> header) {
    auto file = OutputFile::create(path);
    if (!file) return file.error();
    return create(std::move(*file), header);
}

Result<CsvWriter> CsvWriter::create(OutputFile file,
                                    std::initializer_list<std::string_view> header) {
    CsvWriter writer(std::move(file));
    for (const std::string_view name : header) writer.field(name);
    if (Status ended = writer.end_row(); !ended) return ended.error();
    return writer;
}

CsvWriter& CsvWriter::field(std::string_view text) {
    if (row_begun_) buffer_.push_back(',');
    row_begun_ = true;
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        buffer_.append(text);
        return *this;
    }
    buffer_.push_back('"');
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t quote = text.find('"', at);
        const std::size_t behind = quote == std::string_view::npos ? text.size() : quote + 1;
        buffer_.append(text.substr(at, behind - at));
        if (quote != std::string_view::npos) buffer_.push_back('"');
        at = behind;
    }
    buffer_.push_back('"');
    return *this;
}

Status CsvWriter::end_row() {
    // A row of one empty field would be an empty line, which readers skip.
    if (buffer_.size() == whole_) buffer_.append("\"\"");
    buffer_.push_back('\n');
    whole_ = buffer_.size();
    row_begun_ = false;
    if (whole_ >= kFlushAt || failed_) return flush();
    return ok();
}

Status CsvWriter::flush() {
    if (!failed_ && file_ && whole_ != 0) {
        if (Status wrote = file_->write(std::string_view(buffer_).substr(0, whole_)); !wrote) {
            failed_ = wrote.error();
        }
    }
    buffer_.erase(0, whole_);
    whole_ = 0;
    if (failed_) return *failed_;
    return ok();
}

Status CsvWriter::close() {
    Status flushed = flush();
    if (!file_) return flushed;
    Status closed = file_->close();
    file_.reset();
    if (!flushed) return flushed;
    if (!closed) failed_ = closed.error();
    return closed;
}

}  // namespace ringfence
