// RE2::Set, not anchored; it tells all patterns that match.
#include <re2/re2.h>
#include <re2/set.h>

#include "bench/text/rival.hpp"
#include "bench/text/subjects.hpp"

namespace ringfence::bench {
namespace {

constexpr std::int64_t kMemory = std::int64_t{4} << 30;  // its cache of states too

class Re2Set : public Rival {
public:
    void build(const std::vector<std::string>& patterns) override {
        re2::RE2::Options options;
        options.set_max_mem(kMemory);
        options.set_dot_nl(true);
        options.set_log_errors(false);
        set_ = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
        for (const std::string& pattern : patterns) {
            std::string error;
            if (set_->Add(pattern, &error) < 0) give_up("RE2: " + error + ": " + pattern);
        }
        if (!set_->Compile()) give_up("RE2: out of memory");
    }

    void find(std::string_view text, std::vector<std::uint32_t>& found) override {
        re2::RE2::Set::ErrorInfo error{};
        if (!set_->Match(re2::StringPiece(text.data(), text.size()), &matches_, &error) &&
            error.kind != re2::RE2::Set::kNoError)
            give_up("RE2: a scan failed");
        for (const int match : matches_) found.push_back(static_cast<std::uint32_t>(match));
    }

    std::size_t bytes() const override { return 0; }  // it does not say

private:
    std::unique_ptr<re2::RE2::Set> set_;
    std::vector<int> matches_;
};

}  // namespace

std::unique_ptr<Rival> make_re2_set() { return std::make_unique<Re2Set>(); }

}  // namespace ringfence::bench
