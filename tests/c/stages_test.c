/* A chunk screened stage by stage: the verdicts of one thread, whoever's threads they are; and every stage out of turn. */
#include "expect.h"

#include <pthread.h>

enum { kCalls = 2000, kMessages = 600, kThreads = 3, kChunk = 100 };

static const ringfence_verdict kGarbage = {.action = 99, .layout = 77};

static ringfence_call call_of(const char* calling, int64_t after_ms) {
    ringfence_call call = ringfence_call_init();
    call.calling = address_of(calling);
    call.called = address_of("13800001111");
    call.time_ms = 1772366400000 + after_ms;
    return call;
}

static ringfence_sms sms_of(const char* text, int64_t after_ms) {
    ringfence_sms sms = ringfence_sms_init();
    sms.sender = address_of("13800004444");
    sms.recipient = address_of("13800001111");
    sms.content = (const uint8_t*)text;
    sms.content_size = strlen(text);
    sms.time_ms = 1772366400000 + after_ms;
    return sms;
}

static int same(const ringfence_verdict* a, const ringfence_verdict* b) {
    return memcmp(a, b, sizeof *a) == 0;
}

static int is_neutral(ringfence_verdict verdict) {
    return verdict.action == RINGFENCE_ALLOW && verdict.layout == 1 &&
           verdict.flags == (RINGFENCE_FLAG_DEGRADED | RINGFENCE_FLAG_BAD_INPUT);
}

/* ---- several threads ---- */

/* Seven callers in bursts, and messages of three parts whose number no part shows whole. */
static char callers[7][16];
static ringfence_call calls[kCalls];
static ringfence_sms messages[kMessages];
static ringfence_verdict call_verdicts[kCalls], message_verdicts[kMessages];

typedef struct crew {
    ringfence_screen* screen;
    pthread_mutex_t mutex;
    pthread_cond_t turned;
    int next, turn; /* the chunk to take, and the one to record */
} crew;

static void* work(void* of) {
    crew* with = of;
    ringfence_session* session = open_session(with->screen);
    for (;;) {
        pthread_mutex_lock(&with->mutex);
        const int chunk = with->next++;
        pthread_mutex_unlock(&with->mutex);
        if (chunk >= kCalls / kChunk) break;
        const size_t messages_each = kMessages / (kCalls / kChunk);
        ringfence_call* mine = calls + (size_t)chunk * kChunk;
        ringfence_sms* texts = messages + (size_t)chunk * messages_each;
        const int prepared =
            ringfence_session_prepare(session, mine, kChunk, texts, messages_each) == RINGFENCE_OK;
        pthread_mutex_lock(&with->mutex);
        EXPECT(prepared);
        while (with->turn != chunk) pthread_cond_wait(&with->turned, &with->mutex);
        EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
        ++with->turn;
        pthread_cond_broadcast(&with->turned);
        pthread_mutex_unlock(&with->mutex);
        const int decided =
            ringfence_session_decide(session, call_verdicts + chunk * kChunk, kChunk,
                                     message_verdicts + (size_t)chunk * messages_each,
                                     messages_each) == RINGFENCE_OK;
        pthread_mutex_lock(&with->mutex);
        EXPECT(decided);
        pthread_mutex_unlock(&with->mutex);
    }
    ringfence_session_free(session);
    return NULL;
}

static void gives_what_one_thread_would(void) {
    for (int i = 0; i < 7; ++i) snprintf(callers[i], sizeof callers[i], "1380000300%d", i);
    for (int i = 0; i < kCalls; ++i) calls[i] = call_of(callers[i % 7], i * 30);
    for (int i = 0; i < kMessages; ++i) {
        messages[i] = sms_of(i % 3 == 1   ? "call 1700"
                             : i % 3 == 2 ? "0001234"
                                          : "Card locked, ",
                             i * 100);
        messages[i].sar_ref = (uint16_t)(i / 3);
        messages[i].sar_total = 3;
        messages[i].sar_seq = (uint8_t)(i % 3 + 1);
    }
    crew with = {.screen = open_screen(),
                 .mutex = PTHREAD_MUTEX_INITIALIZER,
                 .turned = PTHREAD_COND_INITIALIZER};
    pthread_t threads[kThreads];
    for (int i = 0; i < kThreads; ++i) EXPECT(pthread_create(&threads[i], NULL, work, &with) == 0);
    for (int i = 0; i < kThreads; ++i) pthread_join(threads[i], NULL);
    ringfence_screen_free(with.screen);

    ringfence_screen* screen = open_screen();
    ringfence_session* session = open_session(screen);
    int challenged = 0, caught = 0;
    for (int c = 0, m = 0; c < kCalls || m < kMessages;) {
        ringfence_verdict verdict;
        if (m == kMessages || (c < kCalls && calls[c].time_ms <= messages[m].time_ms)) {
            EXPECT(ringfence_session_screen_call(session, &calls[c], &verdict) == RINGFENCE_OK);
            challenged += verdict.action == RINGFENCE_CHALLENGE;
            EXPECT(same(&verdict, &call_verdicts[c++]));
        } else {
            EXPECT(ringfence_session_screen_sms(session, &messages[m], &verdict) == RINGFENCE_OK);
            caught += verdict.action == RINGFENCE_TAG;
            EXPECT(same(&verdict, &message_verdicts[m++]));
        }
    }
    EXPECT(challenged > 1000 && challenged < kCalls && caught == kMessages / 3);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
}

