// The command line as a person meets it: good runs, and every kind of bad input.
#include "ringfence/study/generate.hpp"
#include "tests/cli/program.hpp"

namespace ringfence {
namespace {

using namespace test;

TEST_F(CliTest, gives_each_row_a_verdict_bad_ones_too) {
    folder_.write("calls.csv",
                  "time,calling,called\n1772366400,13800001111,13800002222\nnonsense,1,2\n"
                  "1772366401,13800003333,13800002222\n1772366402,\"13800003333,13800002222\n"
                  "1772366403,13800003333\n");
    const Ran ran = screen("--calls " + at("calls.csv"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("calls.csv:3: time 'nonsense'"), std::string::npos) << ran.out;
    const std::string verdicts = read(at("out/calls.csv"));
    EXPECT_EQ(rows_of(verdicts), 6u) << verdicts;
    EXPECT_NE(verdicts.find("0,2026-03-01T12:00:00Z,,reject,global,global_list,fraud,fraud_card"),
              std::string::npos);
    EXPECT_NE(verdicts.find("\n1,,,allow,failure,bad_row"), std::string::npos) << verdicts;
    EXPECT_NE(verdicts.find("\n2,2026-03-01T12:00:01Z,,allow,none,none"), std::string::npos)
        << verdicts;
    EXPECT_TRUE(fs::exists(at("out/summary.json")));
}

TEST_F(CliTest, gives_a_bad_row_what_the_policy_says) {
    folder_.write("strict.toml", "[screen]\ncountry = \"CN\"\n[failure]\nbad_row = \"hold\"\n");
    folder_.write("calls.csv", "time,calling,called\nnonsense,1,2\n");
    const Ran ran = run("screen --policy " + at("strict.toml") + " --calls " + at("calls.csv") +
                        " --out " + at("out"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(read(at("out/calls.csv")).find(",hold,failure,bad_row,"), std::string::npos);
}

TEST_F(CliTest, lets_an_emergency_through_whatever_else_its_row_holds) {
    folder_.write("strict.toml", "[screen]\ncountry = \"CN\"\n[failure]\nbad_row = \"reject\"\n");
    folder_.write("calls.csv",
                  "time,calling,called,emergency,imei,trunk_id,tenant\n"
                  "1772366400,13800001111,110,,35-20,,\n1772366400,13800001111,110,,,nowhere,\n"
                  "soon,13800001111,110,,,,\n1772366400,13800001111,13800002222,TRUE,,,x\n"
                  "1772366400,13800001111,13800002222,perhaps,,,\n"
                  "1772366400,13800001111,13800002222,no,35-20,,\n");
    folder_.write("sms.csv",
                  "time,sender,recipient,pdu,dcs\n1772366400,13800001111,12110,zz,0\n"
                  "1772366400,13800001111,13800002222,zz,0\n");
    const Ran ran = run("screen --policy " + at("strict.toml") + " --calls " + at("calls.csv") +
                        " --sms " + at("sms.csv") + " --out " + at("out"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("calls.csv:2: imei '35-20'"), std::string::npos) << ran.out;
    const std::string calls = read(at("out/calls.csv"));
    EXPECT_EQ(count_of(calls, ",allow,emergency,"), 5u) << calls;
    EXPECT_EQ(count_of(calls, ",reject,failure,bad_row"), 1u) << calls;
    const std::string messages = read(at("out/sms.csv"));
    EXPECT_EQ(count_of(messages, ",allow,emergency,"), 1u) << messages;
    EXPECT_EQ(count_of(messages, ",reject,failure,bad_row"), 1u) << messages;
}

TEST_F(CliTest, screens_a_row_whose_subscriber_is_no_number_without_personal_lists) {
    folder_.write("strict.toml",
                  "[screen]\ncountry = \"CN\"\n[failure]\nbad_row = \"drop\"\n[[list]]\n"
                  "id = \"known\"\nfile = \"known.csv\"\naction = \"reject\"\n");
    folder_.write("known.csv", "number\n13800009999\n");
    folder_.write("calls.csv",
                  "time,calling,called,subscriber\n"
                  "1772366400,13800009999,13800002222,home\n"
                  "1772366400,13800001111,13800002222,138 0000 2222\n"
                  "1772366400,13800001111,13800002222,\n"
                  "1772366400,13800001111,110,home\n"
                  "1772366400,13800009999,13800002222,1380000999\n");
    folder_.write("sms.csv",
                  "time,sender,recipient,text,subscriber\n"
                  "1772366400,13800009999,13800002222,hello,+\n"
                  "1772366400,13800001111,13800002222,hello,+8613800002222\n"
                  "1772366400,13800001111,12110,help,home\n");
    const Ran ran = run("screen --policy " + at("strict.toml") + " --calls " + at("calls.csv") +
                        " --sms " + at("sms.csv") + " --out " + at("out"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("calls.csv:2: subscriber 'home' is not understood; give a number"),
              std::string::npos)
        << ran.out;
    EXPECT_NE(ran.out.find("5 rows could not be read in full; those that could not be judged"),
              std::string::npos)
        << ran.out;
    const std::string calls = read(at("out/calls.csv"));
    EXPECT_EQ(count_of(calls, ",reject,global,global_list"), 2u) << calls;
    EXPECT_EQ(count_of(calls, ",bad_input\n"), 2u) << calls;
    EXPECT_EQ(count_of(calls, ",allow,emergency,"), 1u) << calls;
    EXPECT_EQ(count_of(calls, ",allow,none,none"), 2u) << calls;
    const std::string messages = read(at("out/sms.csv"));
    EXPECT_EQ(count_of(messages, ",reject,global,global_list"), 1u) << messages;
    EXPECT_EQ(count_of(messages, ",allow,emergency,"), 1u) << messages;
}

TEST_F(CliTest, asks_the_lists_of_a_subscriber_in_a_range_that_the_plan_does_not_know) {
    folder_.write("us.toml",
                  "[screen]\ncountry = \"US\"\n[[list]]\nid = \"own\"\nfile = \"own.csv\"\n"
                  "authority = \"personal\"\naction = \"reject\"\n");
    folder_.write("own.csv", "subscriber,number\n2805550136,3055550112\n");
    folder_.write("calls.csv",
                  "time,calling,called,subscriber\n"
                  "1772366400,3055550112,2805550136,\n"
                  "1772366400,3055550112,2805550136,2805550136\n"
                  "1772366400,3055550112,3055550199,\n");
    const Ran ran = run("screen --policy " + at("us.toml") + " --calls " + at("calls.csv") +
                        " --out " + at("out"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    EXPECT_NE(ran.out.find("own.csv:2: subscriber '2805550136' is in no range that the plan knows"),
              std::string::npos)
        << ran.out;
    const std::string calls = read(at("out/calls.csv"));
    EXPECT_EQ(count_of(calls, ",reject,personal,personal_list,own"), 2u) << calls;
    EXPECT_EQ(count_of(calls, ",allow,none,none"), 1u) << calls;
}

TEST_F(CliTest, lets_an_emergency_through_in_a_row_that_is_no_csv) {
    folder_.write(
        "strict.toml",
        "[screen]\ncountry = \"CN\"\n[failure]\nbad_row = \"drop\"\ndecode_error = \"drop\"\n");
    const auto screened = [&](const std::string& kind, const std::string& text) {
        folder_.write(kind + ".csv", text);
        const Ran ran = run("screen --policy " + at("strict.toml") + " --" + kind + " " +
                            at(kind + ".csv") + " --out " + at("out"));
        EXPECT_EQ(ran.status, 0) << ran.out.substr(0, 2000);
        return read(at("out/" + kind + ".csv"));
    };
    const std::string calls = screened("calls",
                                       "time,calling,called,emergency\n"
                                       "1772366400,13800001111,110,,\n"
                                       "1772366400,13800001111,\"110,\n"
                                       "1772366400,\"138\"00001111,110,\n"
                                       "1772366400,Smith, John,110,\n"
                                       "13800001111,110,\n"
                                       "1772366400,13800001111,110\n"
                                       "1772366400,13800001111,13800002222,,yes\n"
                                       "1772366400,13800001111,13800002222,,\n"
                                       "1772366400,110,13800002222,,\n"
                                       "1772366400,13800001111,\"13800002222,\n"
                                       "1772366400,13800001111,1101,no,\n"
                                       "1772366400\n"
                                       ",\n");
    EXPECT_EQ(count_of(calls, ",allow,emergency,"), 7u) << calls;
    EXPECT_EQ(count_of(calls, ",drop,failure,bad_row"), 6u) << calls;
    EXPECT_EQ(count_of(calls, ",2026-03-01T12:00:00Z,"), 5u) << calls;
    const std::string long_text(3'000'000, '\n');
    const std::string messages = screened("sms",
                                          "time,text,sender,recipient\n"
                                          "1772366400,help, me,13800001111,12110\n"
                                          "1772366400,13800001111,12110\n"
                                          "1772366400,\"" +
                                              long_text +
                                              "\",13800001111,12110\n"
                                              "1772366400,\"" +
                                              long_text +
                                              "\",13800001111,1211\n"
                                              "1772366400,hi, you,13800001111,13800002222\n");
    EXPECT_EQ(rows_of(messages), 6u) << messages.substr(0, 2000);
    EXPECT_EQ(count_of(messages, ",allow,emergency,"), 3u) << messages.substr(0, 2000);
    EXPECT_EQ(count_of(messages, ",drop,failure,bad_row"), 2u) << messages.substr(0, 2000);
}

TEST_F(CliTest, judges_nothing_by_an_entry_that_had_expired) {
    folder_.write("fraud.csv", "number,expires\n13800001111,2026-02-01\n13800003333,2026-04-01\n");
    folder_.write("calls.csv",
                  "time,calling,called\n2026-03-01T12:00:00Z,13800001111,13800002222\n"
                  "2026-03-01T12:00:00Z,13800003333,13800002222\n");
    const Ran ran = screen("--calls " + at("calls.csv"));
    EXPECT_EQ(ran.status, 0) << ran.out;
    const std::string verdicts = read(at("out/calls.csv"));
    EXPECT_NE(verdicts.find("\n0,2026-03-01T12:00:00Z,,allow,none"), std::string::npos) << verdicts;
    EXPECT_NE(verdicts.find("\n1,2026-03-01T12:00:00Z,,reject,global"), std::string::npos)
        << verdicts;
}

TEST_F(CliTest, reads_marks_line_ends_and_odd_times_and_numbers) {
    std::string text = "\xEF\xBB\xBFtime,calling,called\r\n";
    for (const std::string& number :
         {std::string(), std::string("1"), std::string(15, '2'), std::string(16, '3'),
          std::string(24, '4'), std::string(4000, '5'), std::string("\xFF\xFE"),
          std::string("a\0b", 3)}) {
        text += "1772366400," + number + ",13800002222\r\n";
    }
    text +=
        "-1,13800003333,13800002222\r\n4200000000,13800003333,13800002222\r\n1772366400,"
        "13800003333,13800002222\r\n";
    text += "1772366400," + std::string(10'000'000, '6') + ",13800002222\r\n";
    folder_.write("calls.csv", text);
    const Ran ran = screen("--calls " + at("calls.csv"));
    EXPECT_EQ(ran.status, 0) << ran.out.substr(0, 500);
    EXPECT_EQ(rows_of(read(at("out/calls.csv"))), 13u);
}

TEST_F(CliTest, says_in_one_line_what_cannot_be_used) {
    folder_.write("empty.csv", "");
    folder_.write("missing.csv", "time,calling\n");
    folder_.write("doubled.csv", "time,calling,calling,called\n");
    folder_.write("country.toml", "[screen]\ncountry = \"XX\"\n");
    folder_.write(
        "twice.toml",
        "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"a\"\nfile = \"fraud.csv\"\naction = \"tag\"\n"
        "[[list]]\nid = \"a\"\nfile = \"fraud.csv\"\naction = \"tag\"\n");
    folder_.write(
        "folder.toml",
        "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"a\"\nfile = \".\"\naction = \"tag\"\n");
    folder_.write("calls.csv", "time,calling,called\n");
    const std::string policy =
        "screen --policy " + at("policy.toml") + " --out " + at("out") + " --calls ";
    for (const auto& [arguments, said] :
         {std::pair<std::string, std::string>{policy + at("absent.csv"), "absent.csv"},
          {policy + at("empty.csv"), "empty.csv"},
          {policy + at("missing.csv"), "called"},
          {policy + at("doubled.csv"), "calling"},
          {policy + folder_.path("."), "directory"},
          {"screen --policy " + at("absent.toml") + " --out x --calls " + at("calls.csv"),
           "absent.toml"},
          {"screen --policy " + at("country.toml") + " --out x --calls " + at("calls.csv"),
           "country.toml:2"},
          {"screen --policy " + at("twice.toml") + " --out x --calls " + at("calls.csv"),
           "twice.toml:"},
          {"screen --policy " + at("folder.toml") + " --out x --calls " + at("calls.csv"),
           "directory"},
          {"number --country XX " + at("calls.csv"), "XX"},
          {"screen --policy " + at("policy.toml") + " --out x", "--calls"},
          {"nonsense", "no command 'nonsense'"}}) {
        const Ran ran = run(arguments);
        EXPECT_EQ(ran.status, 2) << arguments << "\n" << ran.out;
        EXPECT_NE(ran.out.find(said), std::string::npos) << arguments << "\n" << ran.out;
    }
    EXPECT_EQ(run("lint " + at("twice.toml")).status, 1);
    EXPECT_EQ(run("lint " + at("policy.toml")).status, 0);
}

TEST_F(CliTest, tells_a_full_disk_and_a_closed_pipe) {
    CityOptions city;
    city.calls = 20'000;
    city.sms = 0;
    city.out_dir = at("day");
    ASSERT_TRUE(generate_city(city));
    const std::string policy =
        "screen --policy " + at("policy.toml") + " --calls " + at("day/calls.csv") + " --out ";
    fs::create_directories(at("full"));
    fs::create_symlink("/dev/full", at("full/calls.csv"));
    const Ran full = run(policy + at("full"));
    EXPECT_EQ(full.status, 3) << full.out;
    EXPECT_NE(full.out.find("full/calls.csv"), std::string::npos) << full.out;
    const std::string piped = "bash -c '" + program().string() + " number --country CN " +
                              at("day/calls.csv") + " | head -1 >/dev/null; exit ${PIPESTATUS[0]}'";
    const int status = std::system(piped.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 3);
}

TEST_F(CliTest, gives_the_same_verdicts_with_any_number_of_threads) {
    CityOptions city;
    city.calls = 6'000;
    city.sms = 3'000;
    city.out_dir = at("day");
    ASSERT_TRUE(generate_city(city));
    const std::string both = " --calls " + at("day/calls.csv") + " --sms " + at("day/sms.csv");
    for (const char* threads : {"1", "3"}) {
        const Ran ran = run("screen --policy " + at("policy.toml") + both + " --out " +
                            at(threads) + " --threads " + threads);
        ASSERT_EQ(ran.status, 0) << ran.out;
    }
    EXPECT_EQ(read(at("1/calls.csv")), read(at("3/calls.csv")));
    EXPECT_EQ(read(at("1/sms.csv")), read(at("3/sms.csv")));
    EXPECT_EQ(rows_of(read(at("1/calls.csv"))), 6'001u);
}

TEST_F(CliTest, describes_numbers_and_messages_as_json) {
    folder_.write("numbers.txt", "+44 20 7946 0018\n170 0000 1234\n\nICBC\n1234567890123456\n");
    const Ran numbers = run("number --country CN --json " + at("numbers.txt"));
    EXPECT_EQ(numbers.status, 0);
    EXPECT_EQ(rows_of(numbers.out), 5u) << numbers.out;
    EXPECT_NE(numbers.out.find("\"number\":\"+442079460018\""), std::string::npos) << numbers.out;
    EXPECT_NE(numbers.out.find("\"input\":\"ICBC\",\"number\":null"), std::string::npos)
        << numbers.out;
    folder_.write(
        "sms.csv",
        "time,sender,recipient,pdu,dcs,udhi\n0,a,b,E8329BFD06,0,0\n0,a,b,0500030702014F60,8,1\n"
        "0,a,b,050003070202597D,8,1\n0,a,b,0102,4,0\n0,a,b,1400,0,1\n0,a,b,zz,0,0\n"
        "0,a,b,61,8,0\n0,a,b,D83D,8,0\n0,a,b,032501062AA6,16,1\n"
        "0,a,b,060504158A158A0041,24,1\n");
    const Ran messages = run("decode --json " + at("sms.csv"));
    EXPECT_EQ(messages.status, 0);
    std::istringstream lines(messages.out);
    std::string line;
    for (const char* wanted :
         {"\"text\":\"hello\",\"status\":\"ok\"", "\"text\":null,\"status\":\"partial\"",
          "\"text\":\"你好\",\"status\":\"ok\"", "\"status\":\"binary\"", "\"status\":\"error\"",
          "\"status\":\"error\"", "\"status\":\"error\",\"oddities\":[\"truncated\"]",
          "\"status\":\"ok\",\"oddities\":[\"lone_surrogate\"]",
          "\"alphabet\":\"gsm7\",\"class\":0,\"locking_language\":6}",
          "\"alphabet\":\"utf16\",\"class\":0,\"ports\":{\"destination\":5514,\"source\":5514}}"}) {
        ASSERT_TRUE(std::getline(lines, line));
        EXPECT_NE(line.find(wanted), std::string::npos) << line;
    }
}

TEST_F(CliTest, reads_a_message_without_octets_by_its_scheme) {
    const auto decoded = [&](const std::string& rows) {
        folder_.write("sms.csv", "time,sender,recipient," + rows + "\n");
        return run("decode --json " + at("sms.csv")).out;
    };
    const std::string utf16 = "\"alphabet\":\"utf16\"";
    EXPECT_NE(decoded("pdu,dcs\n0,a,1,,8").find(utf16), std::string::npos);
    EXPECT_NE(decoded("text,pdu,dcs\n0,a,1,,,8").find(utf16), std::string::npos);
    EXPECT_NE(decoded("text,short_message,data_coding\n0,a,1,,,8").find(utf16), std::string::npos);
    EXPECT_NE(decoded("pdu,udhi\n0,a,1,,1").find("header_beyond_data"), std::string::npos);
    for (const char* rows :
         {"text,pdu,dcs\n0,a,1,,,", "text,dcs\n0,a,1,,8", "text,pdu,dcs\n0,a,1,hello,,8"}) {
        EXPECT_NE(decoded(rows).find("\"alphabet\":\"utf8\""), std::string::npos) << rows;
    }
}

TEST_F(CliTest, decodes_a_message_whatever_else_of_its_row_cannot_be_read) {
    folder_.write("sms.csv",
                  "time,sender,recipient,text,tenant,trunk,udhi\nnope,a,1,hello,,,\n"
                  "0,a,1,hello,many,bogus,\n,,,hello,,,\n0,a,1,hello,,,maybe\n0,a,1\n");
    const Ran ran = run("decode " + at("sms.csv"));
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out, "0\tok\thello\n1\tok\thello\n2\tok\thello\n3\terror\t-\n4\terror\t-\n");
}

}  // namespace
}  // namespace ringfence
