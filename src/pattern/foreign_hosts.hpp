// foreign_hosts.hpp - whether a text names a host that is none of a brand's own: the `foreign_to` of a rule.
//
// The hosts are those that extract (text/extract.hpp) finds, looked for at most once a text, and only when a rule that asks
// has matched otherwise. Where an e-mail address is kept is no host of the text: anybody writes from gmail.com. A host is a brand's own when it is one of the rule's, or lies below one:
//
//     foreign_to = ["icbc.com.cn"]     icbc.com.cn, m.icbc.com.cn        own
//                                      icbc.com.cn.a1.top, myicbc.com    foreign
//
// Threads: one thread per object. Cost: 25 KB. The first question about a text that is given in views alone allocates 0.6 MB
// more, which are kept; nothing else allocates.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ringfence/pattern/pattern_set.hpp"
#include "ringfence/text/found.hpp"

namespace ringfence::pattern {

// Whether `host` is one of `own`, which is sorted, or lies below one. Threads: any thread.
bool is_own(std::string_view host, std::span<const std::string> own);

class ForeignHosts {
public:
    ForeignHosts();

    // The text that is asked about from now on; `folded` may be null, then capitals are not known, nor letters that
    // look Latin and were folded. Both outlive the questions.
    void begin(const FoldedUnits& text, const FoldedText* folded);

    // Whether the text names a host that is none of `own`. A text of more hosts than a FoundList holds does.
    bool names_foreign(std::span<const std::string> own);

private:
    void find();

    FoldedUnits text_;
    const FoldedText* folded_ = nullptr;
    bool found_ = false;  // `hosts_` are those of the text
    std::unique_ptr<FoundList> hosts_;
    std::unique_ptr<FoldedText> again_;  // a text of which only views are known, folded once more
};

}  // namespace ringfence::pattern
