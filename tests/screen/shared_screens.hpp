// shared_screens.hpp - a screen that publishes its lists, and those that follow it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "ringfence/image/shared_image.hpp"
#include "tests/screen/fixture.hpp"

namespace ringfence::test {

inline Screen must_open(const PolicyFolder& folder, const ScreenOptions& options) {
    auto screen = Screen::open(folder.path("policy.toml"), options);
    if (!screen) {
        ADD_FAILURE() << screen.error().text;
        std::abort();
    }
    return std::move(*screen);
}

inline Screen open_publisher(const PolicyFolder& folder, const SharedImage& shared) {
    ScreenOptions options;
    options.seed = 2026;
    options.publishes = &shared;
    return must_open(folder, options);
}

// The usual policy with a journal.
inline void write_journalled(const PolicyFolder& folder) {
    folder.write_usual();
    std::string text;
    {
        std::ifstream in(folder.path("policy.toml"));
        text.assign(std::istreambuf_iterator<char>(in), {});
    }
    const std::string country = "country = \"CN\"";
    text.replace(text.find(country), country.size(), country + "\njournal = \"live.journal\"");
    folder.write("policy.toml", text);
}

class ScreenShared : public UsualPolicy {
protected:
    static constexpr SharedImageOptions kSmall{.arena_bytes = 8 << 20, .readers = 16};

    ScreenShared()
        : shared_(*SharedImage::create(kSmall)),
          writer_(*shared_.writer()),
          publisher_(open_publisher(folder_, shared_)) {}

    Result<Screen> follower() const {
        ScreenOptions options;
        options.seed = 2026;
        options.shared = &shared_;
        return Screen::open(folder_.path("policy.toml"), options);
    }
    Screen must_follow() const {
        auto screen = follower();
        if (!screen) {
            ADD_FAILURE() << screen.error().text;
            std::abort();
        }
        return std::move(*screen);
    }
    void publish() {
        const auto published = publisher_.publish_to(writer_);
        ASSERT_TRUE(published) << published.error().text;
    }
    static Action on(Screen& screen, const char* calling, std::int64_t time_ms = kNoon) {
        Session session = screen.session();
        return session.screen(call(calling, "13800002222", time_ms)).action;
    }
    static Action text(Screen& screen, const char* sender, const char* words) {
        Session session = screen.session();
        return session.screen(sms(sender, "13800002222", words)).action;
    }

    SharedImage shared_;
    SharedWriter writer_;
    Screen publisher_;
};

}  // namespace ringfence::test
