// explorer.hpp - runs a model (model.h) under every interleaving, and with every value that C11 lets its
// loads give.
//
// A word keeps all values that were stored to it, in their order; each thread has a view, the oldest value of
// each word that it may still see. So a load can give an old value, as it can on a machine with weak memory:
//
//     word slot    0 | 6 (view: heap 1, slot 1) | 14 (view: -)        memory: values, each with what it carries
//     reader       view: heap 0, slot 0                               may load any of the three
//
//     load      any value from the thread's view on, which moves up to it; acquire: takes over what it carries
//     store     a new value at the end; release: it carries the view of its thread
//     exchange, add, compare: take the last value; the new one carries on what that one carried
//     seq_cst   in the order in which they run: a load gives nothing older than the last seq_cst store
//     create, join: hand over the view
//
// This is C11 as repaired by RC11 (Lahav et al., "Repairing sequential consistency in C/C++11", PLDI 2017),
// in the form of views (Kang et al., "A promising semantics", POPL 2017), less three things: a store goes to
// the end of its word's order (a word that two threads store to plainly could also have them the other way
// round); seq_cst operations take effect in the order in which they run, even where C11 would let one that
// meets a relaxed one go before it; there are no fences. What fails here is wrong; what passes is right
// within the bounds of the model.
//
// A thread is the C function itself. What it did so far is the list of values its operations gave, so it is
// brought to its next operation by running it again from the start with those values, and left by longjmp.
// States met before (memory, views, lists of values) are not looked at twice.
//
// Cost: about 2 us a state.
#pragma once

#include <setjmp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ringfence::model {

enum memory_order {
    memory_order_relaxed,
    memory_order_acquire,
    memory_order_release,
    memory_order_acq_rel,
    memory_order_seq_cst
};

// A word, known by its address. It is 0 at first.
struct atomic_int {};

using pthread_t = unsigned;

// What the model's text may ask for: see model.h.
inline int wrong = 0;

inline constexpr unsigned kMaxWords = 24;
inline constexpr unsigned kMaxThreads = 4;

struct Operation {
    enum class Kind : std::uint8_t {
        kLoad,
        kStore,
        kExchange,
        kAdd,
        kCompare,
        kCreate,
        kJoin,
        kEnd
    };
    Kind kind = Kind::kEnd;
    memory_order order = memory_order_seq_cst;
    memory_order failure = memory_order_seq_cst;  // kCompare
    const atomic_int* word = nullptr;
    int value = 0;     // to store or add
    int expected = 0;  // kCompare
    unsigned thread = 0;
    void* (*start)(void*) = nullptr;
};

// The thread that is being run: the values it is given, and where it leaves.
struct Replay {
    const std::vector<int>* given = nullptr;
    std::size_t next = 0;
    Operation operation;
    const char* broken = nullptr;
    jmp_buf leave;
};
inline Replay replay;

inline int perform(const Operation& operation) {
    if (replay.next < replay.given->size()) return (*replay.given)[replay.next++];
    replay.operation = operation;
    longjmp(replay.leave, 1);
}

[[noreturn]] inline void broken(const char* what) {
    replay.broken = what;
    longjmp(replay.leave, 1);
}

// ---- the words of C11 ----

inline int atomic_load_explicit(const atomic_int* word, memory_order order) {
    return perform({Operation::Kind::kLoad, order, order, word});
}
inline void atomic_store_explicit(const atomic_int* word, int value, memory_order order) {
    perform({Operation::Kind::kStore, order, order, word, value});
}
inline int atomic_exchange_explicit(const atomic_int* word, int value, memory_order order) {
    return perform({Operation::Kind::kExchange, order, order, word, value});
}
inline int atomic_fetch_add_explicit(const atomic_int* word, int value, memory_order order) {
    return perform({Operation::Kind::kAdd, order, order, word, value});
}
inline bool atomic_compare_exchange_strong_explicit(const atomic_int* word, int* expected,
                                                    int value, memory_order order,
                                                    memory_order failure) {
    const int seen = perform({Operation::Kind::kCompare, order, failure, word, value, *expected});
    return seen == std::exchange(*expected, seen);
}
inline int pthread_create(pthread_t* thread, const void*, void* (*start)(void*), void*) {
    *thread = static_cast<pthread_t>(perform({Operation::Kind::kCreate, memory_order_seq_cst,
                                              memory_order_seq_cst, nullptr, 0, 0, 0, start}));
    return 0;
}
inline int pthread_join(pthread_t thread, void**) {
    return perform({Operation::Kind::kJoin, memory_order_seq_cst, memory_order_seq_cst, nullptr, 0,
                    0, thread});
}

