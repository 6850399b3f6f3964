#include "bench/text/stream.hpp"

#include <fstream>
#include <utility>

#include "bench/text/subjects.hpp"

namespace ringfence::bench {
namespace {

constexpr std::uint8_t kGsm7 = 0x00, kUcs2 = 0x08;  // TS 23.038 clause 4

unsigned digit_of(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

Stream load_stream(const std::string& folder, const std::string& name) {
    Stream stream;
    stream.name = name;
    struct Row {
        std::size_t begin, size;
        std::uint8_t scheme;
    };
    std::vector<Row> rows;
    std::ifstream file(folder + "/" + name + ".txt");
    for (std::string line; std::getline(file, line);) {
        const std::size_t begin = stream.octets.size();
        for (std::size_t i = 5; i + 1 < line.size(); i += 2)
            stream.octets.push_back(
                static_cast<std::uint8_t>(digit_of(line[i]) << 4 | digit_of(line[i + 1])));
        rows.push_back(
            {begin, stream.octets.size() - begin, line.starts_with("gsm7") ? kGsm7 : kUcs2});
    }
    if (rows.empty()) give_up(folder + "/" + name + ".txt holds no messages");
    for (const Row& row : rows) {
        SmsContent content;
        content.octets = std::span(stream.octets).subspan(row.begin, row.size);
        content.form = ContentForm::kUserData;
        content.scheme = row.scheme;
        stream.messages.push_back(content);
    }
    return stream;
}

Stream gather(std::string name, std::span<const SmsContent> messages) {
    Stream stream;
    stream.name = std::move(name);
    for (const SmsContent& message : messages)
        stream.octets.insert(stream.octets.end(), message.octets.begin(), message.octets.end());
    stream.messages.assign(messages.begin(), messages.end());
    std::size_t begin = 0;
    for (SmsContent& message : stream.messages) {
        message.octets = std::span(stream.octets).subspan(begin, message.octets.size());
        begin += message.octets.size();
    }
    return stream;
}

}  // namespace ringfence::bench