/* ---- out of turn ---- */

static void a_refused_element_is_told_by_decide(ringfence_session* session) {
    ringfence_call some[3] = {call_of("17000001234", 0), call_of("17000001234", 1),
                              call_of("13800003333", 2)};
    ringfence_sms texts[2] = {sms_of("hello", 0), sms_of("17000001234", 1)};
    ringfence_verdict verdicts[3] = {kGarbage, kGarbage, kGarbage};
    ringfence_verdict others[2] = {kGarbage, kGarbage};
    some[0].phase = 9;
    texts[0].reserved[0] = 1;
    EXPECT(ringfence_session_prepare(session, some, 3, texts, 2) == RINGFENCE_OK);
    memset(some, 0xA5, sizeof some); /* the structs are read; what they point at is borrowed */
    memset(texts, 0xA5, sizeof texts);
    EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
    EXPECT(ringfence_session_decide(session, verdicts, 3, others, 2) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(is_neutral(verdicts[0]) && is_neutral(others[0]));
    EXPECT(verdicts[1].action == RINGFENCE_REJECT && verdicts[2].action == RINGFENCE_ALLOW);
    EXPECT(others[1].action == RINGFENCE_TAG);
    texts[0] = sms_of("hello", 3);
    texts[0].reserved[0] = 1;
    EXPECT(ringfence_session_prepare(session, NULL, 0, texts, 1) == RINGFENCE_OK);
    EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
    EXPECT(ringfence_session_decide(session, NULL, 0, others, 1) == RINGFENCE_UNSUPPORTED);
    EXPECT(is_neutral(others[0]));
}

static void refuses_what_is_no_chunk(ringfence_session* session) {
    static ringfence_call many[RINGFENCE_SESSION_BATCH + 1];
    static ringfence_verdict verdicts[RINGFENCE_SESSION_BATCH + 1];
    for (int i = 0; i <= RINGFENCE_SESSION_BATCH; ++i) many[i] = call_of("17000001234", i);
    ringfence_sms sms = sms_of("hello", 0);
    ringfence_call odd[2] = {call_of("17000001234", 0), call_of("17000001234", 0)};
    odd[0].struct_size += 3;
    const ringfence_status no = RINGFENCE_INVALID_ARGUMENT;
    EXPECT(ringfence_session_prepare(NULL, many, 1, NULL, 0) == no);
    EXPECT(ringfence_session_prepare(session, NULL, 1, NULL, 0) == no);
    EXPECT(ringfence_session_prepare(session, NULL, 0, NULL, 1) == no);
    EXPECT(ringfence_session_prepare(session, many, RINGFENCE_SESSION_BATCH + 1, NULL, 0) == no);
    EXPECT(ringfence_session_prepare(session, many, 1, &sms, SIZE_MAX) == no);
    EXPECT(ringfence_session_prepare(session, odd, 2, NULL, 0) == no);
    odd[0].struct_size = 8;
    EXPECT(ringfence_session_prepare(session, odd, 1, &sms, 1) == no);
    EXPECT(ringfence_session_record(session) == no); /* none of these left a chunk */

    EXPECT(ringfence_session_prepare(session, many, RINGFENCE_SESSION_BATCH, NULL, 0) ==
           RINGFENCE_OK);
    EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
    EXPECT(ringfence_session_decide(session, verdicts, RINGFENCE_SESSION_BATCH, NULL, 0) ==
           RINGFENCE_OK);
    for (int i = 0; i < RINGFENCE_SESSION_BATCH; ++i)
        EXPECT(verdicts[i].action == RINGFENCE_REJECT);
    EXPECT(ringfence_session_prepare(session, NULL, 0, NULL, 0) == RINGFENCE_OK);
    EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
    EXPECT(ringfence_session_decide(session, NULL, 0, NULL, 0) == RINGFENCE_OK);
}

/* Whatever is tried between the stages, the chunk ends as if it had not been. */
static void refuses_stages_out_of_turn(ringfence_session* session) {
    const ringfence_status no = RINGFENCE_INVALID_ARGUMENT;
    ringfence_call call = call_of("17000001234", 0);
    ringfence_sms sms = sms_of("17000001234", 0);
    ringfence_verdict verdict, other, two[2];
    EXPECT(ringfence_session_record(session) == no);
    verdict = kGarbage;
    EXPECT(ringfence_session_decide(session, &verdict, 1, NULL, 0) == no && is_neutral(verdict));
    EXPECT(ringfence_session_decide(session, NULL, 0, NULL, 0) == no);
    for (int recorded = 0; recorded < 2; ++recorded) {
        ringfence_call ended = call_of("17000001234", 0);
        ended.phase = RINGFENCE_PHASE_END;
        if (recorded)
            EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
        else
            EXPECT(ringfence_session_prepare(session, &call, 1, &sms, 1) == RINGFENCE_OK);
        EXPECT(ringfence_session_prepare(session, &call, 1, NULL, 0) == no);
        verdict = kGarbage;
        EXPECT(ringfence_session_screen_call(session, &call, &verdict) == no);
        EXPECT(is_neutral(verdict));
        verdict = kGarbage;
        EXPECT(ringfence_session_screen_sms(session, &sms, &verdict) == no && is_neutral(verdict));
        two[0] = two[1] = kGarbage;
        EXPECT(ringfence_session_screen_calls(session, &call, 1, two) == no && is_neutral(two[0]));
        EXPECT(ringfence_session_screen_messages(session, &sms, 1, two) == no);
        verdict = kGarbage;
        EXPECT(ringfence_session_resume(session, &call, RINGFENCE_ROAMING_YES, &verdict) == no);
        EXPECT(is_neutral(verdict));
        EXPECT(ringfence_session_observe(session, &ended) == no);
    }
    EXPECT(ringfence_session_record(session) == no);
    two[0] = two[1] = verdict = other = kGarbage;
    EXPECT(ringfence_session_decide(session, two, 2, &other, 1) == no);
    EXPECT(is_neutral(two[0]) && is_neutral(two[1]) && is_neutral(other));
    EXPECT(ringfence_session_decide(session, &verdict, 1, NULL, 1) == no && is_neutral(verdict));
    EXPECT(ringfence_session_decide(session, NULL, 1, &other, 1) == no && is_neutral(other));
    EXPECT(ringfence_session_decide(session, &verdict, 1, NULL, 0) == no && is_neutral(verdict));
    EXPECT(ringfence_session_decide(NULL, &verdict, 1, &other, 1) == no);
    EXPECT(ringfence_session_decide(session, &verdict, 1, &other, 1) == RINGFENCE_OK);
    EXPECT(verdict.action == RINGFENCE_REJECT && other.action == RINGFENCE_TAG);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
}

/* A session that goes in the middle of a chunk takes its pin along: reloads go on. */
static void may_be_freed_in_the_middle(ringfence_screen* screen) {
    ringfence_call call = call_of("17000001234", 0);
    for (int i = 0; i < 4; ++i) {
        ringfence_session* session = open_session(screen);
        EXPECT(ringfence_session_prepare(session, &call, 1, NULL, 0) == RINGFENCE_OK);
        if (i % 2) EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
        ringfence_session_free(session);
        EXPECT(ringfence_screen_reload(screen, NULL) == RINGFENCE_OK);
    }
}

/* Between its stages a chunk keeps to the generation that it was prepared under. */
static void keeps_its_generation(ringfence_screen* screen, ringfence_session* session) {
    ringfence_call call = call_of("17000001234", 0);
    ringfence_verdict verdict;
    const uint32_t before = ringfence_screen_generation(screen);
    EXPECT(ringfence_session_prepare(session, &call, 1, NULL, 0) == RINGFENCE_OK);
    EXPECT(ringfence_screen_reload(screen, NULL) == RINGFENCE_OK);
    EXPECT(ringfence_session_record(session) == RINGFENCE_OK);
    EXPECT(ringfence_session_decide(session, &verdict, 1, NULL, 0) == RINGFENCE_OK);
    EXPECT(verdict.generation == before && verdict.action == RINGFENCE_REJECT);
    EXPECT(ringfence_session_screen_call(session, &call, &verdict) == RINGFENCE_OK);
    EXPECT(verdict.generation == before + 1);
}

int main(void) {
    enter_folder(
        "party = [\"calling\", \"text\"]\n[[activity]]\nid = \"burst\"\nwhen = { calls_1h = "
        "\">=50\" }\naction = \"challenge\"\n");
    gives_what_one_thread_would();
    ringfence_screen* screen = open_screen();
    ringfence_session* session = open_session(screen);
    a_refused_element_is_told_by_decide(session);
    refuses_what_is_no_chunk(session);
    refuses_stages_out_of_turn(session);
    may_be_freed_in_the_middle(screen);
    keeps_its_generation(screen, session);
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    return leave_folder();
}
