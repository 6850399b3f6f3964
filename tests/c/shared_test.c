/* Forked workers of C: they follow what one screen publishes, and know of each other's emergency calls. */
#include "expect.h"

#include <signal.h>
#include <sys/wait.h>

enum { WORKERS = 3 };

static const int64_t noon = 1772366400000;

static ringfence_verdict judge(ringfence_session* session, const char* calling,
                               const char* called) {
    ringfence_call call = ringfence_call_init();
    call.calling = address_of(calling);
    call.called = address_of(called);
    call.time_ms = noon;
    ringfence_verdict verdict;
    if (ringfence_session_screen_call(session, &call, &verdict) != RINGFENCE_OK) exit(7);
    return verdict;
}

static void wait_for(int fd) {
    char octet;
    if (read(fd, &octet, 1) != 1) exit(8);
}
static void tell(int fd) {
    if (write(fd, "1", 1) != 1) exit(9);
}

/* A worker: opens its screen after the fork, waits for its turn, and says whether all is as it should be. */
static int work(const ringfence_shared* shared, int number, int turn, int done) {
    ringfence_error error;
    ringfence_screen* screen;
    ringfence_session* session;
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    options.follows = shared;
    if (ringfence_screen_open("policy.toml", &options, &error, &screen)) return puts(error.text), 2;
    if (ringfence_session_create(screen, &error, &session)) return 3;
    if (judge(session, "17000001234", "13800009999").action != RINGFENCE_REJECT) return 4;
    tell(done);
    wait_for(turn);
    if (number == 0) {
        if (judge(session, "13800009999", "110").action != RINGFENCE_ALLOW) return 5;
        tell(done);
        for (;;) pause(); /* and is killed */
    }
    if (judge(session, "17000001234", "13800009999").action == RINGFENCE_REJECT) return 6;
    if (judge(session, "13800001111", "13800002222").action != RINGFENCE_ALLOW) return 10;
    if (ringfence_screen_advance(screen, noon, &error)) return puts(error.text), 11;
    if (judge(session, "13800001111", "13800002222").action != RINGFENCE_REJECT) return 12;
    ringfence_list_change change = ringfence_list_change_init();
    change.list = text_of("fraud");
    change.entry = text_of("13800003333");
    if (ringfence_screen_add(screen, &change, &error, NULL) != RINGFENCE_UNSUPPORTED) return 13;
    if (ringfence_screen_publish(screen, &error, NULL) != RINGFENCE_INVALID_ARGUMENT) return 14;
    ringfence_session_free(session);
    ringfence_screen_free(screen);
    return 0;
}

