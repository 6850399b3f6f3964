/* The C interface as a switch uses it: every function once, and every kind of wrong argument. */
#include "expect.h"

static ringfence_call call_of(const char* calling, const char* called) {
    ringfence_call call = ringfence_call_init();
    call.calling = address_of(calling);
    call.called = address_of(called);
    call.time_ms = 1772366400000;
    return call;
}

static void count(void* context, const char* name, uint64_t value) {
    if (strcmp(name, "calls") == 0) *(uint64_t*)context = value;
}

static void screens_calls(ringfence_screen* screen, ringfence_session* session) {
    ringfence_verdict verdict;
    ringfence_call calls[300];
    ringfence_verdict verdicts[300];
    char text[64];
    size_t size = 0;

    ringfence_call listed = call_of("+8617000001234", "13800001111");
    EXPECT(ringfence_session_screen_call(session, &listed, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT && verdict.layout == 1);
    EXPECT(strcmp(ringfence_action_name(verdict.action), "reject") == 0);
    EXPECT(strcmp(ringfence_stage_name(verdict.stage), "global") == 0);
    EXPECT(strcmp(ringfence_reason_name(verdict.reason), "global_list") == 0);
    EXPECT(strcmp(ringfence_reason_name(72), "score") == 0);
    EXPECT(ringfence_screen_sip_code(screen, &verdict) == 608);
    EXPECT(ringfence_screen_q850_cause(screen, &verdict) == 21);
    EXPECT(ringfence_screen_smpp_status(screen, &verdict) == 0x45);
    EXPECT(ringfence_screen_smpp_deliver_status(screen, &verdict) == 0x66);
    EXPECT(ringfence_screen_rule_id(screen, &verdict, text, sizeof text, &size) == RINGFENCE_OK);
    EXPECT(strcmp(text, "fraud") == 0 && size == 5);
    EXPECT(ringfence_screen_rule_id(screen, &verdict, text, 3, &size) == RINGFENCE_TOO_LARGE);
    EXPECT(strcmp(text, "fr") == 0 && size == 5);
    EXPECT(ringfence_screen_category(screen, &verdict, text, sizeof text, NULL) == RINGFENCE_OK);
    EXPECT(strcmp(text, "fraud_card") == 0);
    EXPECT(ringfence_screen_param(screen, &verdict, NULL, 0, &size) != RINGFENCE_INVALID_ARGUMENT);

    const uint8_t tbcd[] = {0x68, 0x71, 0x00, 0x00, 0x10, 0x32, 0xF4};
    ringfence_call octets = call_of("", "13800001111");
    octets.calling.data = tbcd;
    octets.calling.size = sizeof tbcd;
    octets.calling.coding = RINGFENCE_ADDRESS_TBCD;
    octets.calling.ton = RINGFENCE_TON_INTERNATIONAL;
    EXPECT(ringfence_session_screen_call(session, &octets, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT);

    ringfence_call abroad = call_of("+8613800003333", "13800001111");
    abroad.trunk = ringfence_screen_trunk_of_kind(screen, RINGFENCE_TRUNK_KIND_INTERNATIONAL);
    EXPECT(ringfence_session_screen_call(session, &abroad, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.flags & RINGFENCE_FLAG_NEEDS_ROAMING);
    EXPECT(ringfence_session_resume(session, &abroad, RINGFENCE_ROAMING_NO, &verdict) ==
           RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT);

    for (int i = 0; i < 300; ++i)
        calls[i] = call_of(i % 2 ? "17000001234" : "13800003333", "13800001111");
    calls[7].phase = 9;
    EXPECT(ringfence_session_screen_calls(session, calls, 300, verdicts) ==
           RINGFENCE_INVALID_ARGUMENT);
    for (int i = 0; i < 300; ++i) {
        if (i == 7) continue;
        EXPECT(verdicts[i].action == (i % 2 ? RINGFENCE_REJECT : RINGFENCE_ALLOW));
    }
    EXPECT(verdicts[7].action == RINGFENCE_ALLOW);
    EXPECT(verdicts[7].flags == (RINGFENCE_FLAG_DEGRADED | RINGFENCE_FLAG_BAD_INPUT));

    listed.phase = RINGFENCE_PHASE_END;
    listed.duration_s = 3;
    EXPECT(ringfence_session_observe(session, &listed) == RINGFENCE_OK);
}

static void screens_messages(ringfence_session* session) {
    ringfence_verdict verdict;
    ringfence_sms sms = ringfence_sms_init();
    sms.sender = address_of("17000001234");
    sms.recipient = address_of("13800001111");
    sms.content = (const uint8_t*)"hello";
    sms.content_size = 5;
    sms.time_ms = 1772366400000;
    EXPECT(ringfence_session_screen_sms(session, &sms, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT);
    EXPECT(ringfence_session_screen_messages(session, &sms, 1, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT);
}

static void changes_lists(ringfence_screen* screen, ringfence_session* session) {
    ringfence_error error;
    ringfence_verdict verdict;
    uint64_t change = 0, calls = 0;
    char json[4096];
    size_t size = 0;
    ringfence_list_change entry = ringfence_list_change_init();
    entry.list = text_of("fraud");
    entry.entry = text_of("13800008888");
    entry.expires_ms = 1772366500000;
    ringfence_call call = call_of("13800008888", "13800001111");
    EXPECT(ringfence_screen_add(screen, &entry, &error, &change) == RINGFENCE_OK && change > 0);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT && verdict.change >= change);
    EXPECT(ringfence_screen_explain_call(screen, &call, &error, json, sizeof json, &size) ==
           RINGFENCE_OK);
    EXPECT(strstr(json, "\"rule\":\"fraud\"") != NULL);
    EXPECT(ringfence_screen_advance(screen, 1772366600000, &error) == RINGFENCE_OK);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW);
    EXPECT(ringfence_screen_remove(screen, &entry, &error, NULL) == RINGFENCE_MISSING);
    entry.list = text_of("nowhere");
    EXPECT(ringfence_screen_add(screen, &entry, &error, NULL) == RINGFENCE_MISSING);
    EXPECT(strstr(error.text, "nowhere") != NULL);
    EXPECT(ringfence_screen_reload(screen, &error) == RINGFENCE_OK);
    EXPECT(ringfence_screen_generation(screen) == 2);
    EXPECT(ringfence_screen_counters(screen, count, &calls) == RINGFENCE_OK && calls > 300);
    EXPECT(ringfence_screen_bad_row(screen, &verdict) == RINGFENCE_OK &&
           strcmp(ringfence_reason_name(verdict.reason), "bad_row") == 0);
    EXPECT(ringfence_screen_redress_address(screen, json, sizeof json, &size) == RINGFENCE_OK);
}

static void changes_what_is_one_subscribers(void) {
    ringfence_error error;
    ringfence_screen* screen;
    ringfence_session* session;
    ringfence_verdict verdict;
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    write_text("own.toml",
               "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"own\"\nfile = \"own.csv\"\n"
               "authority = \"personal\"\naction = \"reject\"\n");
    write_text("own.csv", "subscriber,number\n13800001111,17000001234\n");
    EXPECT(ringfence_screen_open("own.toml", &options, &error, &screen) == RINGFENCE_OK);
    EXPECT(ringfence_session_create(screen, &error, &session) == RINGFENCE_OK);
    ringfence_list_change entry = ringfence_list_change_init();
    entry.list = text_of("own");
    entry.entry = text_of("17000005678");
    EXPECT(ringfence_screen_add(screen, &entry, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strstr(error.text, "subscriber") != NULL);
    entry.subscriber = text_of("13800002222");
    EXPECT(ringfence_screen_add(screen, &entry, &error, NULL) == RINGFENCE_OK);
    ringfence_call call = call_of("17000005678", "13800002222");
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT);
    call = call_of("17000005678", "13800001111");
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW);
    EXPECT(ringfence_screen_remove(screen, &entry, &error, NULL) == RINGFENCE_OK);
    call = call_of("17000005678", "13800002222");
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    unlink("own.toml");
    unlink("own.csv");
}

/* Entries of an automatic list age by what advance says, not by the times of events. */
static void ages_an_automatic_list(void) {
    const int64_t day = 86400000, noon = 1772366400000; /* 2026-03-01T12:00:00Z */
    ringfence_error error;
    ringfence_screen* screen;
    ringfence_session* session;
    ringfence_verdict verdict;
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    write_text("model.toml",
               "[screen]\ncountry = \"CN\"\n[[list]]\nid = \"model\"\nfile = \"model.csv\"\n"
               "automatic = true\naction = \"reject\"\n");
    write_text("model.csv", "number,since\n17000001234,2026-03-01\n");
    EXPECT(ringfence_screen_open("model.toml", &options, &error, &screen) == RINGFENCE_OK);
    EXPECT(ringfence_session_create(screen, &error, &session) == RINGFENCE_OK);
    ringfence_call call = call_of("17000001234", "13800001111");
    call.time_ms = noon + 30000 * day;
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(ringfence_screen_reload(screen, &error) == RINGFENCE_OK);
    call.time_ms = noon;
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT);
    ringfence_list_change entry = ringfence_list_change_init();
    entry.list = text_of("model");
    entry.entry = text_of("17000005678");
    EXPECT(ringfence_screen_add(screen, &entry, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_advance(screen, noon, &error) == RINGFENCE_OK);
    EXPECT(ringfence_screen_add(screen, &entry, &error, NULL) == RINGFENCE_OK);
    entry.since_ms = noon - 31 * day;
    EXPECT(ringfence_screen_add(screen, &entry, &error, NULL) == RINGFENCE_OUT_OF_RANGE);
    EXPECT(strstr(error.text, "list 'model', '17000005678': ") != NULL);
    entry.since_ms = noon + 2 * day;
    EXPECT(ringfence_screen_add(screen, &entry, &error, NULL) == RINGFENCE_OUT_OF_RANGE);
    EXPECT(ringfence_screen_advance(screen, noon + 30 * day, &error) == RINGFENCE_OK);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    unlink("model.toml");
    unlink("model.csv");
}

static void count_line(void* context, const char* text) {
    (void)text;
    ++*(int*)context;
}

static void reconciles_a_list(ringfence_screen* screen, ringfence_session* session) {
    ringfence_error error;
    ringfence_verdict verdict;
    int lines = 0;
    ringfence_reconcile_options options = ringfence_reconcile_options_init();
    ringfence_reconcile_report report = ringfence_reconcile_report_init();
    options.warning = count_line;
    options.context = &lines;
    write_text("next.csv", "number\n17000001234\n17000001235\n12\n");
    ringfence_call call = call_of("17000001235", "13800001111");
    options.dry_run = 1;
    EXPECT(ringfence_screen_reconcile(screen, text_of("fraud"), "next.csv", &options, &error,
                                      &report) == RINGFENCE_OK);
    EXPECT(report.added == 1 && report.kept == 1 && report.removed == 0 && report.bad_rows == 1);
    EXPECT(report.struct_size == sizeof report && lines == 1);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW);
    options.dry_run = 0;
    FILE* file = fopen("grown.csv", "w");
    fputs("number\n", file);
    for (int i = 0; i < 1100; ++i) fprintf(file, "1700000%04d\n", i + 1500);
    fclose(file);
    EXPECT(ringfence_screen_reconcile(screen, text_of("fraud"), "grown.csv", &options, &error,
                                      &report) == RINGFENCE_REFUSED);
    EXPECT(report.kept == 0 && strstr(error.text, "grown.csv") != NULL);
    options.force = 1;
    EXPECT(ringfence_screen_reconcile(screen, text_of("fraud"), "grown.csv", &options, &error,
                                      &report) == RINGFENCE_OK);
    EXPECT(report.added == 1100 && report.removed == 1 && report.kept == 0);
    EXPECT(ringfence_screen_reconcile(screen, text_of("fraud"), "next.csv", &options, &error,
                                      NULL) == RINGFENCE_OK);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT);
    EXPECT(ringfence_screen_reconcile(screen, text_of("fraud"), NULL, &options, &error, &report) ==
           RINGFENCE_OK);
    EXPECT(report.removed == 1 && report.kept == 1);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_ALLOW);
    EXPECT(ringfence_screen_reconcile(screen, text_of("nowhere"), NULL, NULL, &error, NULL) ==
           RINGFENCE_MISSING);
    EXPECT(strstr(error.text, "nowhere") != NULL);
    report.struct_size = 8;
    EXPECT(ringfence_screen_reconcile(screen, text_of("fraud"), NULL, NULL, &error, &report) ==
           RINGFENCE_INVALID_ARGUMENT);
    unlink("next.csv");
    unlink("grown.csv");
}