// ---- the machine ----

struct Outcome {
    std::size_t states = 0;
    std::size_t ends = 0;     // states in which every thread is through
    std::string broken = {};  // the first assertion that failed, empty for none
};

class Explorer {
public:
    // Every state of the model whose main this is; stops at the first fault, or after `most` states.
    Outcome explore(int (*main)(), std::size_t most = 4'000'000) {
        main_ = main;
        State start;
        start.threads.emplace_back();
        settle(start.threads[0]);
        visit(std::move(start));
        while (!open_.empty() && outcome_.broken.empty()) {
            const State state = std::move(open_.back());
            open_.pop_back();
            if (++outcome_.states > most) outcome_.broken = "more states than were allowed";
            step(state);
        }
        return outcome_;
    }

private:
    using View = std::array<std::uint8_t, kMaxWords>;  // by word: the oldest value that may be seen
    struct Value {
        int value = 0;
        View carries{};
    };
    struct Thread {
        void* (*start)(void*) = nullptr;  // null: main
        std::vector<int> given;           // what its operations gave
        View view{};
        Operation next;
    };
    struct State {
        std::array<std::vector<Value>, kMaxWords> words;
        View seq_cst{};
        std::vector<Thread> threads;
    };

    static bool acquires(memory_order order) {
        return order != memory_order_relaxed && order != memory_order_release;
    }
    static bool releases(memory_order order) {
        return order != memory_order_relaxed && order != memory_order_acquire;
    }
    static void join(View& view, const View& other) {
        for (unsigned i = 0; i < kMaxWords; ++i) view[i] = std::max(view[i], other[i]);
    }

    // Runs a thread up to its next operation.
    void settle(Thread& thread) {
        replay.given = &thread.given;
        replay.next = 0;
        replay.broken = nullptr;
        replay.operation = {};
        if (setjmp(replay.leave) == 0) {
            thread.start == nullptr ? static_cast<void>(main_())
                                    : static_cast<void>(thread.start(nullptr));
        }
        if (replay.broken != nullptr) outcome_.broken = replay.broken;
        thread.next = replay.operation;
    }

    unsigned index_of(const atomic_int* word) {
        const auto at = std::ranges::find(names_, word);
        if (at != names_.end()) return static_cast<unsigned>(at - names_.begin());
        names_.push_back(word);
        if (names_.size() > kMaxWords) outcome_.broken = "more words than the explorer has";
        return static_cast<unsigned>(names_.size() - 1) % kMaxWords;
    }

    void visit(State state) {
        if (seen_.insert(key_of(state)).second) open_.push_back(std::move(state));
    }

    static std::string key_of(const State& state) {
        std::string key;
        const auto put = [&](const auto& value) {
            key.append(reinterpret_cast<const char*>(&value), sizeof value);
        };
        const auto put_view = [&](const View& view) { key.append(view.begin(), view.end()); };
        for (const auto& values : state.words) {
            key.push_back(static_cast<char>(values.size()));
            for (const Value& value : values) {
                put(value.value);
                put_view(value.carries);
            }
        }
        put_view(state.seq_cst);
        for (const Thread& thread : state.threads) {
            put(thread.start);
            key.push_back(static_cast<char>(thread.given.size()));
            for (const int given : thread.given) put(given);
            put_view(thread.view);
        }
        return key;
    }

