// score_rule.hpp - [score]: the model that scores messages, and what a score may do.
//
//     [score]  model = "messages.model"  from = 900  action = "hold"
//
// A score below `from` is no finding. From there on it asks for `action` where something else was found about the
// message too, and for a tag where nothing was: a score alone never stops a message, unless the policy says
// `may_stop_alone = true`. Nor does it make anything milder: where a rule about the text asks for more, the score tags.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "ringfence/policy/finding.hpp"
#include "ringfence/score/model.hpp"

namespace ringfence {

struct ScoreRule {
    static constexpr std::uint16_t kUsualRisk =
        300;  // below a pattern's, so that a rule that matched names the verdict

    std::string path;
    std::shared_ptr<const ScoreModel> model;  // never null
    unsigned from = 900;
    bool may_stop_alone = false;
    Finding
        finding;  // with the action that it asks for beside other findings: stage kContent, party kText
    std::uint32_t line = 0;

    // What a message of this score is given beside what else was found about it; of stage kNone below `from`.
    // What counts: a finding that is not in shadow, that no failure made, and that asks for more than allow. A message
    // from an emergency number is never asked more than a tag.
    // Threads: any thread.
    Finding finding_of(unsigned score, std::span<const Finding> others, bool emergency) const;
};

}  // namespace ringfence
