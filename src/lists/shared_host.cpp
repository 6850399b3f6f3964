#include "ringfence/lists/shared_host.hpp"

#include <libpsl.h>

#include <algorithm>
#include <string>

namespace ringfence {
namespace {

constexpr std::string_view kShorteners[] = {
    "bit.do", "bit.ly",  "buff.ly",     "cutt.ly",  "dlvr.it", "dwz.cn", "fb.me",    "forms.gle",
    "goo.gl", "ift.tt",  "is.gd",       "lnkd.in",  "mrw.so",  "ow.ly",  "rb.gy",    "rebrand.ly",
    "s.id",   "sina.lt", "shorturl.at", "sourl.cn", "suo.im",  "suo.nz", "t.cn",     "t.co",
    "t.ly",   "tiny.cc", "tinyurl.com", "u.nu",     "url.cn",  "v.gd",   "w.url.cn", "youtu.be"};

constexpr std::string_view kUserPages[] = {"1drv.ms",
                                           "alipay.com",
                                           "amazon.com",
                                           "apple.com",
                                           "baidu.com",
                                           "docs.google.com",
                                           "docs.qq.com",
                                           "douyin.com",
                                           "drive.google.com",
                                           "dropbox.com",
                                           "facebook.com",
                                           "github.com",
                                           "google.com",
                                           "icloud.com",
                                           "instagram.com",
                                           "jd.com",
                                           "kdocs.cn",
                                           "linkedin.com",
                                           "linktr.ee",
                                           "live.com",
                                           "medium.com",
                                           "microsoft.com",
                                           "mp.weixin.qq.com",
                                           "notion.so",
                                           "onedrive.live.com",
                                           "pan.baidu.com",
                                           "pastebin.com",
                                           "paypal.com",
                                           "qq.com",
                                           "sites.google.com",
                                           "t.me",
                                           "taobao.com",
                                           "telegram.me",
                                           "telegram.org",
                                           "tiktok.com",
                                           "twitter.com",
                                           "wa.me",
                                           "wechat.com",
                                           "weibo.com",
                                           "weixin.qq.com",
                                           "whatsapp.com",
                                           "work.weixin.qq.com",
                                           "x.com",
                                           "youtube.com"};

template <std::size_t N>
bool holds(const std::string_view (&names)[N], std::string_view host) {
    return std::ranges::find(names, host) != std::end(names);
}

}  // namespace

SharedHost shared_host(std::string_view host) {
    if (host.starts_with("www.")) host.remove_prefix(4);
    if (holds(kShorteners, host)) return SharedHost::kShortener;
    if (holds(kUserPages, host)) return SharedHost::kUserPages;
    // Without the rule that any last label is a suffix: of names that nobody knows nothing is said.
    constexpr int kType = PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE;
    if (!host.empty() &&
        psl_is_public_suffix2(psl_builtin(), std::string(host).c_str(), kType) != 0)
        return SharedHost::kPublicSuffix;
    return SharedHost::kNone;
}

std::string_view words_of(SharedHost kind) {
    switch (kind) {
        case SharedHost::kPublicSuffix: return "a public suffix";
        case SharedHost::kShortener: return "a link shortener";
        case SharedHost::kUserPages: return "a host of many users' pages";
        case SharedHost::kNone: break;
    }
    return "";
}

}  // namespace ringfence
