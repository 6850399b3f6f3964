// Hyperscan in block mode, each pattern told once a text.
#include <hs/hs.h>

#include "bench/text/rival.hpp"
#include "bench/text/subjects.hpp"

namespace ringfence::bench {
namespace {

int on_match(unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
    static_cast<std::vector<std::uint32_t>*>(context)->push_back(id);
    return 0;
}

class Hyperscan : public Rival {
public:
    ~Hyperscan() override {
        hs_free_scratch(scratch_);
        hs_free_database(database_);
    }

    void build(const std::vector<std::string>& patterns) override {
        std::vector<const char*> texts;
        std::vector<unsigned> ids;
        for (const std::string& pattern : patterns) {
            ids.push_back(static_cast<unsigned>(ids.size()));
            texts.push_back(pattern.c_str());
        }
        const std::vector<unsigned> flags(patterns.size(),
                                          HS_FLAG_SINGLEMATCH | HS_FLAG_DOTALL | HS_FLAG_UTF8);
        hs_compile_error_t* failure = nullptr;
        if (hs_compile_multi(texts.data(), flags.data(), ids.data(),
                             static_cast<unsigned>(texts.size()), HS_MODE_BLOCK, nullptr,
                             &database_, &failure) != HS_SUCCESS)
            give_up(std::string("Hyperscan: ") + failure->message +
                    (failure->expression >= 0
                         ? ": " + patterns[static_cast<std::size_t>(failure->expression)]
                         : ""));
        if (hs_alloc_scratch(database_, &scratch_) != HS_SUCCESS) give_up("Hyperscan: no scratch");
    }

    void find(std::string_view text, std::vector<std::uint32_t>& found) override {
        if (hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_,
                    on_match, &found) != HS_SUCCESS)
            give_up("Hyperscan: a scan failed");
    }

    std::size_t bytes() const override {
        std::size_t size = 0;
        hs_database_size(database_, &size);
        return size;
    }

private:
    hs_database_t* database_ = nullptr;
    hs_scratch_t* scratch_ = nullptr;
};

}  // namespace

std::unique_ptr<Rival> make_hyperscan() { return std::make_unique<Hyperscan>(); }

}  // namespace ringfence::bench
