#include "ringfence/study/generate.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <unordered_set>
#include <vector>

#include "ringfence/lists/list_entry.hpp"
#include "ringfence/number/dial_plan.hpp"
#include "ringfence/source/csv_writer.hpp"
#include "ringfence/source/file.hpp"
#include "ringfence/source/time_text.hpp"
#include "src/study/city.hpp"

namespace ringfence {
namespace {

using namespace study;

constexpr std::string_view kNotice =
    "The files in this folder are synthetic: ringfence generate made them.\n"
    "No call or message took place, numbers were drawn at random from the numbering plan, and any\n"
    "likeness to a real subscriber's is chance. Do not dial them.\n";

using Counts = std::array<std::uint64_t, kFraudTypes>;

std::string hex_of(std::string_view octets) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(octets.size() * 2);
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        text.append(1, kHex[octet >> 4u]).append(1, kHex[octet & 0xFu]);
    }
    return text;
}

std::string call_id_octets(std::uint64_t call_id) {
    std::string octets;
    for (unsigned shift = 64; shift != 0; shift -= 8) {
        octets.push_back(static_cast<char>(call_id >> (shift - 8) & 0xFFu));
    }
    return octets;
}

std::string_view name_of(CityTrunk trunk) {
    switch (trunk) {
        case CityTrunk::kSubscriber: return "subscriber";
        case CityTrunk::kNational: return "national";
        case CityTrunk::kInternational: return "international";
    }
    return "";
}

std::string_view name_of(CityRoaming roaming) {
    switch (roaming) {
        case CityRoaming::kNotAsked: return "";
        case CityRoaming::kYes: return "yes";
        case CityRoaming::kNo: return "no";
        case CityRoaming::kUnknown: return "unknown";
    }
    return "";
}

// A number, or nothing in place of 0.
void optional_field(CsvWriter& writer, std::uint64_t value) {
    if (value == 0) {
        writer.field("");
    } else {
        writer.field(value);
    }
}

Status write_row(CsvWriter& writer, const CallEvent& call) {
    writer.field(format_time(time_from_ms(call.ms))).field(call.calling).field(call.called);
    writer.field(name_of(call.trunk)).field(call.redirecting);
    writer.field(call.emergency ? "yes" : "").field(name_of(call.roaming));
    writer.field(hex_of(call_id_octets(call.call_id)));
    optional_field(writer, call.imei);
    optional_field(writer, call.cell);
    return writer.end_row();
}

Status write_row(CsvWriter& writer, const SmsEvent& sms) {
    const bool pdu = sms.coding == CityCoding::kPdu;
    const bool short_message = sms.coding == CityCoding::kShortMessage;
    writer.field(format_time(time_from_ms(sms.ms))).field(sms.sender).field(sms.recipient);
    writer.field(pdu || short_message ? std::string_view() : std::string_view(sms.content));
    writer.field(pdu ? hex_of(sms.content) : std::string());
    writer.field(pdu ? std::to_string(sms.scheme) : std::string());
    writer.field(short_message ? hex_of(sms.content) : std::string());
    writer.field(short_message ? std::to_string(sms.scheme) : std::string());
    writer.field(sms.udhi ? "1" : "");
    writer.field(sms.sar_total != 0 ? std::to_string(sms.sar_ref) : std::string());
    optional_field(writer, sms.sar_total);
    optional_field(writer, sms.sar_seq);
    return writer.end_row();
}

// The rows to `rows`, their labels to `labels`; counts what they are.
template <class Event>
Status write_events(const std::vector<Event>& events, CsvWriter& rows, CsvWriter& labels,
                    const CityOptions& options, Counts& counts) {
    constexpr std::uint64_t kTold = 1'000;  // rows
    std::uint64_t row = 0;
    for (const Event& event : events) {
        if (options.progress && row % kTold == 0) options.progress(row);
        if (Status wrote = write_row(rows, event); !wrote) return wrote;
        const bool fraud = event.fraud != FraudType::kNone;
        labels.field(row++).field(fraud ? "fraud" : "honest").field(study::name_of(event.fraud));
        if (Status wrote = labels.end_row(); !wrote) return wrote;
        ++counts[static_cast<std::size_t>(event.fraud)];
    }
    if (Status closed = rows.close(); !closed) return closed;
    return labels.close();
}

