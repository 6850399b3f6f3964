#include "bindings/python/src/arrow_export.hpp"

#include <array>
#include <cerrno>
#include <new>
#include <utility>
#include <vector>

namespace ringfence::python {
namespace {

constexpr std::int64_t kNullable = 2;  // ARROW_FLAG_NULLABLE

struct ColumnType {
    const char* name;
    const char* format;  // of the codes, where there is a dictionary
    bool words;
    bool nullable;
};
constexpr std::array<ColumnType, 11> kTypes = {{{"row", "l", false, false},
                                                {"action", "c", true, false},
                                                {"stage", "c", true, false},
                                                {"reason", "s", true, false},
                                                {"rule", "i", true, true},
                                                {"category", "i", true, true},
                                                {"risk", "S", false, false},
                                                {"generation", "I", false, false},
                                                {"flags", "s", true, false},
                                                {"match_offset", "S", false, false},
                                                {"match_length", "S", false, false}}};

// A schema or an array with what it owns. A consumer may move a child away, which clears its `release`.
template <class Struct>
struct Node {
    std::shared_ptr<const VerdictColumns> keep;
    std::vector<Struct> children;
    std::vector<Struct*> child_pointers;
    std::vector<const void*> buffers;
    Struct dictionary{};
};

template <class Struct>
void release(Struct* held) {
    auto* node = static_cast<Node<Struct>*>(held->private_data);
    for (Struct& child : node->children) {
        if (child.release != nullptr) child.release(&child);
    }
    if (node->dictionary.release != nullptr) node->dictionary.release(&node->dictionary);
    held->release = nullptr;
    delete node;
}

// Gives `out` its node; what it points at is set up once the node is whole.
template <class Struct>
void adopt(std::unique_ptr<Node<Struct>> node, Struct& out) {
    for (Struct& child : node->children) node->child_pointers.push_back(&child);
    out.n_children = static_cast<std::int64_t>(node->children.size());
    out.children = node->child_pointers.data();
    out.dictionary = node->dictionary.release != nullptr ? &node->dictionary : nullptr;
    out.release = release<Struct>;
    out.private_data = node.release();
}

ArrowSchema schema_of(const char* name, const char* format, std::int64_t flags) {
    ArrowSchema schema{};
    schema.name = name;
    schema.format = format;
    schema.flags = flags;
    return schema;
}

void make_schema(ArrowSchema& out) {
    auto root = std::make_unique<Node<ArrowSchema>>();
    root->children.resize(kTypes.size());
    root->child_pointers.reserve(kTypes.size());
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
        const ColumnType& type = kTypes[i];
        auto node = std::make_unique<Node<ArrowSchema>>();
        if (type.words) {
            node->dictionary = schema_of("", "u", 0);
            adopt(std::make_unique<Node<ArrowSchema>>(), node->dictionary);
        }
        root->children[i] = schema_of(type.name, type.format, type.nullable ? kNullable : 0);
        adopt(std::move(node), root->children[i]);
    }
    out = schema_of("", "+s", 0);
    adopt(std::move(root), out);
}

using Buffers = std::vector<const void*>;

void fill(ArrowArray& out, std::size_t length, std::int64_t null_count, Buffers buffers,
          std::unique_ptr<Node<ArrowArray>> node) {
    node->buffers = std::move(buffers);
    out = ArrowArray{};
    out.length = static_cast<std::int64_t>(length);
    out.null_count = null_count;
    out.n_buffers = static_cast<std::int64_t>(node->buffers.size());
    out.buffers = node->buffers.data();
    adopt(std::move(node), out);
}

class ArrayMaker {
public:
    explicit ArrayMaker(const std::shared_ptr<const VerdictColumns>& columns) : columns_(columns) {}

    void make(ArrowArray& out) {
        const VerdictColumns& from = *columns_;
        auto root = node();
        root->children.resize(kTypes.size());
        root->child_pointers.reserve(kTypes.size());
        ArrowArray* child = root->children.data();
        plain(*child++, from.rows.data());
        words(*child++, from.actions.data(), from.action_words);
        words(*child++, from.stages.data(), from.stage_words);
        words(*child++, from.reasons.data(), from.reason_words);
        words(*child++, from.rules.codes.data(), from.rule_words, &from.rules);
        words(*child++, from.categories.codes.data(), from.category_words, &from.categories);
        plain(*child++, from.risks.data());
        plain(*child++, from.generations.data());
        words(*child++, from.flags.data(), from.flag_words);
        plain(*child++, from.match_offsets.data());
        plain(*child++, from.match_lengths.data());
        fill(out, from.size(), 0, {nullptr}, std::move(root));
    }

private:
    std::unique_ptr<Node<ArrowArray>> node() const {
        auto made = std::make_unique<Node<ArrowArray>>();
        made->keep = columns_;
        return made;
    }

    void plain(ArrowArray& out, const void* values) {
        fill(out, columns_->size(), 0, {nullptr, values}, node());
    }

    void words(ArrowArray& out, const void* codes, const Dictionary& dictionary,
               const NullableCodes* nulls = nullptr) {
        auto column = node();
        fill(column->dictionary, dictionary.size(), 0,
             {nullptr, dictionary.ends().data(), dictionary.letters().data()}, node());
        const void* valid =
            nulls != nullptr && nulls->null_count > 0 ? nulls->valid.data() : nullptr;
        fill(out, columns_->size(), nulls != nullptr ? nulls->null_count : 0, {valid, codes},
             std::move(column));
    }

    const std::shared_ptr<const VerdictColumns>& columns_;
};

struct Stream {
    std::shared_ptr<const VerdictColumns> columns;
    bool done = false;
};

Stream& stream_of(ArrowArrayStream* stream) { return *static_cast<Stream*>(stream->private_data); }

int get_schema(ArrowArrayStream*, ArrowSchema* out) {
    *out = {};
    try {
        make_schema(*out);
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    }
    return 0;
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
    *out = {};
    Stream& from = stream_of(stream);
    if (from.done) return 0;
    try {
        ArrayMaker(from.columns).make(*out);
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    }
    from.done = true;
    return 0;
}

const char* get_last_error(ArrowArrayStream*) { return "out of memory"; }

void release_stream(ArrowArrayStream* stream) {
    delete &stream_of(stream);
    stream->release = nullptr;
}

}  // namespace

void export_stream(std::shared_ptr<const VerdictColumns> columns, ArrowArrayStream& out) {
    out.private_data = new Stream{std::move(columns)};
    out.get_schema = get_schema;
    out.get_next = get_next;
    out.get_last_error = get_last_error;
    out.release = release_stream;
}

}  // namespace ringfence::python
