#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

#include "ringfence/sync/patience.hpp"
#include "src/image/catalogue.hpp"
#include "src/image/process_name.hpp"
#include "src/image/shared_ends.hpp"
#include "src/image/shared_mapping.hpp"

namespace ringfence {

class SharedWriter::State {
public:
    State(std::shared_ptr<const SharedImage::Mapping> of, image::ProcessName name)
        : mapping_(std::move(of)), me_(name), forks_(image::forks()) {}
    ~State() {
        if (arenas_ != nullptr) ::munmap(arenas_, arenas_bytes());
        if (mine()) pins().release_writer();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    // Maps the arenas for writing, and looks whether what the words call current is there.
    Status begin();
    Result<std::uint64_t> publish(const ImageContents& contents,
                                  std::chrono::milliseconds patience);
    Status release_spare();
    const SharedImage::Mapping& mapping() const { return *mapping_; }

private:
    const SharedPins& pins() const { return mapping_->pins(); }
    bool mine() const { return forks_ == image::forks(); }
    std::uint64_t arenas_bytes() const { return 2 * mapping_->header().arena_bytes; }
    Error refuse(ErrorCode code, const std::string& what) const {
        return Error::at(code, mapping_->name(), 0, what);
    }
    // Whether this process is the writer, and the words say what it left there.
    Status check_mine() const;
    Status wait_for_spare(std::chrono::milliseconds patience) const;
    // Memory for the first `bytes` of an arena, so that writing there cannot fail.
    Status reserve(std::size_t arena, std::uint64_t bytes) const;

    std::shared_ptr<const SharedImage::Mapping> mapping_;
    image::ProcessName me_;
    std::uint64_t forks_;
    std::byte* arenas_ = nullptr;
    std::uint64_t last_ = 0;  // published, by this writer or the one before
};

Status SharedWriter::State::begin() {
    void* memory =
        ::mmap(nullptr, arenas_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
               mapping_->descriptor(), static_cast<off_t>(mapping_->arena_offset(0)));
    if (memory == MAP_FAILED)
        return refuse(ErrorCode::kOutOfMemory,
                      "cannot be mapped for writing: " + std::generic_category().message(errno));
    arenas_ = static_cast<std::byte*>(memory);
    ::madvise(arenas_, arenas_bytes(), MADV_HUGEPAGE);  // as readers do
    const std::uint64_t now = pins().current();
    FlatView view;
    if (now != 0 &&
        (view_flat(mapping_->arena(now), view) != FlatFault::kNone || view.generation != now))
        return refuse(ErrorCode::kSyntax, "is damaged; remove it and create it anew");
    last_ = now;
    return ok();
}

Status SharedWriter::State::check_mine() const {
    if (!mine())
        return refuse(ErrorCode::kInvalidArgument,
                      "the writer was made before a fork and is the parent's");
    if (pins().writer() != me_)
        return refuse(ErrorCode::kSyntax, "is damaged: it names another writer");
    if (const std::uint64_t now = pins().current(); now != last_)
        return refuse(ErrorCode::kSyntax, "is damaged: it calls generation " + std::to_string(now) +
                                              " the current one, and " + std::to_string(last_) +
                                              " was published last; remove it and create it anew");
    return ok();
}

Status SharedWriter::State::wait_for_spare(std::chrono::milliseconds patience) const {
    for (Patience left(patience);;) {
        const auto slot = pins().in_the_way(me_, last_);
        if (!slot) return ok();
        if (pins().is_damaged(*slot))
            return refuse(ErrorCode::kSyntax,
                          "is damaged: reader " + std::to_string(*slot) +
                              " holds a generation and names no process; remove it and create it "
                              "anew");
        if (!left.again())
            return refuse(ErrorCode::kBusy,
                          "process " + std::to_string(image::process_id(pins().owner(*slot))) +
                              " still reads the generation before the current one; try again");
    }
}

Status SharedWriter::State::reserve(std::size_t arena, std::uint64_t bytes) const {
    if (image::take_room(mapping_->descriptor(), mapping_->arena_offset(arena), bytes)) return ok();
    return refuse(ErrorCode::kFull, "has no room for " + std::to_string(bytes) +
                                        " octets: " + std::generic_category().message(errno));
}

Result<std::uint64_t> SharedWriter::State::publish(const ImageContents& contents,
                                                   std::chrono::milliseconds patience) {
    if (auto status = check_mine(); !status) return status.error();
    // First, since it may fail often and the rest takes long: no reader can come to hold the spare arena later.
    if (auto status = wait_for_spare(patience); !status) return status.error();
    const auto catalogue = image::catalogue_of(contents);
    if (!catalogue) return catalogue.error();
    const std::uint64_t arena_bytes = mapping_->header().arena_bytes;
    const auto tables_with = [&](const NextEnds& ends) {
        return FlatTables::of(contents.tables, image::about_of(*catalogue, ends));
    };
    NextEnds ends = contents.book.next_ends(SharedEnds::kMost);
    auto flat = tables_with(ends);
    if (!flat) return flat.error();
    if (flat->bytes() > arena_bytes) {
        // Where there is no room for all ends there is for the earlier ones, or for none.
        constexpr std::uint64_t kBorder = 64;  // of what comes behind them
        image::leave_out(ends, flat->bytes() - arena_bytes + kBorder);
        flat = tables_with(ends);
        if (!flat) return flat.error();
    }
    if (flat->bytes() > arena_bytes)
        return refuse(ErrorCode::kFull, "has arenas of " + std::to_string(arena_bytes) +
                                            " octets, and the tables take " +
                                            std::to_string(flat->bytes()) +
                                            "; create it anew with larger ones");
    const std::uint64_t next = last_ + 1;
    const std::size_t arena = SharedImage::Mapping::arena_of(next);
    if (auto status = reserve(arena, flat->bytes()); !status) return status.error();
    flat->write({arenas_ + arena * arena_bytes, arena_bytes}, next);
    pins().publish(next);
    last_ = next;
    return next;
}

Status SharedWriter::State::release_spare() {
    if (auto status = check_mine(); !status) return status;
    if (auto status = wait_for_spare({}); !status) return status;
    const std::size_t spare = SharedImage::Mapping::arena_of(last_ + 1);
    if (::fallocate(mapping_->descriptor(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    static_cast<off_t>(mapping_->arena_offset(spare)),
                    static_cast<off_t>(mapping_->header().arena_bytes)) == 0)
        return ok();
    return refuse(ErrorCode::kUnsupported,
                  "does not give memory back: " + std::generic_category().message(errno));
}

Result<SharedWriter> SharedImage::writer() const {
    auto me = mapping_->own_name();
    if (!me) return me.error();
    try {
        const SharedPins& pins = mapping_->pins();
        if (!pins.claim_writer(*me))
            return Error::at(ErrorCode::kBusy, mapping_->name(), 0,
                             "process " + std::to_string(image::process_id(pins.writer())) +
                                 " is its writer, and there is one at a time");
        std::unique_ptr<SharedWriter::State> state;
        try {
            state = std::make_unique<SharedWriter::State>(mapping_, *me);
        } catch (const std::bad_alloc&) {
            pins.release_writer();
            throw;
        }
        if (auto status = state->begin(); !status) return status.error();
        return SharedWriter(std::move(state));
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

SharedWriter::SharedWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
SharedWriter::SharedWriter(SharedWriter&&) noexcept = default;
SharedWriter& SharedWriter::operator=(SharedWriter&&) noexcept = default;
SharedWriter::~SharedWriter() = default;

Result<std::uint64_t> SharedWriter::publish(const ImageContents& contents,
                                            std::chrono::milliseconds patience) {
    try {
        return state_->publish(contents, patience);
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

Result<std::uint64_t> SharedWriter::publish(const Image& image,
                                            std::chrono::milliseconds patience) {
    const auto entries = image.entries();
    if (!entries) return entries.error();
    return publish({image.tables(), image.sub_lists(), entries->book, image.lists(), image.serial(),
                    image.origins()},
                   patience);
}

bool SharedWriter::writes(const SharedImage& image) const {
    return state_->mapping().is_same(*image.mapping_);
}

Status SharedWriter::release_spare() {
    try {
        return state_->release_spare();
    } catch (const std::bad_alloc&) {
        return out_of_memory();
    }
}

}  // namespace ringfence