    void step(const State& state) {
        bool through = true;
        bool stuck = true;
        for (unsigned t = 0; t < state.threads.size(); ++t) {
            const Operation& next = state.threads[t].next;
            if (next.kind == Operation::Kind::kEnd) continue;
            through = false;
            if (next.kind == Operation::Kind::kJoin &&
                state.threads[next.thread].next.kind != Operation::Kind::kEnd)
                continue;
            stuck = false;
            run(state, t);
            // Making and awaiting threads commutes with all that others do: one order of it will do.
            if (next.kind == Operation::Kind::kJoin || next.kind == Operation::Kind::kCreate)
                return;
        }
        outcome_.ends += through ? 1u : 0u;
        if (stuck && !through && outcome_.broken.empty()) outcome_.broken = "stuck";
    }

    void run(const State& state, unsigned t) {
        const Operation& next = state.threads[t].next;
        switch (next.kind) {
            case Operation::Kind::kEnd: return;
            case Operation::Kind::kJoin: {
                State after = state;
                join(after.threads[t].view, state.threads[next.thread].view);
                return give(std::move(after), t, 0);
            }
            case Operation::Kind::kCreate: {
                State after = state;
                Thread made;
                made.start = next.start;
                made.view = after.threads[t].view;
                settle(made);
                after.threads.push_back(std::move(made));
                if (after.threads.size() > kMaxThreads) outcome_.broken = "too many threads";
                const auto index = static_cast<int>(after.threads.size() - 1);
                return give(std::move(after), t, index);
            }
            default: return access(state, t, index_of(next.word));
        }
    }

    void access(const State& state, unsigned t, unsigned word) {
        const Operation& next = state.threads[t].next;
        const std::size_t last = state.words[word].empty() ? 0 : state.words[word].size() - 1;
        if (next.kind == Operation::Kind::kLoad || next.kind == Operation::Kind::kCompare) {
            // A compare that fails is a load.
            const bool compare = next.kind == Operation::Kind::kCompare;
            const memory_order order = compare ? next.failure : next.order;
            std::size_t from = state.threads[t].view[word];
            if (order == memory_order_seq_cst)
                from = std::max<std::size_t>(from, state.seq_cst[word]);
            for (std::size_t i = from; i <= last; ++i) {
                State after = state;
                const Value seen = at(after, word, i);
                if (compare && seen.value == next.expected) continue;
                after.threads[t].view[word] = static_cast<std::uint8_t>(i);
                if (acquires(order)) join(after.threads[t].view, seen.carries);
                give(std::move(after), t, seen.value);
            }
            if (!compare ||
                (state.words[word].empty() ? 0 : state.words[word][last].value) != next.expected)
                return;
        }
        State after = state;
        const Value old = at(after, word, last);
        Thread& thread = after.threads[t];
        Value stored;
        stored.value = next.kind == Operation::Kind::kAdd ? old.value + next.value : next.value;
        const auto place = static_cast<std::uint8_t>(last + 1);
        if (next.kind != Operation::Kind::kStore && acquires(next.order))
            join(thread.view, old.carries);
        thread.view[word] = place;
        if (releases(next.order)) stored.carries = thread.view;
        if (next.kind != Operation::Kind::kStore) join(stored.carries, old.carries);
        if (next.order == memory_order_seq_cst) after.seq_cst[word] = place;
        after.words[word].push_back(stored);
        give(std::move(after), t, next.kind == Operation::Kind::kStore ? 0 : old.value);
    }

    // The value at a place of a word's order; the first is the 0 it begins with.
    static Value at(State& state, unsigned word, std::size_t place) {
        if (state.words[word].empty()) state.words[word].emplace_back();
        return state.words[word][place];
    }

    void give(State after, unsigned t, int value) {
        after.threads[t].given.push_back(value);
        settle(after.threads[t]);
        visit(std::move(after));
    }

    int (*main_)() = nullptr;
    std::vector<const atomic_int*> names_;
    std::unordered_set<std::string> seen_;
    std::vector<State> open_;
    Outcome outcome_;
};

}  // namespace ringfence::model