static void knows_emergencies(ringfence_screen* screen) {
    uint8_t yes = 7;
    ringfence_call call = call_of("13800003333", "110");
    EXPECT(ringfence_screen_is_emergency_call(screen, &call, &yes) == RINGFENCE_OK && yes == 1);
    call = call_of("13800003333", "13800001111");
    EXPECT(ringfence_screen_is_emergency_call(screen, &call, &yes) == RINGFENCE_OK && yes == 0);
    ringfence_sms sms = ringfence_sms_init();
    sms.sender = address_of("13800003333");
    sms.recipient = address_of("12110");
    EXPECT(ringfence_screen_is_emergency_sms(screen, &sms, &yes) == RINGFENCE_OK && yes == 1);
    EXPECT(ringfence_screen_is_emergency_sms(screen, NULL, &yes) == RINGFENCE_INVALID_ARGUMENT &&
           yes == 0);
}

static void knows_numbers(ringfence_screen* screen) {
    uint8_t yes = 7;
    ringfence_string none = {NULL, 3};
    EXPECT(ringfence_screen_is_number(screen, text_of("13800001111"), &yes) == RINGFENCE_OK && yes);
    EXPECT(ringfence_screen_is_number(screen, text_of("home"), &yes) == RINGFENCE_OK && !yes);
    EXPECT(ringfence_screen_is_number(screen, text_of("1380000111"), &yes) == RINGFENCE_OK && !yes);
    yes = 7;
    EXPECT(ringfence_screen_is_number(screen, none, &yes) == RINGFENCE_INVALID_ARGUMENT && !yes);
    EXPECT(ringfence_screen_is_number(screen, text_of("1"), NULL) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_is_number(NULL, text_of("1"), &yes) == RINGFENCE_INVALID_ARGUMENT);
}

