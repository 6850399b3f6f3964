// A stream of operations on all tables, against models that are as plain as can be.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ringfence/table/table_set.hpp"
#include "src/kernel/number_kernel.hpp"
#include "table/number_model.hpp"
#include "table/prefix_model.hpp"

namespace {

using namespace ringfence;

void must(bool holds) {
    if (!holds) std::abort();
}

class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

    bool empty() const { return left_ == 0; }
    unsigned next() {
        if (left_ == 0) return 0;
        --left_;
        return *data_++;
    }
    // Few digits in use, so that prefixes overlap.
    std::string digits(unsigned most) {
        std::string text(next() % (most + 1), '0');
        for (char& c : text) c = static_cast<char>('0' + next() % 4 * 3);
        return text;
    }
    Number number() { return Number::from_rank(1 + next() * 1'000'003ull + next() % 4); }

private:
    const std::uint8_t* data_;
    std::size_t left_;
};

struct Models {
    model::NumberLists numbers;
    model::PrefixLists prefixes;
    std::map<std::pair<KeyKind, std::string>, std::set<ListIndex>> keys;
};

void check_number(const NumberTable& table, const Models& models, Number number) {
    must(model::lists_of(table, number) == models.numbers.of(number));
    must(table.find(number) == table.view().find(number));
}

// Grows the table when it is full and tries again.
template <class Operation>
bool with_room(NumberTable& table, Operation operation) {
    auto done = operation(table);
    if (!done) {
        must(done.error().code == ErrorCode::kFull);
        auto larger = table.grown();
        must(static_cast<bool>(larger));
        table = std::move(*larger);
        done = operation(table);
    }
    must(static_cast<bool>(done));
    return *done;
}

void change_numbers(Bytes& bytes, unsigned what, NumberTable& table, Models& models) {
    const Number number = bytes.number();
    const auto list = static_cast<ListIndex>(bytes.next() % 32);
    if (what == 0) {
        const bool added = with_room(table, [&](NumberTable& t) { return t.insert(number, list); });
        must(added == models.numbers.insert(number, list));
    } else if (what == 1) {
        const bool gone = with_room(table, [&](NumberTable& t) { return t.erase(number, list); });
        must(gone == models.numbers.erase(number, list));
    } else {
        must(table.erase(number) == models.numbers.erase(number));
    }
    check_number(table, models, number);
}

void change_prefixes(Bytes& bytes, bool range, PrefixRules& rules, Models& models) {
    const std::string first = bytes.digits(24);
    const auto list = static_cast<ListIndex>(bytes.next() % 8);
    if (range) {
        std::string last = first;
        for (std::size_t i = last.size() / 2; i < last.size(); ++i)
            last[i] = static_cast<char>('0' + bytes.next() % 10);
        const model::PrefixLists::Range wanted{first, last, list};
        auto& all = models.prefixes.ranges;
        const bool fresh = std::ranges::find(all, wanted) == all.end();
        const auto added = rules.add_range(first, last, list);
        must(static_cast<bool>(added) == (!first.empty() && first <= last));
        must(!added || *added == fresh);
        if (added && fresh) all.push_back(wanted);
        return;
    }
    const std::size_t least = std::max<std::size_t>(bytes.next() % 25, first.size());
    const std::size_t most = 24 - bytes.next() % 8;
    const PrefixRule rule{first, static_cast<std::uint8_t>(least), static_cast<std::uint8_t>(most),
                          list};
    const model::PrefixLists::Prefix wanted{first, least, most, list};
    auto& all = models.prefixes.prefixes;
    const auto at = std::ranges::find(all, wanted);
    const bool removes = bytes.next() % 4 == 0;
    const auto changed = removes ? rules.remove(rule) : rules.add(rule);
    must(static_cast<bool>(changed) == (least <= most));
    if (!changed) return;
    must(*changed == (removes == (at != all.end())));
    if (removes && at != all.end()) all.erase(at);
    if (!removes && at == all.end()) all.push_back(wanted);
}

std::string host(Bytes& bytes) {
    std::string text(bytes.next() % 20, 'a');
    for (char& c : text) c = "ab."[bytes.next() % 3];
    return text;
}

void change_keys(Bytes& bytes, KeyRules& rules, Models& models) {
    const auto kind = static_cast<KeyKind>(bytes.next() % 4);
    const std::string text = kind == KeyKind::kDigits ? bytes.digits(26) : host(bytes);
    const auto list = static_cast<ListIndex>(bytes.next() % 8);
    const auto added = rules.add(kind, text, list);
    const bool valid =
        kind == KeyKind::kDigits ? text.size() >= 16 && text.size() <= 24 : !text.empty();
    must(static_cast<bool>(added) == valid);
    if (added) must(*added == models.keys[{kind, text}].insert(list).second);
}