Status write_calls(const std::vector<CallEvent>& calls, const CityOptions& options,
                   Counts& counts) {
    const std::string& dir = options.out_dir;
    auto rows =
        CsvWriter::create(dir + "/calls.csv", {"time", "calling", "called", "trunk", "redirecting",
                                               "emergency", "roaming", "call_id", "imei", "cell"});
    if (!rows) return rows.error();
    auto labels = CsvWriter::create(dir + "/calls_labels.csv", {"row", "label", "fraud_type"});
    if (!labels) return labels.error();
    return write_events(calls, *rows, *labels, options, counts);
}

Status write_messages(const std::vector<SmsEvent>& messages, const CityOptions& options,
                      Counts& counts) {
    const std::string& dir = options.out_dir;
    auto rows = CsvWriter::create(
        dir + "/sms.csv", {"time", "sender", "recipient", "text", "pdu", "dcs", "short_message",
                           "data_coding", "udhi", "sar_ref", "sar_total", "sar_seq"});
    if (!rows) return rows.error();
    auto labels = CsvWriter::create(dir + "/sms_labels.csv", {"row", "label", "fraud_type"});
    if (!labels) return labels.error();
    return write_events(messages, *rows, *labels, options, counts);
}

Status write_list(const std::vector<ListedNumber>& numbers, const std::string& path,
                  std::string_view expires, std::string_view source) {
    auto rows = CsvWriter::create(path, {"number", "kind", "category", "expires", "source"});
    if (!rows) return rows.error();
    std::unordered_set<std::string_view> written;
    const EntryFormat format{.plan = DialPlan::find(CountryCode("CN"))};
    ListEntry entry;
    for (const ListedNumber& listed : numbers) {
        if (!written.insert(listed.number).second) continue;
        // Some senders are made up so badly that no list could hold them.
        const EntryKind kind = listed.prefix ? EntryKind::kPrefix : EntryKind::kExact;
        if (!read_entry(listed.number, kind, format, entry)) continue;
        rows->field(listed.number).field(listed.prefix ? "prefix" : "exact");
        rows->field(listed.category).field(expires).field(source);
        if (Status wrote = rows->end_row(); !wrote) return wrote;
    }
    return rows->close();
}

std::string counts_as_json(const Counts& counts) {
    std::string json = "{\"honest\": " + std::to_string(counts[0]);
    for (std::size_t i = 1; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        json.append(", \"").append(study::name_of(static_cast<FraudType>(i)));
        json.append("\": ").append(std::to_string(counts[i]));
    }
    return json.append("}");
}

}  // namespace

Status generate_city(const CityOptions& options) {
    if (options.calls > CityOptions::kMaxRows || options.sms > CityOptions::kMaxRows) {
        return Error{ErrorCode::kOutOfRange, "more than " + std::to_string(CityOptions::kMaxRows) +
                                                 " rows of a kind; make several cities with seeds "
                                                 "of their own"};
    }
    const std::string lists = options.out_dir + "/lists";
    std::error_code failed;
    std::filesystem::create_directories(lists, failed);
    if (failed) {
        return Error::at(ErrorCode::kUnwritable, lists, 0,
                         "the folder cannot be made: " + failed.message() + "; choose another");
    }
    if (Status wrote = write_file(options.out_dir + "/synthetic", kNotice); !wrote) return wrote;

    City city(options);
    Counts calls{};
    Counts messages{};
    // One after the other: only one of the two is in memory.
    if (Status wrote = write_calls(make_calls(city, options), options, calls); !wrote) {
        return wrote;
    }
    if (Status wrote = write_messages(make_messages(city, options), options, messages); !wrote) {
        return wrote;
    }
    constexpr std::chrono::days kListed(30);
    const std::string expires = format_time(options.start + kListed);
    if (Status wrote = write_list(city.fraud_list, lists + "/fraud.csv", expires, "synthetic");
        !wrote) {
        return wrote;
    }
    if (Status wrote = write_list(city.allow_list, lists + "/allow.csv", "", "synthetic"); !wrote) {
        return wrote;
    }

    std::string summary = "{\n  \"synthetic\": true,\n";
    summary.append("  \"seed\": ").append(std::to_string(options.seed)).append(",\n");
    summary.append("  \"start\": \"").append(format_time(options.start)).append("\",\n");
    summary.append("  \"subscribers\": ").append(std::to_string(city.subscribers().size()));
    summary.append(",\n  \"calls\": ").append(std::to_string(options.calls));
    summary.append(",\n  \"calls_by_type\": ").append(counts_as_json(calls));
    summary.append(",\n  \"sms\": ").append(std::to_string(options.sms));
    summary.append(",\n  \"sms_by_type\": ").append(counts_as_json(messages)).append("\n}\n");
    return write_file(options.out_dir + "/summary.json", summary);
}

}  // namespace ringfence
