// run_files.hpp - the folder that a run writes: never over what it reads, never beside what another run left.
#pragma once

#include <string>
#include <vector>

#include "ringfence/base/result.hpp"

namespace ringfence::cli {

class RunFolder {
public:
    static constexpr const char* kFiles[] = {"calls.csv", "sms.csv", "summary.json"};

    explicit RunFolder(std::string folder) : folder_(std::move(folder)) {}

    std::string path(const std::string& file) const { return folder_ + "/" + file; }

    // Fails with kRefused where one of the run's files is one of `inputs` ("-" is standard input): the same
    // inode of the same device, by whatever links. Changes nothing.
    Status keep_apart(const std::vector<std::string>& inputs) const;

    // Makes the folder, and removes the three files of an earlier run. A device or pipe of that name stays.
    // Fails with kUnwritable.
    Status clear() const;

private:
    std::string folder_;
};

}  // namespace ringfence::cli
