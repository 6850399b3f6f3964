// interrupt.hpp - Ctrl-C and SIGTERM end a run in good order, even one that waits for a pipe.
//
// The handler sets a flag and makes a descriptor readable. Readers wait for that descriptor beside their own
// (InputFile::open), so whichever thread the signal comes to, no wait outlasts it, and none can be begun
// between the look at the flag and the wait. The next signal has its default effect: it ends the program.
#pragma once

namespace ringfence::cli {

// Takes the signals from now on, and gives the descriptor that wakes readers; -1 when the system has none left
// (then signals end the program at once). Threads: once, before threads are started.
int catch_interrupts();

// Threads: any thread.
bool was_interrupted();

}  // namespace ringfence::cli