void check_prefix(const PrefixTable& table, const Models& models, const std::string& digits) {
    const auto expected = digits.empty() || digits.size() > 24 ? std::vector<PrefixHit>{}
                                                               : models.prefixes.of(digits);
    must(std::ranges::equal(table.longest_match(digits), expected));
    if (digits.size() > Number::kMaxDigits) return;
    const Number number = Number::from_digits(digits);
    must(std::ranges::equal(table.longest_match(number), expected));
    std::span<const PrefixHit> found;
    table.longest_match({&number, 1}, {&found, 1});
    must(std::ranges::equal(found, expected));
}

void check_host(const KeyTable& table, const Models& models, const std::string& name) {
    auto hit = table.find_domain(name);
    for (std::size_t begin = 0;;) {
        const auto at = models.keys.find({KeyKind::kDomain, name.substr(begin)});
        if (at != models.keys.end()) {
            must(hit.length == name.size() - begin && std::ranges::equal(hit.lists, at->second));
            hit = table.find_domain(name, hit.length);
        }
        begin = name.find('.', begin);
        if (begin++ == std::string::npos) break;
    }
    must(hit.length == 0);
}

void check_all(Bytes& bytes, const TableSet& set, const Models& models) {
    must(set.numbers->consistent() && set.numbers->size() == models.numbers.lists.size());
    std::vector<Number> numbers;
    for (const auto& [rank, lists] : models.numbers.lists) {
        numbers.push_back(Number::from_rank(rank));
        check_number(*set.numbers, models, numbers.back());
    }
    for (const auto isa : {kernel::Isa::kScalar, kernel::Isa::kAvx2, kernel::Isa::kAvx512}) {
        const auto* kernel = kernel::number_kernel(isa);
        if (kernel == nullptr) continue;
        std::vector<Payload> found(numbers.size());
        kernel->find_batch(set.numbers->view(), numbers.data(), found.data(), numbers.size());
        for (std::size_t i = 0; i < numbers.size(); ++i)
            must(found[i] == set.numbers->view().find(numbers[i]));
    }
    for (const auto& rule : models.prefixes.prefixes) {
        check_prefix(*set.prefixes, models, rule.digits);
        check_prefix(*set.prefixes, models, rule.digits + bytes.digits(12));
    }
    for (const auto& range : models.prefixes.ranges) {
        check_prefix(*set.prefixes, models, range.first);
        check_prefix(*set.prefixes, models, range.last);
    }
    for (const auto& [key, lists] : models.keys) {
        must(std::ranges::equal(set.keys->find(key.first, key.second), lists));
        check_host(*set.keys, models, key.second);
        check_host(*set.keys, models, host(bytes) + "." + key.second);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes bytes(data, size);
    Models models;
    NumberTableOptions options;
    options.numbers = bytes.next();
    options.load_percent = 90;
    options.wide_numbers = 16;
    options.membership_lists = 16 + 4 * bytes.next();
    options.seed = 1 + bytes.next();
    auto numbers = NumberTable::create(options);
    must(static_cast<bool>(numbers));
    TableRules rules;
    while (!bytes.empty()) {
        const unsigned what = bytes.next() % 8;
        if (what < 3) {
            change_numbers(bytes, what, *numbers, models);
        } else if (what < 5) {
            change_prefixes(bytes, what == 4, rules.prefixes, models);
        } else if (what < 6) {
            change_keys(bytes, rules.keys, models);
        } else if (what < 7) {
            switch (bytes.next() % 3) {
                case 0: numbers->recount(); break;
                case 1: numbers->begin_settling(bytes.next()); break;
                default: numbers->finish_settling(); break;
            }
            must(numbers->consistent());
        } else {
            auto larger = numbers->grown();
            must(static_cast<bool>(larger));
            *numbers = std::move(*larger);
        }
    }
    TableSet empty{std::make_shared<NumberTable>(std::move(*numbers)), nullptr, nullptr};
    const auto with = with_prefixes(empty, rules.prefixes);
    must(static_cast<bool>(with));
    const auto set = with_keys(*with, rules.keys);
    must(static_cast<bool>(set));
    Bytes again(data, size);
    check_all(again, *set, models);
    return 0;
}
