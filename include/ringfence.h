/*
 * ringfence.h - the C interface of Ringfence: screens calls and SMS, in line, with a verdict and its
 * reason.
 *
 * What it promises
 * - Every function that can fail returns a ringfence_status; RINGFENCE_OK is 0. Output parameters come
 *   last and are set to a safe value first: NULL, 0, or the neutral verdict (allow, stage none).
 * - Error text goes to a struct that the caller owns; it may be NULL. There is no last-error state.
 * - Strings carry their length and need no terminating zero. They, and the arrays and octets that a
 *   request points at, are borrowed until the call returns.
 * - Structs that may grow begin with `struct_size`: set it to sizeof of the struct you compiled with. A
 *   larger struct whose unknown tail is not all zero is refused with RINGFENCE_UNSUPPORTED, one smaller than
 *   its first release's with RINGFENCE_INVALID_ARGUMENT. The functions ringfence_*_init give a zeroed
 *   struct of the right size.
 * - Freeing NULL does nothing. No function prints, exits, starts a thread, reads a clock, or lets a C++
 *   exception out.
 *
 * Threads
 * - ringfence_screen: any thread, any function, at any time between open and close.
 * - ringfence_session: one thread per session. Sessions are closed before their screen.
 * - ringfence_shared: any thread. It may be freed while screens use its memory.
 *
 * Time is UTC in milliseconds since 1970-01-01. Status numbers, actions, stages and reasons have gaps;
 * they are never reused.
 */
/* clang-format off */
#ifndef RINGFENCE_H
#define RINGFENCE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RINGFENCE_EXPORT __attribute__((visibility("default")))
#else
#define RINGFENCE_EXPORT
#endif

