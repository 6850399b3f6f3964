// The pipeline of `ringfence screen`: N threads give the verdicts of one.
//
//     reading   |1|2|3|4|            one at a time, in order: the chunks are the same for any N
//     prepare     |1|  |3|  side by side
//     record       |1|2|3|           one at a time, in order (a ticket)
//     decide          |1|  |3|       side by side
//     writing            |1|2|3|     one at a time, in order
//
// Housekeeping runs where event time passes a step; a chunk ends there, and all earlier chunks are recorded and no
// later one is prepared: so it happens at the same event for any N.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "ringfence/policy/policy.hpp"
#include "ringfence/source/file.hpp"
#include "src/screen/policy_files.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/interrupt.hpp"
#include "tools/cli/run_files.hpp"
#include "tools/cli/summary.hpp"
#include "tools/cli/terminal.hpp"
#include "tools/cli/verdict_file.hpp"

namespace ringfence::cli {
namespace {

// Lets chunk n in after chunk n - 1 is through.
class Turnstile {
public:
    void wait_for(std::uint64_t ticket) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return next_ == ticket; });
    }
    void pass() {
        const std::lock_guard lock(mutex_);
        ++next_;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t next_ = 0;
};

class Pipeline {
public:
    Pipeline(Screen& screen, ChunkReader reader, std::optional<VerdictFile> calls,
             std::optional<VerdictFile> messages)
        : screen_(screen),
          reader_(std::move(reader)),
          call_file_(std::move(calls)),
          message_file_(std::move(messages)),
          words_(screen),
          progress_("screened") {}

    // Screens everything with `threads` threads; gives the first error.
    Status run(unsigned threads) {
        std::vector<std::thread> workers;
        for (unsigned i = 1; i < threads; ++i) workers.emplace_back([this] { work(); });
        work();
        for (std::thread& worker : workers) worker.join();
        finish();
        return error_ ? Status(*error_) : ok();
    }

    const Tally& calls() const { return call_tally_; }
    const Tally& messages() const { return message_tally_; }
    std::vector<std::string> warnings() const {
        std::vector<std::string> told;
        for (std::string one :
             {reader_.calls_ahead().told("calls"), reader_.messages_ahead().told("sms")})
            if (!one.empty()) told.push_back(std::move(one));
        return told;
    }
    double screening_ns() const {
        const std::uint64_t events = call_tally_.rows + message_tally_.rows;
        return events == 0 ? 0 : screening_s_ * 1e9 / static_cast<double>(events);
    }

private:
    void work() {
        Session session = screen_.session();
        auto chunk = std::make_unique<Chunk>();
        std::uint64_t ticket = 0;
        while (read(*chunk, ticket)) {
            const double begun = seconds_now();
            session.prepare(chunk->calls.events, chunk->messages.events);
            const double prepared = seconds_now();
            recording_.wait_for(ticket);
            const double turn = seconds_now();
            session.record();
            recording_.pass();
            session.decide(
                std::span(chunk->calls.verdicts).first(chunk->calls.events.size()),
                std::span(chunk->messages.verdicts).first(chunk->messages.events.size()));
            const double decided = seconds_now();
            writing_.wait_for(ticket);
            screening_s_ += (prepared - begun) + (decided - turn);
            write(*chunk);
            writing_.pass();
        }
    }

    bool read(Chunk& chunk, std::uint64_t& ticket) {
        const std::lock_guard lock(reading_);
        if (stopped_.load() || was_interrupted()) return false;
        if (auto status = reader_.fill(chunk); !status) {
            // A wait that an interrupt ended is no fault of the file.
            if (!was_interrupted()) fail(status.error());
            return false;
        }
        if (chunk.rows() == 0) return false;
        ticket = tickets_++;
        keep_house(chunk, ticket);
        return true;
    }

    void keep_house(const Chunk& chunk, std::uint64_t ticket) {
        if (!chunk.housekeeping) return;
        recording_.wait_for(ticket);
        if (auto status = screen_.advance(*chunk.housekeeping); !status) fail(status.error());
    }

    void write(const Chunk& chunk) {
        if (stopped_.load()) return;
        if (call_file_) keep(call_file_->write(chunk.calls, words_));
        if (message_file_) keep(message_file_->write(chunk.messages, words_));
        if (stopped_.load()) return;
        count(chunk.calls, call_tally_);
        count(chunk.messages, message_tally_);
        progress_.show(call_tally_.rows + message_tally_.rows);
    }

    template <class Event>
    void count(const Lane<Event>& lane, Tally& tally) {
        for (const RowNote& note : lane.rows) {
            if (!note.problem.empty() && tally.bad_rows++ < kShownProblems)
                say_warning(note.problem);
            tally.add(note.event ? lane.verdicts[*note.event] : screen_.bad_row());
        }
    }

    void finish() {
        if (call_file_) keep(call_file_->close());
        if (message_file_) keep(message_file_->close());
    }

    void keep(const Status& status) {
        if (!status) fail(status.error());
    }
    void fail(const Error& error) {
        const std::lock_guard lock(failing_);
        if (!error_) error_ = error;
        stopped_.store(true);
    }

    static constexpr std::uint64_t kShownProblems = 10;

    Screen& screen_;
    std::mutex reading_;
    ChunkReader reader_;
    std::uint64_t tickets_ = 0;
    Turnstile recording_;
    Turnstile writing_;
    std::optional<VerdictFile> call_file_;
    std::optional<VerdictFile> message_file_;
    Words words_;
    Tally call_tally_, message_tally_;
    double screening_s_ = 0;
    Progress progress_;
    std::mutex failing_;
    std::optional<Error> error_;
    std::atomic<bool> stopped_{false};
};

