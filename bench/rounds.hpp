// rounds.hpp - times contenders by turns, so that what disturbs the machine disturbs them alike.
//
//     round 0 (not counted)   A B C
//     round 1                 A B C        one sample each
//     round 2                 C B A
//     ...
//
// Time is the thread's processor time: a machine that is shared takes the processor away, and that is nobody's
// cost. What others do to the memory stays in; only ratios within a round mean much.
//
// Threads: one thread per object; bodies run on it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <time.h>

#include "bench/figures.hpp"

namespace ringfence::bench {

// Nanoseconds that this thread has run.
inline double thread_ns() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// How many times as fast the one is as the other, round by round.
inline std::vector<double> speed_over(const std::vector<double>& ours,
                                      const std::vector<double>& other) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(other[i] / ours[i]);
    return ratios;
}

class Rounds {
public:
    // `body` does `operations` of what is measured each time it is called. Gives the contender's place.
    std::size_t add(std::string name, double operations, std::function<void()> body) {
        contenders_.push_back({std::move(name), operations, std::move(body), {}});
        return contenders_.size() - 1;
    }

    // Runs each contender `rounds` times, after a round that does not count.
    void run(unsigned rounds) {
        for (const Contender& contender : contenders_) contender.body();
        for (unsigned round = 0; round < rounds; ++round) {
            for (std::size_t i = 0; i < contenders_.size(); ++i) {
                Contender& contender = contenders_[round % 2 == 0 ? i : contenders_.size() - 1 - i];
                const double begun = thread_ns();
                contender.body();
                contender.ns.push_back((thread_ns() - begun) / contender.operations);
            }
        }
    }

    // Nanoseconds an operation, a sample a round.
    const std::vector<double>& ns(std::size_t place) const { return contenders_[place].ns; }

    // How many times as fast the one is as the other, round by round.
    std::vector<double> speed(std::size_t ours, std::size_t other) const {
        return speed_over(ns(ours), ns(other));
    }

    // A line each to stderr: name, operations a second.
    void log() const {
        for (const Contender& contender : contenders_) {
            const auto [least, most] =
                std::minmax_element(contender.ns.begin(), contender.ns.end());
            std::fprintf(stderr, "  %-28s %9.2f M/s   %8.2f ns (%.2f .. %.2f)\n",
                         contender.name.c_str(), 1e3 / median(contender.ns), median(contender.ns),
                         *least, *most);
        }
    }

private:
    struct Contender {
        std::string name;
        double operations;
        std::function<void()> body;
        std::vector<double> ns;
    };
    std::vector<Contender> contenders_;
};

}  // namespace ringfence::bench
