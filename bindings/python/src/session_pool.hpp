// session_pool.hpp - sessions for whoever calls: a Session is one thread's, a Python Screen is everybody's.
//
// A call takes a session that lies idle, or opens one, and gives it back. So there are as many as calls ran at
// once, and at most Screen::kMaxSessions.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "bindings/python/src/errors.hpp"
#include "ringfence/screen/screen.hpp"

namespace ringfence::python {

class SessionPool {
public:
    // `screen` outlives the pool.
    explicit SessionPool(Screen& screen) : screen_(screen) { idle_.reserve(Screen::kMaxSessions); }

    // A session that goes back when it dies.
    class Lent {
    public:
        Lent(SessionPool& pool, Session session) : pool_(pool), session_(std::move(session)) {}
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        ~Lent() { pool_.take_back(std::move(session_)); }
        Session* operator->() { return &session_; }

    private:
        SessionPool& pool_;
        Session session_;
    };

    // Throws Raised when too many threads screen at once. Threads: any thread.
    Lent lend() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                Session session = std::move(idle_.back());
                idle_.pop_back();
                return Lent(*this, std::move(session));
            }
        }
        Session session = screen_.session();
        if (!session.open()) {
            throw Raised{
                {ErrorCode::kBusy, "more threads screen at once than a Screen has sessions (" +
                                       std::to_string(Screen::kMaxSessions) + "); use fewer"}};
        }
        return Lent(*this, std::move(session));
    }

private:
    void take_back(Session session) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(session));
    }

    Screen& screen_;
    std::mutex mutex_;
    std::vector<Session> idle_;
};

}  // namespace ringfence::python
