// key_parts.cpp - a key table's arrays, out of it and, checked, back.
#include <algorithm>
#include <bit>
#include <new>
#include <string_view>
#include <utility>

#include "ringfence/table/parts.hpp"
#include "src/table/long_number.hpp"
#include "src/table/part_fault.hpp"
#include "src/table/seed.hpp"

namespace ringfence {
namespace {

std::optional<PartFault> fault_of(const KeyParts& parts, std::size_t list_count) {
    std::size_t text_at = 0;
    std::size_t list_at = 0;
    std::string_view last;
    for (std::size_t i = 0; i < parts.shapes.size(); ++i) {
        const KeyShape& shape = parts.shapes[i];
        const auto bad = [&](const char* what) { return fault(TablePart::kKeyShapes, i, what); };
        if (shape.kind > KeyKind::kDigits) return bad("is of no kind");
        if (shape.length == 0 || shape.length > parts.texts.size() - text_at)
            return bad("has a text that is not there");
        if (shape.lists == 0 || shape.lists > parts.lists.size() - list_at)
            return bad("has lists that are not there");
        const std::string_view text(parts.texts.data() + text_at, shape.length);
        if (shape.kind == KeyKind::kDigits && !is_long_number(text))
            return bad("is not a number of 16 to 24 digits");
        if (i > 0 && (shape.kind < parts.shapes[i - 1].kind ||
                      (shape.kind == parts.shapes[i - 1].kind && text <= last)))
            return bad("does not ascend");
        for (std::size_t k = list_at; k < list_at + shape.lists; ++k) {
            if (parts.lists[k] >= list_count ||
                (k > list_at && parts.lists[k] <= parts.lists[k - 1]))
                return fault(TablePart::kKeyLists, k,
                             "is a list that is not there, or not in order");
        }
        last = text;
        text_at += shape.length;
        list_at += shape.lists;
    }
    if (text_at != parts.texts.size()) return fault(TablePart::kKeyTexts, text_at, "is no key's");
    if (list_at != parts.lists.size()) return fault(TablePart::kKeyLists, list_at, "is no key's");
    return {};
}

}  // namespace

class KeyTableParts {
public:
    static KeyParts of(const KeyTable& table) {
        KeyParts parts;
        parts.shapes.reserve(table.records_.size());
        for (const KeyRecord& record : table.records_)
            parts.shapes.push_back(
                {record.kind, record.length, static_cast<std::uint16_t>(record.list_count)});
        parts.texts = table.texts_;
        parts.lists = table.lists_;
        return parts;
    }
    static KeyTable table(KeyParts parts) {
        KeyTable made;
        if (parts.shapes.empty()) return made;
        made.records_.reserve(parts.shapes.size());
        made.slots_.resize(std::bit_ceil(2 * parts.shapes.size()));
        made.seed_ = unforeseeable_seed();
        made.texts_ = std::move(parts.texts);
        made.lists_ = std::move(parts.lists);
        for (const KeyShape& shape : parts.shapes)
            made.append(shape.kind, shape.length, shape.lists);
        made.finish();
        return made;
    }
};

Result<KeyParts> parts_of(const KeyTable& table) {
    try {
        return KeyTableParts::of(table);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::kOutOfMemory, "no memory is left to write the names down"};
    }
}

Result<KeyTable, PartFault> table_of(KeyParts parts, std::size_t list_count) {
    if (parts.shapes.size() >= UINT32_MAX)
        return fault(TablePart::kNone, 0, "no table of names has so many");
    try {
        if (auto found = fault_of(parts, list_count)) return *std::move(found);
        return KeyTableParts::table(std::move(parts));
    } catch (const std::bad_alloc&) {
        return PartFault{ErrorCode::kOutOfMemory, TablePart::kNone, 0,
                         "no memory is left for the names"};
    }
}

}  // namespace ringfence
