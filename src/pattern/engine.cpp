#include "src/pattern/engine.hpp"

#include <hs/hs.h>

#include <cstdlib>
#include <utility>

namespace ringfence::pattern {
namespace {

hs_database_t* database_of(void* held) { return static_cast<hs_database_t*>(held); }
hs_scratch_t* scratch_of(void* held) { return static_cast<hs_scratch_t*>(held); }

constexpr unsigned kFlags = HS_FLAG_UTF8 | HS_FLAG_DOTALL | HS_FLAG_SOM_LEFTMOST;

struct Receiver {
    void (*on_match)(void*, const EngineMatch&);
    void* context;
};

int on_hyperscan_match(unsigned id, unsigned long long from, unsigned long long to, unsigned,
                       void* context) {
    const auto* receiver = static_cast<const Receiver*>(context);
    receiver->on_match(receiver->context,
                       {id, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)});
    return 0;
}

}  // namespace

EngineScratch::~EngineScratch() { hs_free_scratch(scratch_of(scratch_)); }

EngineScratch::EngineScratch(EngineScratch&& other) noexcept
    : scratch_(std::exchange(other.scratch_, nullptr)) {}

EngineScratch& EngineScratch::operator=(EngineScratch&& other) noexcept {
    std::swap(scratch_, other.scratch_);
    return *this;
}

Result<EngineScratch> EngineScratch::clone() const {
    EngineScratch copy;
    if (!scratch_) return copy;
    hs_scratch_t* made = nullptr;
    if (hs_clone_scratch(scratch_of(scratch_), &made) != HS_SUCCESS) {
        return Error{ErrorCode::kOutOfMemory, "no memory for a pattern scratch"};
    }
    copy.scratch_ = made;
    return copy;
}

std::size_t EngineScratch::bytes() const {
    std::size_t size = 0;
    if (scratch_) hs_scratch_size(scratch_of(scratch_), &size);
    return size;
}

Status Engine::check_platform() {
    if (hs_valid_platform() == HS_SUCCESS) return ok();
    return Error{ErrorCode::kUnsupported,
                 "this processor lacks SSSE3, which Hyperscan needs; leave out rules of that kind"};
}

Result<Engine> Engine::compile(const std::vector<std::string>& patterns, std::size_t& bad) {
    bad = patterns.size();
    std::vector<const char*> texts;
    std::vector<unsigned> ids;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (patterns[i].find('\0') != std::string::npos) {
            bad = i;
            return Error{ErrorCode::kSyntax, "a NUL in the pattern; write \\x00"};
        }
        texts.push_back(patterns[i].c_str());
        ids.push_back(static_cast<unsigned>(i));
    }
    const std::vector<unsigned> flags(patterns.size(), kFlags);

    hs_database_t* database = nullptr;
    hs_compile_error_t* failure = nullptr;
    const hs_error_t status = hs_compile_multi(texts.data(), flags.data(), ids.data(),
                                               static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                                               nullptr, &database, &failure);
    if (status != HS_SUCCESS) {
        std::string text =
            failure && failure->message ? failure->message : "the engine gave no reason";
        if (failure && failure->expression >= 0)
            bad = static_cast<std::size_t>(failure->expression);
        hs_free_compile_error(failure);
        return Error{status == HS_NOMEM ? ErrorCode::kOutOfMemory : ErrorCode::kSyntax,
                     std::move(text)};
    }
    Engine engine;
    engine.database_ = database;
    return engine;
}

Result<std::string> Engine::serialize() const {
    char* octets = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(database_of(database_), &octets, &size) != HS_SUCCESS)
        return Error{ErrorCode::kOutOfMemory, "no memory to write out a pattern database"};
    std::string text(octets, size);
    std::free(octets);
    return text;
}

Result<Engine> Engine::deserialize(std::string_view octets) {
    hs_database_t* database = nullptr;
    const hs_error_t status = hs_deserialize_database(octets.data(), octets.size(), &database);
    if (status == HS_NOMEM)
        return Error{ErrorCode::kOutOfMemory, "no memory for a pattern database"};
    if (status == HS_DB_VERSION_ERROR || status == HS_DB_PLATFORM_ERROR)
        return Error{ErrorCode::kUnsupported, "a pattern database of another Hyperscan"};
    if (status != HS_SUCCESS) return Error{ErrorCode::kSyntax, "a damaged pattern database"};
    Engine engine;
    engine.database_ = database;
    return engine;
}

Engine::Engine(Engine&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Engine& Engine::operator=(Engine&& other) noexcept {
    std::swap(database_, other.database_);
    return *this;
}

Engine::~Engine() { hs_free_database(database_of(database_)); }

Status Engine::reserve(EngineScratch& scratch) const {
    hs_scratch_t* held = scratch_of(scratch.scratch_);
    const hs_error_t status = hs_alloc_scratch(database_of(database_), &held);
    scratch.scratch_ = held;
    if (status == HS_SUCCESS) return ok();
    return Error{ErrorCode::kOutOfMemory, "no memory for a pattern scratch"};
}

bool Engine::scan(const char* text, std::size_t size, EngineScratch& scratch,
                  void (*on_match)(void*, const EngineMatch&), void* context) const {
    Receiver receiver{on_match, context};
    return hs_scan(database_of(database_), text, static_cast<unsigned>(size), 0,
                   scratch_of(scratch.scratch_), on_hyperscan_match, &receiver) == HS_SUCCESS;
}

std::size_t Engine::bytes() const {
    std::size_t size = 0;
    if (database_) hs_database_size(database_of(database_), &size);
    return size;
}

}  // namespace ringfence::pattern
