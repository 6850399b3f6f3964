// One or two screens of the same seed and policy, and their sessions: how the fuzz target of the C interface opens,
// reloads and closes them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "fuzz/c_abi_policies.hpp"
#include "fuzz/c_abi_promises.hpp"
#include "ringfence.h"

namespace c_abi {

struct Side {
    ringfence_screen* screen = nullptr;
    ringfence_session* sessions[3] = {};
};

class Screens {
public:
    // Opens `sides` screens under the policy in the folders from `first_folder` on.
    Screens(Folders& folders, unsigned first_folder, unsigned sides, unsigned policy,
            std::uint64_t seed)
        : folders_(folders), first_folder_(first_folder), sides_(sides), seed_(seed) {
        for (unsigned i = 0; i < sides_; ++i)
            std::filesystem::remove(folders_.path(first_folder_ + i, "live.journal"));
        choose(policy);
        open();
    }
    ~Screens() { close(); }
    Screens(const Screens&) = delete;
    Screens& operator=(const Screens&) = delete;

    std::span<Side> sides() { return std::span(side_).first(sides_); }
    Side& first() { return side_[0]; }
    bool twins() const { return sides_ == 2; }
    // The policy of the last good load.
    unsigned live_policy() const { return live_policy_; }
    void compare_counters() const {
        require(counters_of(side_[0].screen) == counters_of(side_[1].screen));
    }

    // ---- life of a screen ----
    // Closes and opens again; gives whether live changes were journalled over it.
    bool restart() {
        const bool journalled = opened_with_ == kJournalPolicy && policy_ == kJournalPolicy;
        close();
        open();
        return journalled;
    }
    void reload(unsigned wanted) {
        choose(wanted);
        for (Side& side : sides()) {
            CheckedError error;
            const std::uint32_t before = ringfence_screen_generation(side.screen);
            const auto status = error.check(ringfence_screen_reload(side.screen, &error.error));
            require((status == RINGFENCE_OK) ==
                    (side.screen != nullptr && policy_ < kGoodPolicies));
            require(ringfence_screen_generation(side.screen) == before + (status == RINGFENCE_OK));
        }
        if (side_[0].screen != nullptr && policy_ < kGoodPolicies) live_policy_ = policy_;
    }
    void open_sessions(unsigned place) {
        for (Side& side : sides()) {
            CheckedError error;
            auto* session = reinterpret_cast<ringfence_session*>(&error);
            const auto status =
                error.check(ringfence_session_create(side.screen, &error.error, &session));
            require((status == RINGFENCE_OK) == (session != nullptr));
            require((status == RINGFENCE_OK) == (side.screen != nullptr));
            ringfence_session*& mine = side.sessions[place % 3];
            ringfence_session_free(mine);
            mine = session;
        }
    }
    void close_sessions(unsigned place) {
        for (Side& side : sides())
            ringfence_session_free(std::exchange(side.sessions[place], nullptr));
    }

private:
    void choose(unsigned policy) {
        policy_ = policy;
        for (unsigned i = 0; i < sides_; ++i) folders_.choose(first_folder_ + i, policy);
    }
    void open() {
        ringfence_screen_options options = ringfence_screen_options_init();
        options.activity_bytes = 1u << 16u;
        options.reassembly_slots = 8;
        options.seed = seed_;
        for (unsigned i = 0; i < sides_; ++i) {
            CheckedError error;
            side_[i].screen = reinterpret_cast<ringfence_screen*>(&options);
            const std::string path = folders_.path(first_folder_ + i, "policy.toml");
            const auto status = error.check(
                ringfence_screen_open(path.c_str(), &options, &error.error, &side_[i].screen));
            require((status == RINGFENCE_OK) == (side_[i].screen != nullptr));
            if (status != RINGFENCE_OK && policy_ < kGoodPolicies)
                std::fprintf(stderr, "%s\n", error.error.text);
            require((status == RINGFENCE_OK) == (policy_ < kGoodPolicies));
        }
        if (side_[0].screen != nullptr) live_policy_ = policy_;
        opened_with_ = policy_;
        open_sessions(0);
    }
    void close() {
        for (Side& side : sides()) {
            for (auto& session : side.sessions)
                ringfence_session_free(std::exchange(session, nullptr));
            ringfence_screen_free(std::exchange(side.screen, nullptr));
        }
    }

    Folders& folders_;
    const unsigned first_folder_;
    const unsigned sides_;
    const std::uint64_t seed_;
    Side side_[2];
    unsigned policy_ = 0;  // in the file
    unsigned live_policy_ = 0;
    unsigned opened_with_ = 0;
};

}  // namespace c_abi
