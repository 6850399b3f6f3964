#include <new>
#include <utility>

#include "src/image/process_name.hpp"
#include "src/image/shared_ends.hpp"
#include "src/image/shared_mapping.hpp"

namespace ringfence {

class SharedReader::State {
public:
    State(std::shared_ptr<const SharedImage::Mapping> of, unsigned of_slot, SharedPins::Owner name)
        : mapping(std::move(of)),
          slot(of_slot),
          me(name),
          turn(mapping->pins().turn(slot)),
          forks(image::forks()) {}
    ~State() {
        if (mine() && owns_slot()) mapping->pins().release_slot(slot);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    bool mine() const { return forks == image::forks(); }
    bool owns_slot() const { return mapping->pins().owns(slot, me, turn); }
    // Whether what is pinned in the slot is this reader's: one that came to name another may have gone to who is pinned there now; one that
    // came to name nobody is given to none.
    bool owns_pin() const { return owns_slot() || mapping->pins().owns(slot, 0, turn); }

    // The view of a pinned generation; null when its arena holds another, or damage. Taken anew once a generation.
    const FlatView* view_of(std::uint64_t generation) {
        FlatView& view = views[SharedImage::Mapping::arena_of(generation)];
        if (view.generation == generation) return &view;
        view.generation = 0;
        if (view_flat(mapping->arena(generation), view) == FlatFault::kNone &&
            view.generation == generation)
            return &view;
        view.generation = 0;  // no generation has that number
        return nullptr;
    }

    std::shared_ptr<const SharedImage::Mapping> mapping;
    unsigned slot;
    SharedPins::Owner me;
    std::uint64_t turn;
    std::uint64_t forks;
    bool pinned = false;
    std::array<FlatView, 2> views;
};

Result<SharedReader> SharedImage::reader() const {
    auto me = mapping_->own_name();
    if (!me) return me.error();
    const auto slot = mapping_->pins().claim_slot(*me);
    if (!slot)
        return Error::at(ErrorCode::kFull, mapping_->name(), 0,
                         "all " + std::to_string(readers()) +
                             " readers are taken by processes that live; create it with more");
    try {
        return SharedReader(std::make_unique<SharedReader::State>(mapping_, *slot, *me));
    } catch (const std::bad_alloc&) {
        mapping_->pins().release_slot(*slot);
        return out_of_memory();
    }
}

SharedReader::SharedReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SharedReader::SharedReader(SharedReader&&) noexcept = default;
SharedReader& SharedReader::operator=(SharedReader&&) noexcept = default;
SharedReader::~SharedReader() = default;

SharedPin::SharedPin(SharedReader& reader) : reader_(*reader.state_) {
    if (!reader_.mine()) {
        why_ = Why::kForked;
        return;
    }
    if (reader_.pinned) {
        why_ = Why::kPinned;
        return;
    }
    if (!reader_.owns_slot()) {
        why_ = Why::kLost;
        return;
    }
    generation_ = reader_.mapping->pins().pin(reader_.slot);
    if (generation_ == 0) {
        why_ = Why::kNothing;
        return;
    }
    reader_.pinned = true;
    view_ = reader_.view_of(generation_);
    if (view_ == nullptr) why_ = Why::kDamaged;
}

SharedPin::~SharedPin() {
    if ((why_ != Why::kGood && why_ != Why::kDamaged) || !reader_.mine()) return;
    reader_.pinned = false;
    if (reader_.owns_pin()) reader_.mapping->pins().unpin(reader_.slot);
}

Status SharedPin::status() const {
    const auto because = [&](ErrorCode code, const char* what) {
        return Error::at(code, reader_.mapping->name(), 0, what);
    };
    switch (why_) {
        case Why::kGood: return ok();
        case Why::kNothing: return because(ErrorCode::kMissing, "nothing was published yet");
        case Why::kForked:
            return because(ErrorCode::kInvalidArgument,
                           "the reader was made before a fork; make one in the child");
        case Why::kPinned:
            return because(ErrorCode::kInvalidArgument,
                           "the reader is pinned already; a reader has one pin at a time");
        case Why::kLost:
            return because(ErrorCode::kSyntax,
                           "is damaged: the reader's slot names another; make a new reader");
        case Why::kDamaged: break;
    }
    return because(ErrorCode::kSyntax, "is damaged; remove it and create it anew");
}

Status SharedPin::verify() const {
    const auto held = verified_lists();
    if (!held) return held.error();
    return ok();
}

Result<SharedEnds> SharedPin::ends() const {
    if (auto status = this->status(); !status) return status.error();
    auto ends = image::ends_in(view_->about);
    if (ends || ends.error().code != ErrorCode::kSyntax) return ends;
    return Error::at(ErrorCode::kSyntax, reader_.mapping->name(), 0, ends.error().text);
}

Result<SharedLists> SharedPin::verified_lists() const {
    auto held = lists();
    if (!held) return held;
    const auto status =
        check_flat(reader_.mapping->arena(generation_), *view_, held->sub_lists.all().size());
    if (status) return held;
    return Error::at(status.error().code, reader_.mapping->name(), 0, status.error().text);
}

Result<SharedLists> SharedPin::lists() const {
    if (auto status = this->status(); !status) return status.error();
    const auto read = Image::from_bytes(image::catalogue_in(view_->about), reader_.mapping->name());
    if (!read) return read.error();
    try {
        return SharedLists{read->lists(), read->sub_lists(), read->origins(), read->serial()};
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

}  // namespace ringfence
