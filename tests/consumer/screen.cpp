// C++ against an installed library: a listed caller is rejected, another passes.
#include <ringfence/screen/screen.hpp>

#include <cstdio>

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    auto screen = ringfence::Screen::open(argv[1]);
    if (!screen) {
        std::fprintf(stderr, "%s\n", screen.error().text.c_str());
        return 1;
    }
    ringfence::Session session = screen->session();
    const auto verdict_on = [&](const char* calling) {
        return session.screen(ringfence::Call{.calling = calling, .called = "02079460001"});
    };
    const ringfence::Verdict listed = verdict_on("+447700900123");
    const ringfence::Verdict other = verdict_on("+447700900124");
    std::printf("listed: SIP %u, rule %s\n", screen->sip_code(listed),
                screen->rule_id(listed).c_str());
    return listed.action == ringfence::Action::kReject &&
                   other.action == ringfence::Action::kAllow &&
                   screen->rule_id(listed) == "fraud-cards"
               ? 0
               : 1;
}
