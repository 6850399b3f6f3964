// places.hpp - what only the Screen knows of a row's fields: the handles of trunks and binds, and whether a
// subscriber is a number.
//
// Handles are asked for once a name. Rows of one trunk come in runs, so the last answer is looked at first. Without a
// Screen any id and any subscriber will do.
// Threads: one thread per object.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ringfence/screen/screen.hpp"

namespace ringfence::traffic {

class Places {
public:
    // `screen` may be null, and must outlive this.
    explicit Places(const Screen* screen) : screen_(screen) {}

    TrunkId trunk(std::string_view id) {
        if (screen_ == nullptr) return {kUnchecked};
        return trunks_.get(id, [this](std::string_view asked) { return screen_->trunk(asked); });
    }
    BindId bind(std::string_view id) {
        if (screen_ == nullptr) return {kUnchecked};
        return binds_.get(id, [this](std::string_view asked) { return screen_->bind(asked); });
    }
    TrunkId trunk_of_kind(TrunkKind kind) const {
        return screen_ != nullptr ? screen_->trunk_of_kind(kind) : TrunkId{};
    }
    bool is_number(std::string_view text) const {
        return screen_ == nullptr || screen_->is_number(text);
    }

private:
    static constexpr std::uint16_t kUnchecked = 0xFFFF;

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

    const Screen* screen_;
    Known<TrunkId> trunks_;
    Known<BindId> binds_;
};

}  // namespace ringfence::traffic
