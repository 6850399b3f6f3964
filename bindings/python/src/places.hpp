// places.hpp - the handles of trunks and binds, asked of the Screen once a name.
//
// Rows of one trunk come in runs, so the last answer is looked at first.
// Threads: one thread per object.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ringfence/screen/screen.hpp"

namespace ringfence::python {

class Places {
public:
    explicit Places(const Screen& screen) : screen_(screen) {}

    TrunkId trunk(std::string_view id) {
        return trunks_.get(id, [this](std::string_view asked) { return screen_.trunk(asked); });
    }
    BindId bind(std::string_view id) {
        return binds_.get(id, [this](std::string_view asked) { return screen_.bind(asked); });
    }
    TrunkId trunk_of_kind(TrunkKind kind) {
        std::optional<TrunkId>& known = kinds_[static_cast<std::size_t>(kind)];
        if (!known) known = screen_.trunk_of_kind(kind);
        return *known;
    }

private:
    template <class Handle>
    class Known {
    public:
        template <class Ask>
        Handle get(std::string_view id, Ask&& ask) {
            if (last_ && last_->first == id) return last_->second;
            auto found = handles_.find(id);
            if (found == handles_.end()) {
                // Names that no policy has are not kept: a frame may hold a million of them.
                const Handle handle = ask(id);
                if (handle == Handle{}) return handle;
                found = handles_.emplace(id, handle).first;
            }
            last_ = &*found;
            return found->second;
        }

    private:
        std::map<std::string, Handle, std::less<>> handles_;
        const std::pair<const std::string, Handle>* last_ = nullptr;
    };

    const Screen& screen_;
    Known<TrunkId> trunks_;
    Known<BindId> binds_;
    std::array<std::optional<TrunkId>, 8> kinds_;
};

}  // namespace ringfence::python
