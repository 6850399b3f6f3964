// The files that the fuzz target of the C interface opens: policies good and broken, a list, a pack.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace c_abi {

inline constexpr std::string_view kLists = R"(
[[list]]
id = "fraud"
file = "fraud.csv"
action = "reject"
party = ["calling", "called", "text"]
category = "fraud_card"
[[list]]
id = "live"
file = "empty.csv"
action = "reject"
category = "live"
[[list]]
id = "police"
file = "empty.csv"
authority = "police"
party = ["calling", "called"]
action = "drop"
[[list]]
id = "tenant"
file = "empty.csv"
tenant = 7
action = "allow"
[[list]]
id = "senders"
file = "empty.csv"
keys = "sender"
action = "hold"
[[list]]
id = "hosts"
file = "empty.csv"
keys = "domain"
action = "reject"
[[activity]]
id = "burst"
when = { calls_1h = ">=3" }
action = "throttle"
rate = "10/h"
)";
inline constexpr std::string_view kNetwork = R"(
[[patterns]]
file = "pack.toml"
[[trunk]]
id = "igw"
kind = "international"
[[trunk]]
id = "gov"
kind = "national"
cli = ["+86755"]
protected = ["96110"]
[[bind]]
id = "aggregator"
senders = ["ICBC", "95588"]
trunk = "gov"
[[bind]]
id = "ucs2"
default_alphabet = "ucs2"
[failure]
decode_error = "tag"
part_missing = "tag"
part_timeout = "reject"
[codes.sip]
reject = 603
)";
inline constexpr std::string_view kPack = R"([pack]
id = "pack"
[[rule]]
id = "loan"
category = "fake_loan"
action = "reject"
text = ["loan{0,9}now", "wx[a-z]{3,9}"]
must_match = ["get a loan, now"]
must_not_match = ["on loan"]
)";

// What policy.toml may hold, by number; the last three are broken.
inline std::string policy_text(unsigned which) {
    const std::string screen = "[screen]\ncountry = \"CN\"\n", lists(kLists), network(kNetwork);
    switch (which) {
        case 0: return screen + lists;
        case 1: return screen + "journal = \"live.journal\"\n" + lists;
        case 2: return screen + lists + network;
        case 3: return "[screen]\ncountry = \"GB\"\n" + lists + "[reassembly]\nslots = 2\n";
        case 4:
            return screen + "[[list]]\nid = \"absent\"\nfile = \"none.csv\"\naction = \"tag\"\n";
        case 5:
            return screen + lists +
                   "[[list]]\nid = \"fraud\"\nfile = \"empty.csv\"\naction = \"tag\"\n";
        case 6: return screen + "[[list]\n";
        default: return "";
    }
}
inline constexpr unsigned kPolicies = 8, kGoodPolicies = 5, kJournalPolicy = 1;

inline void write_file(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::trunc) << text;
}

// Folders of files, one for each screen, made once and removed at exit.
class Folders {
public:
    static constexpr unsigned kFolders = 4;

    Folders() {
        std::string name =
            (std::filesystem::temp_directory_path() / "ringfence-fuzz-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) std::exit(2);
        root_ = name;
        for (unsigned i = 0; i < kFolders; ++i) {
            std::filesystem::create_directory(path(i, ""));
            write_file(path(i, "fraud.csv"),
                       "number,kind,action,expires\n17000001234,,,\n17000002,prefix,,\n"
                       "17000003333,,allow,\n17000004444,,,2026-03-01\nbroken row,,,\n");
            write_file(path(i, "empty.csv"), "number\n");
            write_file(path(i, "pack.toml"), kPack);
        }
    }
    ~Folders() { std::filesystem::remove_all(root_); }

    std::string path(unsigned folder, const char* file) const {
        return root_ + "/" + std::to_string(folder) + "/" + file;
    }
    void choose(unsigned folder, unsigned policy) {
        if (written_[folder] == policy) return;
        write_file(path(folder, "policy.toml"), policy_text(policy));
        written_[folder] = policy;
    }

private:
    std::string root_;
    unsigned written_[kFolders] = {kPolicies, kPolicies, kPolicies, kPolicies};
};

}  // namespace c_abi