static void judges_senders(void) {
    ringfence_error error;
    ringfence_screen* screen;
    ringfence_session* session;
    ringfence_verdict verdict;
    char json[4096];
    write_text("register.toml",
               "[screen]\ncountry = \"CN\"\n[[bind]]\nid = \"agg-1\"\n[[bind]]\nid = \"agg-2\"\n"
               "[senders]\nfile = \"register.csv\"\n");
    write_text("register.csv", "sender,binds\nICBC,agg-1\n");
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    EXPECT(ringfence_screen_open("register.toml", &options, &error, &screen) == RINGFENCE_OK);
    EXPECT(ringfence_session_create(screen, &error, &session) == RINGFENCE_OK);
    const char* const senders[] = {"ICBC", "CCB", "lCBC", "ICBC"};
    const char* const reasons[] = {"none", "sender_unregistered", "sender_look_alike",
                                   "sender_wrong_bind"};
    for (int i = 0; i < 4; ++i) {
        ringfence_sms sms = ringfence_sms_init();
        sms.sender = address_of(senders[i]);
        sms.recipient = address_of("13800001111");
        sms.content = (const uint8_t*)"hello";
        sms.content_size = 5;
        sms.time_ms = 1772366400000;
        sms.bind = ringfence_screen_bind(screen, text_of(i == 3 ? "agg-2" : "agg-1"));
        EXPECT(ringfence_session_screen_sms(session, &sms, &verdict) == RINGFENCE_OK);
        EXPECT(strcmp(ringfence_reason_name(verdict.reason), reasons[i]) == 0);
        EXPECT(ringfence_screen_explain_sms(screen, &sms, &error, json, sizeof json, NULL) ==
               RINGFENCE_OK);
        EXPECT((strstr(json, "\"like\":\"ICBC\"") != NULL) == (i == 2));
    }
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    unlink("register.toml");
    unlink("register.csv");
}

