#include "src/screen/policy_files.hpp"

#include <filesystem>
#include <system_error>

#include "src/screen/emergencies_path.hpp"

namespace ringfence {

std::vector<std::string> files_of(const Policy& policy) {
    std::vector<std::string> files = {policy.path};
    for (const PolicyList& list : policy.lists) files.push_back(list.source.path);
    for (const PatternPack& pack : policy.packs) files.push_back(pack.path);
    if (policy.senders) files.push_back(policy.senders->path);
    if (policy.score) files.push_back(policy.score->path);
    for (const TemplateRule& templates : policy.templates) files.push_back(templates.path);
    files.push_back(policy.journal_path);
    files.push_back(emergencies_path(policy));
    std::erase(files, std::string());
    return files;
}

bool same_file(const std::string& one, const std::string& other) {
    std::error_code code;
    if (std::filesystem::equivalent(one, other, code)) return true;
    const auto whole = [&](const std::string& path) {
        const auto absolute = std::filesystem::absolute(path, code);
        const auto known = std::filesystem::weakly_canonical(absolute, code);
        return code ? absolute.lexically_normal() : known;
    };
    return whole(one) == whole(other);
}

}  // namespace ringfence
