// generate.hpp - the day of a small synthetic city: calls and messages with labels.
//
// For trying things out and for measuring: subscribers who call their circle, couriers, call
// centres, banks, roamers, emergency calls, and among them the fraud that DOMAIN.md describes
// (bursts, SIM boxes, spoofed callers from abroad, IoT cards that make calls, wangiri, call
// bombing; messages of each fraud type, some disguised). No row is of a real person: numbers are
// drawn from the whole numbering plan at random, texts are ours.
//
//     DIR/calls.csv, DIR/sms.csv                     rows as the command line screens them
//     DIR/calls_labels.csv, DIR/sms_labels.csv       row,label,fraud_type; label is fraud or honest
//     DIR/lists/fraud.csv, DIR/lists/allow.csv       what an operator would know of this city
//     DIR/summary.json                               seed and counts
//     DIR/synthetic                                  says that nothing here is real
//
// The same options give the same bytes on every machine: integers only, a generator of our own, no
// clock, no distribution of the standard library.
//
// The class mix is for tests and demonstrations (about 4 % of calls and 15 % of messages are
// fraud), not the natural base rate.
//
// Cost: about 2 us and 200 bytes of memory a row.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"

namespace ringfence {

struct CityOptions {
    static constexpr std::uint64_t kMaxRows =
        20'000'000;  // of each kind; they are sorted in memory

    std::uint64_t seed = 1;
    std::uint64_t calls = 200'000;
    std::uint64_t sms = 60'000;  // rows: a part of a long message is one
    std::string out_dir;
    Time start = time_from_ms(1'772'380'800'000);  // 2026-03-01T16:00:00Z, midnight in China
    std::function<void(std::uint64_t rows)> progress =
        {};  // told now and then of the rows written of a kind
};

// Makes out_dir where it is missing and writes the files above over any of those names. Fails with
// kOutOfRange past kMaxRows, kUnwritable when a file or folder cannot be written.
// Threads: any thread.
Status generate_city(const CityOptions& options);

}  // namespace ringfence
