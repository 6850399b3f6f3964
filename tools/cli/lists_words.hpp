// lists_words.hpp - what the verbs of `ringfence lists` say, and how they read what was said to them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ringfence/base/result.hpp"
#include "ringfence/base/time.hpp"
#include "src/screen/reconcile.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/json.hpp"
#include "tools/cli/lists_store.hpp"

namespace ringfence::cli {

// One line of JSON.
std::string dumped(const Json& object);

// Writes the object or the text, as the command asks; gives the exit code.
int say(const ListsCommand& command, const Json& object, const std::string& text);

Time now();

// A time, or none for an empty text; the error names the option.
Result<std::optional<Time>> time_of(std::string_view text, std::string_view option);

Result<ListFormat> format_of(const std::string& name);

// Tells the bad rows of a file.
void warn(const ListReport& report);

// "+8617000001234", or "+8617000001234 for +8613800002222".
std::string told(const ListEntry& entry);

// Adds the entry's subscriber, if it has one.
void tell_subscriber(const ListEntry& entry, Json& object);

EntryNote note_of(const JournalRecord& record);

// Rows of a file under Progress, sorted; `each` as FileRows::read has it.
Result<FileRows> rows_of(const ListSource& source, const char* what,
                         const std::function<Status(const ListRow&)>& each = {});

}  // namespace ringfence::cli
