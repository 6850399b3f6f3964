// store_buffers.hpp - runs small programs of two threads under every interleaving, with store
// buffers.
//
// A machine for checking protocols by exhaustion: each thread's stores first go into its own
// buffer, in order, and reach memory at any later moment; its loads see its own buffered stores
// first. A seq_cst store, and a read-modify-write, waits until the buffer is empty. That is x86-TSO
// (Sewell et al., "x86-TSO", CACM 2010); C11 allows more for relaxed accesses, so what fails here
// is wrong, and what passes here is right on x86-64 and for accesses that are seq_cst in C11.
//
//     thread A   next step | buffer: slot=3, ...          memory: epoch slot current freed
//     thread B   next step | buffer: -
//
// A program is a list of steps over named words; a step may branch. Words are small integers.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ringfence::model {

inline constexpr unsigned kWords = 8;
inline constexpr unsigned kRegisters = 4;

struct Thread {
    std::size_t next = 0;  // step
    std::array<int, kRegisters> registers{};
    std::vector<std::pair<unsigned, int>>
        buffer;  // stores that memory has not seen, the oldest first
    friend auto operator<=>(const Thread&, const Thread&) = default;
};

struct State {
    std::array<int, kWords> memory{};
    std::array<Thread, 2> threads;
    std::string broken;  // what went wrong, empty while nothing has
    friend auto operator<=>(const State&, const State&) = default;
};

// What a step may do. It runs at once; `ready` false means the step waits, unchanged, for its
// buffer to drain.
class Machine {
public:
    Machine(State& state, unsigned thread) : state_(state), thread_(state.threads[thread]) {}

    int& reg(unsigned i) { return thread_.registers[i]; }
    int load(unsigned word) const {
        for (auto it = thread_.buffer.rbegin(); it != thread_.buffer.rend(); ++it) {
            if (it->first == word) return it->second;
        }
        return state_.memory[word];
    }
    // Becomes visible later.
    void store(unsigned word, int value) { thread_.buffer.emplace_back(word, value); }
    // Visible at once; the buffer must be drained.
    void store_seq_cst(unsigned word, int value) {
        if (!drained()) return;
        state_.memory[word] = value;
    }
    int exchange(unsigned word, int value) {
        if (!drained()) return 0;
        return std::exchange(state_.memory[word], value);
    }
    void jump(std::size_t step) { thread_.next = step; }
    void fail(std::string what) { state_.broken = std::move(what); }
    bool ready() const { return ready_; }

private:
    bool drained() {
        ready_ = ready_ && thread_.buffer.empty();
        return ready_;
    }

    State& state_;
    Thread& thread_;
    bool ready_ = true;
};

// A waiting operation must be the only effect of its step.
using Step = std::function<void(Machine&)>;
using Program = std::vector<Step>;

struct Outcome {
    std::size_t states = 0;
    std::size_t ends = 0;  // states in which both threads are through
    std::string broken;    // the first fault found, empty for none
};

// Every state reachable from `start`.
inline Outcome explore(const std::array<Program, 2>& programs, const State& start) {
    Outcome outcome;
    std::set<State> seen{start};
    std::vector<State> open{start};
    const auto visit = [&](State state) {
        if (seen.insert(state).second) open.push_back(std::move(state));
    };
    while (!open.empty()) {
        const State state = std::move(open.back());
        open.pop_back();
        ++outcome.states;
        if (!state.broken.empty()) {
            outcome.broken = state.broken;
            continue;
        }
        bool through = true;
        for (unsigned t = 0; t < 2; ++t) {
            if (!state.threads[t].buffer.empty()) {
                through = false;
                State next = state;
                auto& buffer = next.threads[t].buffer;
                next.memory[buffer.front().first] = buffer.front().second;
                buffer.erase(buffer.begin());
                visit(std::move(next));
            }
            if (state.threads[t].next < programs[t].size()) {
                through = false;
                State next = state;
                Machine machine(next, t);
                const std::size_t step = next.threads[t].next++;
                programs[t][step](machine);
                if (machine.ready()) visit(std::move(next));
            }
        }
        outcome.ends += through ? 1u : 0u;
    }
    return outcome;
}

}  // namespace ringfence::model