#ifdef __cplusplus
#define RINGFENCE_ZERO {}
extern "C" {
#else
#define RINGFENCE_ZERO {0}
#endif

/* ---- status -------------------------------------------------------------------------------------- */

typedef int32_t ringfence_status;

#define RINGFENCE_OK 0
#define RINGFENCE_INVALID_ARGUMENT 1 /* NULL where none may be, a bad enumerator, a bad length, a stage out of turn */
#define RINGFENCE_UNREADABLE 10      /* a file that cannot be opened or read */
#define RINGFENCE_UNWRITABLE 11
#define RINGFENCE_SYNTAX 20
#define RINGFENCE_UNKNOWN_KEY 21
#define RINGFENCE_WRONG_TYPE 22
#define RINGFENCE_OUT_OF_RANGE 23
#define RINGFENCE_DANGLING 24
#define RINGFENCE_DUPLICATE 25
#define RINGFENCE_MISSING 26
#define RINGFENCE_TOO_LARGE 30
#define RINGFENCE_FULL 31
#define RINGFENCE_OUT_OF_MEMORY 32
#define RINGFENCE_REFUSED 40
#define RINGFENCE_BUSY 41
#define RINGFENCE_UNSUPPORTED 50
#define RINGFENCE_INTERNAL 60

/* One line of text, zero-terminated, cut at its end when longer: "policy.toml:12: ...". */
typedef struct ringfence_error {
    ringfence_status code;
    char text[508];
} ringfence_error;

/* ---- values -------------------------------------------------------------------------------------- */

typedef struct ringfence_string {
    const char *data; /* may be NULL when size is 0 */
    size_t size;
} ringfence_string;

/* Type of number. */
#define RINGFENCE_TON_UNKNOWN 0
#define RINGFENCE_TON_INTERNATIONAL 1
#define RINGFENCE_TON_NATIONAL 2
#define RINGFENCE_TON_NETWORK_SPECIFIC 3
#define RINGFENCE_TON_SUBSCRIBER 4
#define RINGFENCE_TON_ALPHANUMERIC 5
#define RINGFENCE_TON_ABBREVIATED 6

/* How the bytes of an address are coded. */
#define RINGFENCE_ADDRESS_TEXT 0 /* ASCII digits, "+...", "sip:...", "tel:...", or a sender's name */
#define RINGFENCE_ADDRESS_TBCD 1 /* TS 29.002 17.7.8, no type octet */
#define RINGFENCE_ADDRESS_Q763 2 /* a whole Q.763 3.9 / 3.10 parameter, header octets included */

typedef struct ringfence_address {
    const void *data; /* may be NULL when size is 0: absent */
    size_t size;      /* octets */
    uint8_t coding;
    uint8_t ton;
    uint8_t presentation; /* 0 allowed, 1 restricted, 2 unavailable */
    uint8_t screening;    /* Q.763 3.11: 0 not verified, 1 passed, 2 failed, 3 network */
    uint8_t reserved[4];  /* zero */
} ringfence_address;

#define RINGFENCE_TRUNK_KIND_SUBSCRIBER 1
#define RINGFENCE_TRUNK_KIND_NATIONAL 2
#define RINGFENCE_TRUNK_KIND_INTERNATIONAL 3
#define RINGFENCE_TRUNK_KIND_ROAMING 4

#define RINGFENCE_ROAMING_UNKNOWN 0
#define RINGFENCE_ROAMING_YES 1
#define RINGFENCE_ROAMING_NO 2

#define RINGFENCE_PHASE_SETUP 0
#define RINGFENCE_PHASE_ANSWER 1
#define RINGFENCE_PHASE_END 2

typedef struct ringfence_call {
    size_t struct_size;
    ringfence_address calling;
    ringfence_address called;
    ringfence_address redirecting;
    int64_t time_ms;
    ringfence_string call_id;
    ringfence_string serving_country; /* ISO 3166 alpha-2 */
    ringfence_string subscriber;      /* whose personal lists apply; default the called number */
    uint64_t imei;
    uint32_t cell;
    uint32_t tenant;
    uint32_t duration_s;
    uint16_t trunk; /* from ringfence_screen_trunk; 0 = none */
    uint8_t emergency; /* 0 or 1, flagged by the switch; anything else is refused and read as 1 */
    uint8_t phase;
    uint8_t roaming;
    uint8_t verstat;     /* 0 none, 1 passed, 2 failed, 3 no validation */
    uint8_t attestation; /* 0 none, 1 A, 2 B, 3 C */
    uint8_t calling_category;
    uint8_t reserved[4]; /* zero */
} ringfence_call;

#define RINGFENCE_SMS_TEXT 0          /* UTF-8 */
#define RINGFENCE_SMS_PDU 1           /* TP-UD, GSM 7-bit packed; coding_scheme is TP-DCS */
#define RINGFENCE_SMS_SHORT_MESSAGE 2 /* SMPP short_message; coding_scheme is data_coding */

typedef struct ringfence_sms {
    size_t struct_size;
    ringfence_address sender;
    ringfence_address recipient;
    const uint8_t *content;
    size_t content_size;
    int64_t time_ms;
    ringfence_string smsc;
    ringfence_string subscriber;
    uint32_t tenant;
    uint16_t trunk;
    uint16_t bind; /* from ringfence_screen_bind; 0 = none */
    uint16_t sar_ref;
    uint8_t sar_total;
    uint8_t sar_seq;
    uint8_t coding;
    uint8_t coding_scheme;
    uint8_t udhi;
    uint8_t reserved[5]; /* zero */
} ringfence_sms;

/* A zeroed call of this header's size. */
static inline ringfence_call ringfence_call_init(void) {
    ringfence_call fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}
/* A zeroed sms of this header's size. */
static inline ringfence_sms ringfence_sms_init(void) {
    ringfence_sms fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

#define RINGFENCE_ALLOW 0
#define RINGFENCE_TAG 1
#define RINGFENCE_CHALLENGE 2
#define RINGFENCE_THROTTLE 3
#define RINGFENCE_DIVERT 4
#define RINGFENCE_HOLD 5
#define RINGFENCE_REJECT 6
#define RINGFENCE_DROP 7

#define RINGFENCE_FLAG_DEGRADED 0x001      /* something could not be read; the policy chose */
#define RINGFENCE_FLAG_TRUNCATED 0x002     /* more findings or text than were kept */
#define RINGFENCE_FLAG_PARTIAL 0x004       /* a part of a message that is not complete */
#define RINGFENCE_FLAG_EMERGENCY 0x008     /* an emergency call, or one to who just made one */
#define RINGFENCE_FLAG_SHADOW 0x010        /* a shadow rule would have chosen shadow_action */
#define RINGFENCE_FLAG_STALE 0x020         /* a list is older than the policy allows */
#define RINGFENCE_FLAG_NEEDS_ROAMING 0x040 /* ask, then ringfence_session_resume */
#define RINGFENCE_FLAG_REPEATED 0x080      /* a call_id seen before */
#define RINGFENCE_FLAG_LATE 0x100          /* ringfence_screen_advance lags */
#define RINGFENCE_FLAG_BAD_INPUT 0x200     /* the request was unreadable in part */

/* 32 bytes. The layout may change until 1.0; `layout` says which one this is. */
typedef struct ringfence_verdict {
    uint64_t change;
    uint32_t generation;
    uint32_t rule;
    uint16_t reason;
    uint16_t flags;
    uint16_t category;
    uint16_t risk;         /* 0-1000 */
    uint16_t match_offset; /* UTF-16 units of the original text */
    uint16_t match_length;
    uint8_t action;
    uint8_t stage;
    uint8_t shadow_action;
    uint8_t layout;
} ringfence_verdict;

/* The version of the library that is loaded, "major.minor.patch"; RINGFENCE_VERSION of ringfence/version.h is that of
 * the headers. Threads: any. */
RINGFENCE_EXPORT const char *ringfence_version(void);

/* Names as files write them ("reject", "global", "global_list"); "unknown" for no such number. The
 * strings live as long as the library. Threads: any. */
RINGFENCE_EXPORT const char *ringfence_action_name(uint8_t action);
RINGFENCE_EXPORT const char *ringfence_stage_name(uint8_t stage);
RINGFENCE_EXPORT const char *ringfence_reason_name(uint16_t reason);

/* ---- lists shared between processes ------------------------------------------------------------------
 *
 * A switch forks workers: one process opens a screen that reads the lists and publishes them, and each worker opens one
 * that follows, all by the same memory (`publishes` and `follows` of the screen's options). The lists then lie in memory
 * once for all workers, and who made an emergency call through one of these screens is known to all. A process that is killed at any moment
 * stops no other. All must run in one container, with /proc. */

typedef struct ringfence_shared ringfence_shared;

typedef struct ringfence_shared_options {
    size_t struct_size;
    uint64_t arena_bytes; /* room for the tables of one publish; 0: 1 GB. Taken when used, twice; 13 bytes a number, 16 more for one that ends */
    uint32_t readers;     /* two for each screen that follows; 0: 256, at most 4096 */
    uint8_t reserved[4];  /* zero */
} ringfence_shared_options;

/* Zeroed options of this header's size. */
static inline ringfence_shared_options ringfence_shared_options_init(void) {
    ringfence_shared_options fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

/* Makes the memory: with `path` NULL for this process and those that it forks, else as a new file, best under /dev/shm, that
 * others open. `options` may be NULL. RINGFENCE_REFUSED: there is such a file; RINGFENCE_OUT_OF_RANGE: options beyond their bounds;
 * RINGFENCE_UNSUPPORTED: no /proc; RINGFENCE_UNWRITABLE; RINGFENCE_OUT_OF_MEMORY. On failure *shared is NULL. */
RINGFENCE_EXPORT ringfence_status ringfence_shared_create(const char *path,
                                                          const ringfence_shared_options *options,
                                                          ringfence_error *error,
                                                          ringfence_shared **shared);

/* Opens what another process created at `path`. RINGFENCE_REFUSED: a file of another user, one that others may write, or one made before
 * this start of the machine or in another container; RINGFENCE_UNREADABLE: no such file; RINGFENCE_SYNTAX: a file that is no shared tables, or damaged.
 * On failure *shared is NULL. */
RINGFENCE_EXPORT ringfence_status ringfence_shared_open(const char *path, ringfence_error *error,
                                                        ringfence_shared **shared);

/* Screens that use the memory keep it. */
RINGFENCE_EXPORT void ringfence_shared_free(ringfence_shared *shared);

/* What was published last, 0: nothing yet, or NULL. */
RINGFENCE_EXPORT uint64_t ringfence_shared_generation(const ringfence_shared *shared);

/* The memory that it takes now, 0 for NULL. */
RINGFENCE_EXPORT uint64_t ringfence_shared_memory_bytes(const ringfence_shared *shared);

/* ---- screen -------------------------------------------------------------------------------------- */

typedef struct ringfence_screen ringfence_screen;

typedef struct ringfence_screen_options {
    size_t struct_size;
    size_t activity_bytes;   /* 0: what the policy says */
    size_t reassembly_slots; /* 0: what the policy says */
    uint64_t seed;           /* of hashes and sketches; 0: one that nobody can foresee */
    int64_t now_ms;          /* what expired by then is not loaded; 0: it stays until the first advance */
    uint8_t force;           /* 1: publish what the size guards refuse */
    uint8_t read_only;       /* 1: the journal is read and left as it is, whoever holds it */
    uint8_t reserved[6];     /* zero */
    const ringfence_shared *follows;   /* takes its lists from there, and reads no files of lists; may be NULL */
    const ringfence_shared *publishes; /* to where ringfence_screen_publish publishes; may be NULL, and not both */
} ringfence_screen_options;

/* A zeroed screen options of this header's size. */
static inline ringfence_screen_options ringfence_screen_options_init(void) {
    ringfence_screen_options fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

/* Opens the policy and everything that it names. `options` may be NULL. On failure *screen is NULL and
 * the error names file and line. RINGFENCE_MISSING for one that follows: nothing was published yet. Open it in the worker, after the fork. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_open(const char *policy_path,
                                                        const ringfence_screen_options *options,
                                                        ringfence_error *error,
                                                        ringfence_screen **screen);

/* Every session of it must be closed. */
RINGFENCE_EXPORT void ringfence_screen_free(ringfence_screen *screen);

/* Reads everything again and publishes it. On failure the last good generation stays. RINGFENCE_BUSY:
 * readers still hold two older generations; try again. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_reload(ringfence_screen *screen,
                                                          ringfence_error *error);

/* Publishes the lists as they stand to the screens that follow. *generation (may be NULL) gets its number. The process is the memory's one
 * publisher from its first publish on, until the screen is freed or the process ends. RINGFENCE_BUSY: another process is that, or a worker, which
 * the error names, has not called advance since the publish before: try again. RINGFENCE_FULL: the tables are larger than an arena.
 * RINGFENCE_INVALID_ARGUMENT: the screen was opened without `publishes`, or before a fork, in this process's parent. RINGFENCE_UNSUPPORTED: personal lists are not shared. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_publish(ringfence_screen *screen,
                                                           ringfence_error *error,
                                                           uint64_t *generation);

/* Expiry, waiting parts, emergency notes, old generations, and what was published to one that follows; call it about once a second. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_advance(ringfence_screen *screen, int64_t now_ms,
                                                           ringfence_error *error);

/* A message that was given up because parts of it never came, or there was no room for it to wait. */
typedef struct ringfence_released {
    size_t struct_size;
    ringfence_string sender; /* as its parts said, cut at 24 octets; both live for the call */
    ringfence_string recipient;
    int64_t first_ms; /* when the first of its parts came */
    uint64_t seen[4]; /* bit n % 64 of word n / 64: part n came */
    uint16_t ref;
    uint16_t reason; /* part_timeout */
    uint8_t total;
    uint8_t parts;     /* how many came */
    uint8_t action;    /* what becomes of those: the policy's [failure] part_timeout */
    uint8_t timed_out; /* 0: for want of room, or because its reference was used again */
} ringfence_released;
typedef void (*ringfence_released_fn)(void *context, const ringfence_released *message);

/* ringfence_screen_advance, and tells of each message that was given up since the last call of either. For who
 * holds parts ([failure] part_missing = "hold") until their message is whole. `released` is called without a lock and
 * may call the screen. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_advance_released(
    ringfence_screen *screen, int64_t now_ms, ringfence_released_fn released, void *context,
    ringfence_error *error);

typedef struct ringfence_list_change {
    size_t struct_size;
    ringfence_string list;   /* id of a [[list]] */
    ringfence_string entry;  /* number, prefix ("+8617*"), range ("a..b"), sender, domain, account */
    ringfence_string source; /* who says so; may be empty */
    int64_t expires_ms;      /* 0: stays until removed, on an automatic list for its days */
    int64_t since_ms;        /* since when, kept to the day; 0: not said */
    uint8_t confidence;      /* percent */
    uint8_t has_confidence;  /* 1: `confidence` is said */
    uint8_t reserved[6];     /* zero */
    ringfence_string subscriber; /* whose entry: on a personal list of many subscribers, and on no other */
} ringfence_list_change;

/* A zeroed list change of this header's size. */
static inline ringfence_list_change ringfence_list_change_init(void) {
    ringfence_list_change fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

/* Puts an entry on a list, or takes it off, for every lookup that begins after this returned. *change
 * (may be NULL) gets the number that ringfence_verdict.change counts. RINGFENCE_MISSING: there was no
 * such list, or nothing to remove. An entry with `expires_ms` is removed by the first advance after it.
 * RINGFENCE_OUT_OF_RANGE: the entry to add has ended by the latest advance, or `since_ms` lies over a day after it. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_add(ringfence_screen *screen,
                                                       const ringfence_list_change *entry,
                                                       ringfence_error *error, uint64_t *change);
RINGFENCE_EXPORT ringfence_status ringfence_screen_remove(ringfence_screen *screen,
                                                          const ringfence_list_change *entry,
                                                          ringfence_error *error, uint64_t *change);

typedef void (*ringfence_warning_fn)(void *context, const char *text);
typedef void (*ringfence_progress_fn)(void *context, uint64_t rows);

typedef struct ringfence_reconcile_options {
    size_t struct_size;
    ringfence_progress_fn progress; /* told now and then how many rows are done; may be NULL */
    ringfence_warning_fn warning;   /* told each bad row at the end, as ringfence_screen_warnings does; may be NULL */
    void *context;                  /* of both */
    uint8_t force;                  /* 1: takes also a file that the size guards refuse */
    uint8_t dry_run;                /* 1: counts, and changes nothing */
    uint8_t reserved[6];            /* zero */
} ringfence_reconcile_options;

/* A zeroed reconcile options of this header's size. */
static inline ringfence_reconcile_options ringfence_reconcile_options_init(void) {
    ringfence_reconcile_options fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

typedef struct ringfence_reconcile_report {
    size_t struct_size;
    uint64_t rows;        /* good ones of the file */
    uint64_t bad_rows;    /* skipped */
    uint64_t passed_over; /* that no list can hold */
    uint64_t expired;     /* rows that were due already, and not taken */
    uint64_t added;       /* entries, like all below */
    uint64_t removed;
    uint64_t changed;
    uint64_t kept;
    uint64_t overlaid; /* where a live change stands against the file */
    uint64_t memory_bytes; /* that the rows took, at most */
} ringfence_reconcile_report;

/* A zeroed reconcile report of this header's size. */
static inline ringfence_reconcile_report ringfence_reconcile_report_init(void) {
    ringfence_reconcile_report fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

/* Brings a live list to what `file` says (NULL: the list's own file, which the feed has replaced) by adding,
 * removing and changing entries, while sessions go on. `options` and `report` may be NULL; a report is
 * written as far as its struct_size goes. RINGFENCE_REFUSED: a file that is empty, a fifth smaller or half as
 * large again (either one of over 1,000 rows); RINGFENCE_MISSING: no such list; RINGFENCE_BUSY: a reload came
 * in between. What was done till then stays, and doing it again does the rest. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_reconcile(ringfence_screen *screen,
                                                             ringfence_string list, const char *file,
                                                             const ringfence_reconcile_options *options,
                                                             ringfence_error *error,
                                                             ringfence_reconcile_report *report);

/* Whether a call or SMS is to an emergency number or flagged as one: *is_emergency gets 1 or 0. Sessions
 * find that out themselves; this is for callers that must decide something else of their own. Of one with a slip
 * in some field *is_emergency says what the rest shows, beside the status that refuses it. Takes a short lock. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_is_emergency_call(const ringfence_screen *screen,
                                                                     const ringfence_call *call,
                                                                     uint8_t *is_emergency);
RINGFENCE_EXPORT ringfence_status ringfence_screen_is_emergency_sms(const ringfence_screen *screen,
                                                                    const ringfence_sms *sms,
                                                                    uint8_t *is_emergency);

/* Whether the text is a whole number under the policy's plan, of a length that its range has or of a range that the
 * plan does not know: *is_number gets 1 or 0. A session takes a `subscriber` that is none for one without personal
 * lists, and flags the verdict as of bad input. Takes a short lock. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_is_number(const ringfence_screen *screen,
                                                             ringfence_string text,
                                                             uint8_t *is_number);

/* Notes an emergency call that did not pass through a session: for 90 minutes nothing to its caller is
 * blocked by this screen. These notes, and those that sessions take, are known to all screens that follow or publish
 * one memory (ringfence_shared): tell one of those. Other screens do not share them: tell each.
 * RINGFENCE_INVALID_ARGUMENT: the caller is nobody, such as "" or "anonymous". */
RINGFENCE_EXPORT ringfence_status ringfence_screen_note_emergency(ringfence_screen *screen,
                                                                  const ringfence_address *caller,
                                                                  int64_t time_ms);

/* Handles of a trunk or bind by its id, and of a bare trunk kind; 0 when there is none. They stay good
 * over reloads. */
RINGFENCE_EXPORT uint16_t ringfence_screen_trunk(const ringfence_screen *screen, ringfence_string id);
RINGFENCE_EXPORT uint16_t ringfence_screen_trunk_of_kind(const ringfence_screen *screen, uint8_t kind);
RINGFENCE_EXPORT uint16_t ringfence_screen_bind(const ringfence_screen *screen, ringfence_string id);

/* What to answer the peer, for SMPP to a submit_sm and to a deliver_sm; 0 when the verdict lets the event
 * pass. */
RINGFENCE_EXPORT uint32_t ringfence_screen_sip_code(const ringfence_screen *screen,
                                                    const ringfence_verdict *verdict);
RINGFENCE_EXPORT uint32_t ringfence_screen_q850_cause(const ringfence_screen *screen,
                                                      const ringfence_verdict *verdict);
RINGFENCE_EXPORT uint32_t ringfence_screen_smpp_status(const ringfence_screen *screen,
                                                       const ringfence_verdict *verdict);
RINGFENCE_EXPORT uint32_t ringfence_screen_smpp_deliver_status(const ringfence_screen *screen,
                                                       const ringfence_verdict *verdict);

/* Text into a buffer: writes at most `capacity` octets, zero-terminated when capacity > 0; *size gets
 * the whole length without the zero. RINGFENCE_TOO_LARGE when it did not fit: the UTF-8 characters that fit are there. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_rule_id(const ringfence_screen *screen,
                                                           const ringfence_verdict *verdict,
                                                           char *buffer, size_t capacity,
                                                           size_t *size);
RINGFENCE_EXPORT ringfence_status ringfence_screen_category(const ringfence_screen *screen,
                                                            const ringfence_verdict *verdict,
                                                            char *buffer, size_t capacity,
                                                            size_t *size);
RINGFENCE_EXPORT ringfence_status ringfence_screen_param(const ringfence_screen *screen,
                                                         const ringfence_verdict *verdict,
                                                         char *buffer, size_t capacity,
                                                         size_t *size);

/* Where a blocked caller may complain (the policy's `redress`), as the texts above. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_redress_address(const ringfence_screen *screen,
                                                                   char *buffer, size_t capacity,
                                                                   size_t *size);

/* The verdict on an event that could not be read at all: what the policy's [failure] says of `bad_row`. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_bad_row(const ringfence_screen *screen,
                                                           ringfence_verdict *verdict);

/* Calls `visit` once for each warning of the load that is live, `file:line: what`, in order; `text` is
 * valid during the call. Personal data: a bad row of a list may hold a number. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_warnings(const ringfence_screen *screen,
                                                            ringfence_warning_fn visit,
                                                            void *context);

/* Every finding in order, which won and why, as one JSON object. Counts nothing. Personal data.
 * RINGFENCE_FULL: it takes a session, and none is to be had. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_explain_call(const ringfence_screen *screen,
                                                                const ringfence_call *call,
                                                                ringfence_error *error, char *buffer,
                                                                size_t capacity, size_t *size);
RINGFENCE_EXPORT ringfence_status ringfence_screen_explain_sms(const ringfence_screen *screen,
                                                               const ringfence_sms *sms,
                                                               ringfence_error *error, char *buffer,
                                                               size_t capacity, size_t *size);

/* Calls `visit` once for each counter, in a fixed order; `name` is valid during the call. */
typedef void (*ringfence_counter_fn)(void *context, const char *name, uint64_t value);
RINGFENCE_EXPORT ringfence_status ringfence_screen_counters(const ringfence_screen *screen,
                                                            ringfence_counter_fn visit,
                                                            void *context);

RINGFENCE_EXPORT uint32_t ringfence_screen_generation(const ringfence_screen *screen);

/* ---- session ------------------------------------------------------------------------------------- */

typedef struct ringfence_session ringfence_session;

/* The most sessions of a screen at once. */
#define RINGFENCE_SCREEN_SESSIONS 256

/* A session for one thread. RINGFENCE_FULL: RINGFENCE_SCREEN_SESSIONS are open. */
RINGFENCE_EXPORT ringfence_status ringfence_session_create(ringfence_screen *screen,
                                                           ringfence_error *error,
                                                           ringfence_session **session);
RINGFENCE_EXPORT void ringfence_session_free(ringfence_session *session);

/* The verdict on one call or SMS. A refused argument gives the neutral verdict flagged BAD_INPUT and
 * DEGRADED beside the status: fail open. One that is refused for a slip in some field, and shows an emergency by who
 * is called or by its flag, is allowed and noted as any emergency is, as a setup, with EMERGENCY among the flags for a
 * call; what else it says is left out. Only a struct of a size that none ever had is not looked into.
 * Allocates nothing, and takes no lock but these short ones: for a part of a message, that of the parts it may belong to;
 * for a message under a policy with [campaigns], that of the screen's one store of campaigns; for what is refused, the one
 * of ringfence_screen_is_emergency_call. Stage by stage, recording takes the first two and preparing the last. */
RINGFENCE_EXPORT ringfence_status ringfence_session_screen_call(ringfence_session *session,
                                                                const ringfence_call *call,
                                                                ringfence_verdict *verdict);
RINGFENCE_EXPORT ringfence_status ringfence_session_screen_sms(ringfence_session *session,
                                                               const ringfence_sms *sms,
                                                               ringfence_verdict *verdict);

/* The same for `count` in order; all have the `struct_size` of the first, which is their distance. An
 * element that is refused gets the verdict that it would get alone, the others theirs; the status is then that
 * of the first refused. An element of another `struct_size` is not looked into. */
RINGFENCE_EXPORT ringfence_status ringfence_session_screen_calls(ringfence_session *session,
                                                                 const ringfence_call *calls,
                                                                 size_t count,
                                                                 ringfence_verdict *verdicts);
RINGFENCE_EXPORT ringfence_status ringfence_session_screen_messages(ringfence_session *session,
                                                                    const ringfence_sms *messages,
                                                                    size_t count,
                                                                    ringfence_verdict *verdicts);

/* Ends a call that came back with RINGFENCE_FLAG_NEEDS_ROAMING. Counts nothing again. */
RINGFENCE_EXPORT ringfence_status ringfence_session_resume(ringfence_session *session,
                                                           const ringfence_call *call,
                                                           uint8_t roaming,
                                                           ringfence_verdict *verdict);

/* Takes the answer or end of a call screened before. */
RINGFENCE_EXPORT ringfence_status ringfence_session_observe(ringfence_session *session,
                                                            const ringfence_call *call);

/* ---- session, stage by stage ---------------------------------------------------------------------
 *
 * For callers that bring their own threads: prepare and decide run side by side in several sessions, and
 * record is called for chunk after chunk in the order of their events, one at a time (a ticket will do);
 * then the verdicts are those that one thread would give. Recording out of order or at once breaks
 * nothing; it is another order of events.
 *
 * A chunk begins with prepare, then comes record, then decide. From prepare to decide the session
 * screens nothing else: its other functions, and these out of turn, return RINGFENCE_INVALID_ARGUMENT and
 * leave the chunk as it is. A session may be freed at any time. It pins its generation until decide: do
 * not leave a chunk lying. */

/* The most calls, and the most messages, of a chunk. */
#define RINGFENCE_SESSION_BATCH 256

/* Reads and looks up a chunk of calls and messages, each in the order of its events and laid out as for
 * ringfence_session_screen_calls. An array may be NULL when its count is 0. The structs are read before this
 * returns; what they point at must live until decide. Other than RINGFENCE_OK: the session, a count or an
 * array is refused, and there is no chunk. An element that is refused is told by decide. */
RINGFENCE_EXPORT ringfence_status ringfence_session_prepare(ringfence_session *session,
                                                            const ringfence_call *calls,
                                                            size_t call_count,
                                                            const ringfence_sms *messages,
                                                            size_t message_count);

/* Records the chunk: behaviour, emergency notes, parts of messages. Calls and messages are merged by their
 * time, a call before a message of the same moment. */
RINGFENCE_EXPORT ringfence_status ringfence_session_record(ringfence_session *session);

/* The verdicts on the chunk, which then is done. The counts are those of prepare. An element that was refused
 * has the flagged verdict that it has in a batch, the others theirs; the status is that of the first refused, calls first.
 * Out of turn, or with other counts or a NULL, all the verdicts are neutral and flagged. */
RINGFENCE_EXPORT ringfence_status ringfence_session_decide(ringfence_session *session,
                                                           ringfence_verdict *call_verdicts,
                                                           size_t call_count,
                                                           ringfence_verdict *message_verdicts,
                                                           size_t message_count);

/* ---- what a message says, and where --------------------------------------------------------------
 *
 * For reports and appeals, not for the way of a message: these decode anew, and allocate. They take a short lock. */

/* What was odd about the octets of a message. */
#define RINGFENCE_ODDITY_TRUNCATED 0x0001           /* ends inside a character, an escape or a unit */
#define RINGFENCE_ODDITY_LONE_SURROGATE 0x0002      /* half of a pair */
#define RINGFENCE_ODDITY_INVALID_OCTET 0x0004       /* one that the alphabet does not have */
#define RINGFENCE_ODDITY_TOO_LONG 0x0008            /* more text than is kept; the rest was dropped */
#define RINGFENCE_ODDITY_HEADER_BEYOND_DATA 0x0010
#define RINGFENCE_ODDITY_ELEMENT_BEYOND_HEADER 0x0020
#define RINGFENCE_ODDITY_UNKNOWN_ELEMENT 0x0040     /* an information element that is not read */
#define RINGFENCE_ODDITY_BAD_CONCATENATION 0x0080   /* part 0, of 0, or beyond the total: a whole message */
#define RINGFENCE_ODDITY_RESERVED_CODING 0x0100
#define RINGFENCE_ODDITY_UNSUPPORTED_CODING 0x0200
#define RINGFENCE_ODDITY_COMPRESSED 0x0400
#define RINGFENCE_ODDITY_UNKNOWN_ESCAPE 0x0800
#define RINGFENCE_ODDITY_NATIONAL_LANGUAGE 0x1000   /* a reserved one was asked for */
#define RINGFENCE_ODDITY_BYTE_ORDER 0x2000          /* a byte order mark led the text */
#define RINGFENCE_ODDITY_UNREADABLE_PART 0x4000     /* of a joined message */

#define RINGFENCE_DECODED_TEXT 0
#define RINGFENCE_DECODED_BINARY 1 /* 8-bit data or compressed: there is no text */
#define RINGFENCE_DECODED_ERROR 2  /* undecodable: there is no text, or nothing but U+FFFD */

/* What is there to be fetched (TS 23.038 clause 4). */
#define RINGFENCE_WAITING_NONE 0
#define RINGFENCE_WAITING_VOICEMAIL 1
#define RINGFENCE_WAITING_FAX 2
#define RINGFENCE_WAITING_EMAIL 3
#define RINGFENCE_WAITING_OTHER 4

#define RINGFENCE_NO_CLASS 255

typedef struct ringfence_decoded {
    size_t struct_size;
    uint32_t oddities; /* RINGFENCE_ODDITY_*, any of them */
    uint32_t units;    /* of the text, UTF-16 */
    uint16_t ref;      /* of the part, where total is not 0 */
    uint16_t destination_port;
    uint16_t source_port;
    uint8_t total; /* 0: no part of a longer message */
    uint8_t seq;
    uint8_t status;   /* RINGFENCE_DECODED_* */
    uint8_t alphabet; /* ringfence_alphabet_name */
    uint8_t message_class; /* 0 flash, 1 ME, 2 SIM, 3 TE, or RINGFENCE_NO_CLASS */
    uint8_t waiting;        /* RINGFENCE_WAITING_* */
    uint8_t waiting_active; /* 1: the handset is to show it; 0: no longer */
    uint8_t auto_delete;
    uint8_t has_ports;
    uint8_t locking_language; /* TS 23.038 6.2.1.2.4, 0 the default; whose tables the text was read by */
    uint8_t single_language;
    uint8_t reserved[5];
} ringfence_decoded;

/* Zeroed, of this header's size. */
static inline ringfence_decoded ringfence_decoded_init(void) {
    ringfence_decoded fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

/* Names as explain has them ("lone_surrogate", "gsm7"); "unknown" for no such number, or for more than one bit. Threads: any. */
RINGFENCE_EXPORT const char *ringfence_oddity_name(uint32_t oddity);
RINGFENCE_EXPORT const char *ringfence_alphabet_name(uint8_t alphabet);

/* What the content of an SMS says, by its coding and its bind: *decoded (may be NULL) is written as far as its
 * struct_size goes, and the text, UTF-8, as the texts of ringfence_screen_rule_id are; it may hold zeros. With
 * `decoded` given, buffer NULL and capacity 0 ask for no text: RINGFENCE_OK. RINGFENCE_TOO_LARGE: the text did not fit,
 * and is cut between two characters; *decoded is written. Of a part it is the part's, and half of a pair that it shares
 * with its neighbour is U+FFFD. Personal data. Threads: any. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_decode(const ringfence_screen *screen,
                                                          const ringfence_sms *sms,
                                                          ringfence_error *error,
                                                          ringfence_decoded *decoded, char *buffer,
                                                          size_t capacity, size_t *size);

/* A stretch of a text as it arrived, as far as it lies in one message. */
typedef struct ringfence_place {
    size_t struct_size;
    size_t part;       /* which of the messages given, from 0; their count when none holds any of it */
    uint32_t octet;    /* of `content`, header included: the first that holds any of it */
    uint32_t octets;   /* how many do */
    uint32_t septet;   /* of packed GSM 7-bit text: from its first septet on; otherwise both are 0 */
    uint32_t septets;
    uint32_t units;    /* UTF-16 units of the text that lie there: the rest begins so much further on */
    uint8_t reserved[4];
} ringfence_place;

/* Zeroed, of this header's size. */
static inline ringfence_place ringfence_place_init(void) {
    ringfence_place fresh = RINGFENCE_ZERO;
    fresh.struct_size = sizeof fresh;
    return fresh;
}

/* The most parts of a message. */
#define RINGFENCE_MESSAGE_PARTS 255

/* Where the units [begin, begin + length) of a message's text, such as a verdict's match_offset and match_length, lie in
 * what arrived. `parts` is the message; for the verdict that the last part of a longer one got they are all its parts in
 * their order (seq 1, 2, ...), which is not checked, laid out as for ringfence_session_screen_messages: the screen does
 * not keep them. *place gets the first part that holds any of it; with begin + units and length - units asked again, the
 * next. What reaches beyond the text is cut; a length of 0 finds nothing: `part` is the count, `units` 0. RINGFENCE_INVALID_ARGUMENT: no part, or more than RINGFENCE_MESSAGE_PARTS. Threads: any. */
RINGFENCE_EXPORT ringfence_status ringfence_screen_place(const ringfence_screen *screen,
                                                         const ringfence_sms *parts, size_t count,
                                                         size_t begin, size_t length,
                                                         ringfence_error *error,
                                                         ringfence_place *place);

#ifdef __cplusplus
}
#endif

#endif /* RINGFENCE_H */
