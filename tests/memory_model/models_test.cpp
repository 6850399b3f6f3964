// Each model of a lock-free protocol holds under every interleaving and every value that C11 allows; each wrong
// twin of it fails an assertion, or the model proves nothing. And the models again on real threads.
#include <gtest/gtest.h>
#include <pthread.h>

#include <cstddef>
#include <ostream>
#include <string>

#include "memory_model/explorer.hpp"

#define RINGFENCE_MODEL_EXPLORED
#define WRONG wrong
#define main run_model
#undef assert
#define assert(holds) ((holds) ? static_cast<void>(0) : broken(#holds))

// The model's text, as C++, on the explorer's words.
namespace ringfence::model {
namespace epoch_pin {
#include "memory_model/epoch_pin.c"
}
namespace slot_publish {
#include "memory_model/slot_publish.c"
#undef WORD
}  // namespace slot_publish
namespace erase_reuse {
#include "memory_model/erase_reuse.c"
#undef WORD
}  // namespace erase_reuse
namespace erase_reinsert {
#include "memory_model/erase_reinsert.c"
#undef WORD
}  // namespace erase_reinsert
namespace pair_reuse {
#include "memory_model/pair_reuse.c"
#undef WORD
}  // namespace pair_reuse
namespace filter_bits {
#include "memory_model/filter_bits.c"
}
namespace dictionary_append {
#include "memory_model/dictionary_append.c"
#undef WORD
}  // namespace dictionary_append
namespace side_entry {
#include "memory_model/side_entry.c"
}
namespace settling {
#include "memory_model/settling.c"
}
namespace bucket_claim {
#include "memory_model/bucket_claim.c"
#undef WORD
}  // namespace bucket_claim
namespace bucket_evict {
#include "memory_model/bucket_evict.c"
#undef WORD
#undef NEXT
}  // namespace bucket_evict
namespace repeat_filter {
#include "memory_model/repeat_filter.c"
}
namespace emergency_note {
#include "memory_model/emergency_note.c"
}
namespace shared_notes {
#include "memory_model/shared_notes.c"
}
namespace shared_arena {
#include "memory_model/shared_arena.c"
}
namespace shared_reclaim {
#include "memory_model/shared_reclaim.c"
}
}  // namespace ringfence::model

#undef main
#undef assert
#undef WRONG

// The same text as C, with real atomics and threads; CMakeLists.txt names each main() so.
extern "C" {
int model_epoch_pin(void);
int model_slot_publish(void);
int model_erase_reuse(void);
int model_erase_reinsert(void);
int model_pair_reuse(void);
int model_filter_bits(void);
int model_dictionary_append(void);
int model_side_entry(void);
int model_settling(void);
int model_bucket_claim(void);
int model_bucket_evict(void);
int model_repeat_filter(void);
int model_emergency_note(void);
int model_shared_notes(void);
int model_shared_arena(void);
int model_shared_reclaim(void);
}

namespace ringfence::model {
namespace {

struct Model {
    const char* name;
    int (*explored)();
    int (*real)();
    int twins;  // WRONG 1 .. twins
};

constexpr Model kModels[] = {
    {"epoch_pin", epoch_pin::run_model, model_epoch_pin, 5},
    {"slot_publish", slot_publish::run_model, model_slot_publish, 4},
    {"erase_reuse", erase_reuse::run_model, model_erase_reuse, 3},
    {"erase_reinsert", erase_reinsert::run_model, model_erase_reinsert, 3},
    {"pair_reuse", pair_reuse::run_model, model_pair_reuse, 7},
    {"filter_bits", filter_bits::run_model, model_filter_bits, 4},
    {"dictionary_append", dictionary_append::run_model, model_dictionary_append, 5},
    {"side_entry", side_entry::run_model, model_side_entry, 4},
    {"settling", settling::run_model, model_settling, 5},
    {"bucket_claim", bucket_claim::run_model, model_bucket_claim, 3},
    {"bucket_evict", bucket_evict::run_model, model_bucket_evict, 3},
    {"repeat_filter", repeat_filter::run_model, model_repeat_filter, 3},
    {"emergency_note", emergency_note::run_model, model_emergency_note, 3},
    {"shared_notes", shared_notes::run_model, model_shared_notes, 5},
    {"shared_arena", shared_arena::run_model, model_shared_arena, 7},
    {"shared_reclaim", shared_reclaim::run_model, model_shared_reclaim, 5},
};

std::ostream& operator<<(std::ostream& out, const Model& model) { return out << model.name; }

class Models : public testing::TestWithParam<Model> {};
INSTANTIATE_TEST_SUITE_P(All, Models, testing::ValuesIn(kModels),
                         [](const auto& about) { return std::string(about.param.name); });

Outcome explore(const Model& model, int twin) {
    wrong = twin;
    const Outcome outcome = Explorer().explore(model.explored);
    wrong = 0;
    return outcome;
}

TEST_P(Models, holds_under_every_execution) {
    const Outcome outcome = explore(GetParam(), 0);
    EXPECT_EQ(outcome.broken, "");
    EXPECT_GT(outcome.ends, 0u);
    RecordProperty("states", static_cast<int>(outcome.states));
}

TEST_P(Models, every_wrong_twin_is_caught) {
    for (int twin = 1; twin <= GetParam().twins; ++twin) {
        const Outcome outcome = explore(GetParam(), twin);
        EXPECT_NE(outcome.broken, "")
            << "WRONG " << twin << " passed, " << outcome.states << " states";
        EXPECT_EQ(outcome.broken.find("states than"), std::string::npos);
    }
}

TEST_P(Models, holds_on_real_threads) {
    constexpr int kRounds = 500;
    for (int round = 0; round < kRounds; ++round) ASSERT_EQ(GetParam().real(), 0);
}

}  // namespace
}  // namespace ringfence::model