static void keep(void* context, const ringfence_released* message) {
    *(ringfence_released*)context = *message;
    EXPECT(message->sender.size == 4 && memcmp(message->sender.data, "ICBC", 4) == 0);
    EXPECT(message->recipient.size == 13);
}

static void tells_of_messages_given_up(ringfence_screen* screen, ringfence_session* session) {
    const int64_t noon = 1772366400000;
    ringfence_error error;
    ringfence_verdict verdict;
    ringfence_released told;
    ringfence_sms sms = ringfence_sms_init();
    sms.sender = address_of("ICBC");
    sms.recipient = address_of("13800001111");
    sms.content = (const uint8_t*)"a";
    sms.content_size = 1;
    sms.time_ms = noon;
    sms.sar_ref = 513;
    sms.sar_total = 3;
    sms.sar_seq = 2;
    EXPECT(ringfence_session_screen_sms(session, &sms, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.flags & RINGFENCE_FLAG_PARTIAL);
    memset(&told, 0, sizeof told);
    EXPECT(ringfence_screen_advance_released(screen, noon, keep, &told, &error) == RINGFENCE_OK);
    EXPECT(told.struct_size == 0);
    EXPECT(ringfence_screen_advance_released(screen, noon + 3600000, keep, &told, &error) ==
           RINGFENCE_OK);
    EXPECT(told.struct_size == sizeof told && told.ref == 513 && told.total == 3);
    EXPECT(told.parts == 1 && told.seen[0] == 4 && told.first_ms == noon && told.timed_out == 1);
    EXPECT(told.action == RINGFENCE_ALLOW);
    EXPECT(strcmp(ringfence_reason_name(told.reason), "part_timeout") == 0);
    EXPECT(ringfence_screen_advance_released(screen, noon, NULL, NULL, &error) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_advance_released(NULL, noon, keep, &told, &error) ==
           RINGFENCE_INVALID_ARGUMENT);
}

static void refuses_wrong_arguments(ringfence_screen* screen, ringfence_session* session) {
    ringfence_error error;
    ringfence_verdict verdict;
    ringfence_screen* none;
    struct {
        ringfence_call call;
        unsigned char tail[8];
    } future;
    memset(&future, 0, sizeof future);
    future.call = call_of("17000001234", "13800001111");
    future.call.struct_size = sizeof future;
    EXPECT(ringfence_session_screen_call(session, &future.call, &verdict) == RINGFENCE_OK);
    future.tail[0] = 1;
    EXPECT(ringfence_session_screen_call(session, &future.call, &verdict) == RINGFENCE_UNSUPPORTED);
    EXPECT(verdict.action == RINGFENCE_ALLOW && verdict.flags != 0);
    EXPECT(ringfence_session_screen_call(session, NULL, &verdict) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_session_screen_call(NULL, &future.call, &verdict) ==
           RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_session_screen_call(session, &future.call, NULL) ==
           RINGFENCE_INVALID_ARGUMENT);
    ringfence_call bad = call_of("17000001234", "13800001111");
    bad.calling.data = NULL;
    EXPECT(ringfence_session_screen_call(session, &bad, &verdict) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_open("absent.toml", NULL, &error, &none) != RINGFENCE_OK &&
           none == NULL);
    EXPECT(strstr(error.text, "absent.toml") != NULL);
    EXPECT(ringfence_screen_open(NULL, NULL, NULL, &none) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_screen_trunk(screen, text_of("none")) == 0);
    EXPECT(ringfence_screen_bind(screen, text_of("none")) == 0);
    const ringfence_address caller = address_of("13800001111");
    EXPECT(ringfence_screen_note_emergency(screen, &caller, 1772366600000) == RINGFENCE_OK);
    const ringfence_address nobody[] = {address_of(""), address_of("anonymous")};
    for (size_t i = 0; i < 2; ++i)
        EXPECT(ringfence_screen_note_emergency(screen, &nobody[i], 1772366600000) ==
               RINGFENCE_INVALID_ARGUMENT);
    EXPECT(strcmp(ringfence_action_name(99), "unknown") == 0);
    ringfence_screen_free(NULL);
    ringfence_session_free(NULL);
}

int main(void) {
    enter_folder("category = \"fraud_card\"\n");
    ringfence_screen* screen = open_screen();
    ringfence_session* session = open_session(screen);
    screens_calls(screen, session);
    screens_messages(session);
    changes_lists(screen, session);
    changes_what_is_one_subscribers();
    ages_an_automatic_list();
    reconciles_a_list(screen, session);
    knows_emergencies(screen);
    knows_numbers(screen);
    judges_senders();
    tells_of_messages_given_up(screen, session);
    refuses_wrong_arguments(screen, session);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    return leave_folder();
}