template <class Event>
Result<Source<Event>> open_source(const std::string& path, const Screen& screen, int wake) {
    if (path.empty()) return Source<Event>();
    auto file = TrafficFile<Event>::open(path, &screen, wake);
    if (!file) return file.error();
    return Source<Event>(std::move(*file));
}

Result<std::optional<VerdictFile>> create_verdicts(const std::string& input,
                                                   const std::string& path) {
    if (input.empty()) return std::optional<VerdictFile>();
    auto file = VerdictFile::create(path);
    if (!file) return file.error();
    return std::optional<VerdictFile>(std::move(*file));
}

std::string labels_of(const ScreenCommand& command, const char* kind) {
    return command.labels + "/" + kind + "_labels.csv";
}

// The kinds that are screened.
std::vector<const char*> kinds_of(const ScreenCommand& command) {
    std::vector<const char*> kinds;
    if (!command.calls.empty()) kinds.push_back("calls");
    if (!command.sms.empty()) kinds.push_back("sms");
    return kinds;
}

// Whatever the run reads.
Result<std::vector<std::string>> inputs_of(const ScreenCommand& command) {
    const auto policy = Policy::load(command.policy);
    if (!policy) return policy.error();
    std::vector<std::string> inputs = files_of(*policy);
    for (const std::string& input : {command.calls, command.sms})
        if (!input.empty()) inputs.push_back(input);
    if (!command.labels.empty())
        for (const char* kind : kinds_of(command)) inputs.push_back(labels_of(command, kind));
    return inputs;
}

Status check_labels(const ScreenCommand& command) {
    if (command.labels.empty()) return ok();
    for (const char* kind : kinds_of(command)) {
        const auto file = open_labels(labels_of(command, kind));
        if (!file) return file.error();
    }
    return ok();
}

Status add_labels(const ScreenCommand& command, const RunFolder& out, Summary& summary) {
    for (const char* kind : kinds_of(command)) {
        auto tally =
            compare_with_labels(out.path(std::string(kind) + ".csv"), labels_of(command, kind));
        if (!tally) return tally.error();
        summary.labels[kind] = *tally;
    }
    return ok();
}

int give_up_reading(const Error& error) {
    if (!was_interrupted()) return give_up(error);
    say_error("interrupted before the first row; nothing was written");
    return kExitInterrupted;
}

}  // namespace

int run(const ScreenCommand& command) {
    if (command.calls.empty() && command.sms.empty()) {
        say_error("give --calls FILE, --sms FILE, or both");
        return kExitBadInput;
    }
    if (command.calls == "-" && command.sms == "-") {
        say_error("only one of --calls and --sms can be standard input");
        return kExitBadInput;
    }
    ScreenOptions options;
    options.force = command.force;
    options.seed = 1;          // a file screened twice gets the same verdicts
    options.read_only = true;  // a study takes nothing from the switch whose policy it reads
    auto screen = Screen::open(command.policy, options);
    if (!screen) return give_up(screen.error());
    const RunFolder out(command.out);
    const auto inputs = inputs_of(command);
    if (!inputs) return give_up(inputs.error());
    if (auto status = out.keep_apart(*inputs); !status) return give_up(status.error());
    if (auto status = check_labels(command); !status) return give_up(status.error());

    const int wake = catch_interrupts();
    auto calls = open_source<Call>(command.calls, *screen, wake);
    if (!calls) return give_up_reading(calls.error());
    auto messages = open_source<Sms>(command.sms, *screen, wake);
    if (!messages) return give_up_reading(messages.error());

    if (auto status = out.clear(); !status) return give_up(status.error());
    auto call_file = create_verdicts(command.calls, out.path("calls.csv"));
    if (!call_file) return give_up(call_file.error());
    auto message_file = create_verdicts(command.sms, out.path("sms.csv"));
    if (!message_file) return give_up(message_file.error());

    const double begun = seconds_now();
    Summary summary;
    {
        Pipeline pipeline(*screen, ChunkReader(std::move(*calls), std::move(*messages)),
                          std::move(*call_file), std::move(*message_file));
        if (auto status = pipeline.run(command.threads); !status) return give_up(status.error());
        summary.calls = pipeline.calls();
        summary.messages = pipeline.messages();
        summary.screening_ns = pipeline.screening_ns();
        summary.warnings = pipeline.warnings();
    }
    summary.wall_s = seconds_now() - begun;
    summary.rules = screen->rule_counters();
    summary.policy = command.policy;
    summary.out = command.out;
    summary.generation = screen->generation();
    summary.threads = command.threads;
    summary.interrupted = was_interrupted();
    const auto of_policy = screen->warnings();
    summary.warnings.insert(summary.warnings.begin(), of_policy.begin(), of_policy.end());
    if (!command.labels.empty() && !summary.interrupted) {
        if (auto status = add_labels(command, out, summary); !status)
            return give_up(status.error());
    }
    if (auto status = write_file(out.path("summary.json"), summary.to_json()); !status)
        return give_up(status.error());
    if (!write_out(command.json ? summary.to_json() : summary.to_text())) return kExitUnwritable;
    return summary.interrupted ? kExitInterrupted : kExitOk;
}

}  // namespace ringfence::cli
