// toml_tree.hpp - a TOML document as the reader keeps it. Internal to the room.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ringfence/source/toml.hpp"

namespace ringfence::toml_detail {

struct Node {
    TomlType type = TomlType::kTable;
    std::uint32_t line = 1;
    std::uint32_t key_line = 1;  // of the key, or of the value inside an array
    std::uint32_t key_column = 1;
    const Node* parent = nullptr;  // null for the document's own table
    std::string key;               // inside a table
    std::size_t index = 0;         // inside an array
    std::string text;              // of a string
    std::int64_t integer = 0;
    double number = 0;
    bool boolean = false;
    std::vector<std::unique_ptr<Node>> children;  // in the file's order
};

struct Tree {
    std::string name;
    Node root;
};

}  // namespace ringfence::toml_detail