static void workers_follow(void) {
    ringfence_error error;
    ringfence_shared* shared;
    ringfence_screen* screen;
    ringfence_shared_options small = ringfence_shared_options_init();
    small.arena_bytes = 8 << 20;
    small.readers = 16;
    EXPECT(ringfence_shared_create(NULL, &small, &error, &shared) == RINGFENCE_OK);
    EXPECT(ringfence_shared_generation(shared) == 0 && ringfence_shared_memory_bytes(shared) > 0);
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    options.follows = shared;
    EXPECT(ringfence_screen_open("policy.toml", &options, &error, &screen) == RINGFENCE_MISSING);
    options.publishes = shared;
    EXPECT(ringfence_screen_open("policy.toml", &options, &error, &screen) ==
           RINGFENCE_INVALID_ARGUMENT);
    options.follows = NULL;
    EXPECT(ringfence_screen_open("policy.toml", &options, &error, &screen) == RINGFENCE_OK);
    fflush(stdout);
    const pid_t child = fork(); /* before anybody published */
    if (child == 0)
        _exit(ringfence_screen_publish(screen, &error, NULL) == RINGFENCE_INVALID_ARGUMENT ? 0 : 1);
    int ended = 1;
    EXPECT(waitpid(child, &ended, 0) == child);
    EXPECT(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    uint64_t generation = 9;
    EXPECT(ringfence_screen_publish(screen, &error, &generation) == RINGFENCE_OK);
    EXPECT(generation == 1 && ringfence_shared_generation(shared) == 1);

    int first[2], turn[2], done[2];
    pid_t workers[WORKERS];
    if (pipe(first) != 0 || pipe(turn) != 0 || pipe(done) != 0) exit(2);
    fflush(stdout);
    for (int i = 0; i < WORKERS; ++i) {
        workers[i] = fork();
        if (workers[i] == 0) {
            const int status = work(shared, i, i == 0 ? first[0] : turn[0], done[1]);
            fflush(stdout);
            _exit(status);
        }
        wait_for(done[0]);
    }
    tell(first[1]);
    wait_for(done[0]);
    kill(workers[0], SIGKILL);
    ringfence_list_change change = ringfence_list_change_init();
    change.list = text_of("fraud");
    change.entry = text_of("13800001111");
    EXPECT(ringfence_screen_add(screen, &change, &error, NULL) == RINGFENCE_OK);
    EXPECT(ringfence_screen_publish(screen, &error, &generation) == RINGFENCE_OK);
    EXPECT(generation == 2);
    for (int i = 1; i < WORKERS; ++i) tell(turn[1]);
    for (int i = 0; i < WORKERS; ++i) {
        int status = 0;
        EXPECT(waitpid(workers[i], &status, 0) == workers[i]);
        if (i == 0)
            EXPECT(WIFSIGNALED(status));
        else
            EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
            printf("worker %d: %d\n", i, WEXITSTATUS(status));
    }
    ringfence_session* session;
    EXPECT(ringfence_session_create(screen, &error, &session) == RINGFENCE_OK);
    EXPECT(judge(session, "17000001234", "13800009999").action < RINGFENCE_REJECT);
    ringfence_session_free(session);
    ringfence_shared_free(shared); /* the screen keeps the memory */
    EXPECT(ringfence_screen_publish(screen, &error, &generation) == RINGFENCE_OK);
    EXPECT(generation == 3);
    ringfence_screen_free(screen);
    for (int i = 0; i < 2; ++i) close(first[i]), close(turn[i]), close(done[i]);
}

static void files_are_opened_by_their_path(void) {
    ringfence_error error;
    ringfence_shared *one, *two, *three;
    ringfence_shared_options small = ringfence_shared_options_init();
    small.arena_bytes = 8 << 20;
    EXPECT(ringfence_shared_open("shared", &error, &one) == RINGFENCE_UNREADABLE && one == NULL);
    EXPECT(ringfence_shared_create("shared", &small, &error, &one) == RINGFENCE_OK);
    EXPECT(ringfence_shared_create("shared", &small, &error, &three) == RINGFENCE_REFUSED);
    EXPECT(three == NULL && strstr(error.text, "shared") != NULL);
    EXPECT(ringfence_shared_open("shared", &error, &two) == RINGFENCE_OK);
    ringfence_screen *screen, *follower;
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    options.publishes = one;
    EXPECT(ringfence_screen_open("policy.toml", &options, &error, &screen) == RINGFENCE_OK);
    EXPECT(ringfence_screen_publish(screen, &error, NULL) == RINGFENCE_OK);
    options.publishes = NULL;
    options.follows = two;
    EXPECT(ringfence_screen_open("policy.toml", &options, &error, &follower) == RINGFENCE_OK);
    EXPECT(ringfence_shared_generation(two) == 1);
    ringfence_screen_free(follower);
    ringfence_screen_free(screen);
    ringfence_shared_free(one);
    ringfence_shared_free(two);
    unlink("shared");
}

static void refuses_what_makes_no_sense(void) {
    ringfence_error error;
    ringfence_shared* shared;
    ringfence_shared_options options = ringfence_shared_options_init();
    EXPECT(ringfence_shared_create(NULL, NULL, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_shared_open(NULL, &error, &shared) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(shared == NULL && strstr(error.text, "path") != NULL);
    EXPECT(ringfence_shared_open("policy.toml", &error, &shared) != RINGFENCE_OK && !shared);
    options.readers = 4097;
    EXPECT(ringfence_shared_create(NULL, &options, &error, &shared) == RINGFENCE_OUT_OF_RANGE);
    options = ringfence_shared_options_init();
    options.arena_bytes = UINT64_MAX;
    EXPECT(ringfence_shared_create(NULL, &options, &error, &shared) == RINGFENCE_OUT_OF_RANGE);
    options = ringfence_shared_options_init();
    options.reserved[1] = 1;
    EXPECT(ringfence_shared_create(NULL, &options, &error, &shared) == RINGFENCE_UNSUPPORTED);
    options = ringfence_shared_options_init();
    options.struct_size = 8;
    EXPECT(ringfence_shared_create(NULL, &options, &error, &shared) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(shared == NULL && strstr(error.text, "struct_size") != NULL);
    EXPECT(ringfence_screen_publish(NULL, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
    EXPECT(ringfence_shared_generation(NULL) == 0 && ringfence_shared_memory_bytes(NULL) == 0);
    ringfence_shared_free(NULL);
}

/* A program that was compiled before screens could share lists. */
static void an_older_struct_is_read(void) {
    ringfence_error error;
    ringfence_screen* screen;
    ringfence_screen_options options = ringfence_screen_options_init();
    options.activity_bytes = 1 << 20;
    options.struct_size = offsetof(ringfence_screen_options, follows);
    options.follows = (const ringfence_shared*)&options;
    EXPECT(ringfence_screen_open("policy.toml", &options, &error, &screen) == RINGFENCE_OK);
    EXPECT(ringfence_screen_publish(screen, &error, NULL) == RINGFENCE_INVALID_ARGUMENT);
    ringfence_screen_free(screen);
}

int main(void) {
    enter_folder("party = [\"calling\"]\n");
    workers_follow();
    files_are_opened_by_their_path();
    refuses_what_makes_no_sense();
    an_older_struct_is_read();
    return leave_folder();
}
