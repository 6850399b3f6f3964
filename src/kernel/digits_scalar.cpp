// digits_scalar.cpp - a digit after the other: the form that the others must agree with.
#include <cstring>

#include "src/kernel/digits_kernel.hpp"

namespace ringfence::kernel {
namespace {

#define RINGFENCE_TARGET

void parse(const std::string_view* texts, Number* numbers, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        std::string_view text = texts[i];
        if (text.starts_with('+')) text.remove_prefix(1);
        numbers[i] = Number::from_digits(text);
    }
}

struct Run {
    unsigned length;
    std::uint64_t rank;
};

inline Run run_at(const char* text) {
    Run run{0, 0};
    std::uint64_t value = 0;
    for (; run.length < 16; ++run.length) {
        const auto digit = static_cast<unsigned char>(text[run.length] - '0');
        if (digit > 9) break;
        value = value * 10 + digit;
    }
    run.rank = Number::first_rank(run.length) + value;
    return run;
}

#include "src/kernel/digits_rows.inl"

#undef RINGFENCE_TARGET

}  // namespace

const DigitsKernel kDigitsScalar = {Isa::kScalar, parse, read_rows};

}  // namespace ringfence::kernel
