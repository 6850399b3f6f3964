// toml.hpp - a TOML document as read-only tables and values that know their line.
//
// A document is parsed once into a tree of its own; tables and values are small handles into it.
// Every getter checks the type and the range, and fails with a text a person can act on:
//
//     policy.toml:12: 'list[2].action' is 7; give a string in quotes
//     policy.toml:14: unknown key 'catgory' in 'list[2]'; did you mean 'category'?
//
// Lifetime: handles and the text they give live as long as the document (moving it is fine).
// Bounds: kMaxBytes of text and kMaxDepth levels; a document past either is refused, not cut.
// Source: TOML v1.0.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ringfence/base/result.hpp"
#include "ringfence/source/file.hpp"

namespace ringfence {

class TomlTable;
struct TomlEntry;

enum class TomlType : std::uint8_t {
    kString,
    kInteger,
    kFloat,
    kBoolean,
    kDateTime,
    kArray,
    kTable,
};

namespace toml_detail {
struct Node;
struct Tree;
}  // namespace toml_detail

// One value. Threads: any thread.
class TomlValue {
public:
    TomlType type() const;
    std::uint32_t line() const;

    // Where it stands: "screen.country", "list[2].action"; the first of an array is 0.
    std::string path() const;

    // Each fails with kWrongType when the value is something else; integer and number with
    // kOutOfRange outside [min, max]. number takes an integer as well; strings takes one string for
    // a list of one.
    Result<std::string_view> string() const;
    Result<std::int64_t> integer(std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                 std::int64_t max = std::numeric_limits<std::int64_t>::max()) const;
    Result<double> number(double min = std::numeric_limits<double>::lowest(),
                          double max = std::numeric_limits<double>::max()) const;
    Result<bool> boolean() const;
    Result<TomlTable> table() const;
    Result<std::vector<TomlValue>> array() const;
    Result<std::vector<std::string_view>> strings() const;

    // The position of this string among `names`; fails with kOutOfRange and the nearest of them.
    Result<std::size_t> one_of(std::span<const std::string_view> names) const;

    // `file:line: what`, for a fault that only the caller can see.
    Error error(ErrorCode code, std::string_view what) const;

private:
    friend class TomlTable;
    friend class TomlDocument;
    TomlValue(const toml_detail::Tree* tree, const toml_detail::Node* node)
        : tree_(tree), node_(node) {}
    Error wrong_type(std::string_view wanted) const;

    const toml_detail::Tree* tree_;
    const toml_detail::Node* node_;
};

// One table. The getters of a key fail as TomlValue's do, at the key's line; those without `_or`
// fail with kMissing at the table's line when the key is absent.
// Threads: any thread.
class TomlTable {
public:
    std::uint32_t line() const { return value_.line(); }
    std::string path() const { return value_.path(); }  // "" for the document's own table

    bool has(std::string_view key) const { return find(key).has_value(); }
    std::optional<TomlValue> find(std::string_view key) const;

    // In the order of the file.
    std::vector<TomlEntry> entries() const;

    // Fails with kUnknownKey at the first key, in the file's order, that is none of `keys`, and
    // names the nearest.
    Status only_keys(std::initializer_list<std::string_view> keys) const;
    Status only_keys(std::span<const std::string_view> keys) const;

    Result<std::string_view> string(std::string_view key) const;
    Result<std::string_view> string_or(std::string_view key, std::string_view fallback) const;
    Result<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max) const;
    Result<std::int64_t> integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                                    std::int64_t max) const;
    Result<double> number_or(std::string_view key, double fallback, double min, double max) const;
    Result<bool> boolean_or(std::string_view key, bool fallback) const;

    // Absent keys are no strings, no tables, no table.
    Result<std::vector<std::string_view>> strings(std::string_view key) const;
    Result<std::vector<TomlTable>> tables(std::string_view key) const;  // [[key]]
    Result<std::optional<TomlTable>> table(std::string_view key) const;

    // `file:line: what` at the table's own line.
    Error error(ErrorCode code, std::string_view what) const { return value_.error(code, what); }
    // The same at the line of `key`, or of the table when the key is absent.
    Error error(std::string_view key, ErrorCode code, std::string_view what) const;

private:
    friend class TomlValue;
    friend class TomlDocument;
    explicit TomlTable(TomlValue value) : value_(value) {}
    Result<TomlValue> required(std::string_view key, std::string_view what) const;

    TomlValue value_;
};

struct TomlEntry {
    std::string_view key;
    std::uint32_t line;
    TomlValue value;
};

// A parsed document; owns all text.
class TomlDocument {
public:
    static constexpr std::size_t kMaxBytes = std::size_t{64} << 20u;
    static constexpr unsigned kMaxDepth = 32;  // of brackets, and of dots in one key

    // Reads the file. Fails as read_file does, and as parse does. Threads: any thread.
    static Result<TomlDocument> read(const std::string& path, const InputOptions& options = {});

    // Parses `text`, called `name` in errors. Fails with kSyntax at the line, kTooLarge past the
    // bounds.
    // Threads: any thread.
    static Result<TomlDocument> parse(std::string_view text, std::string name);

    TomlTable root() const;
    const std::string& name() const;

    TomlDocument(TomlDocument&&) noexcept;
    TomlDocument& operator=(TomlDocument&&) noexcept;
    ~TomlDocument();

private:
    explicit TomlDocument(std::unique_ptr<toml_detail::Tree> tree);
    std::unique_ptr<toml_detail::Tree> tree_;
};

}  // namespace ringfence
